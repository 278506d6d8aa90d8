//! Where a visitor was going, carried through the login. Paths of this site only, so that no login ends elsewhere.

use domain::PartyId;
use page::local_path;

/// The path, if one can go there after a login: ours, and no part of the login itself.
pub(crate) fn wanted(next: &str) -> Option<&str> {
    let path = local_path(next)?;
    let first = path.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default();
    let part_of_login =
        ["", "login", "logout", "order", "party", "home", "session", "language", "demo"].contains(&first);
    (!part_of_login).then_some(path)
}

/// The party that a path is for: `/for/{party}/…`.
pub(crate) fn party_of(path: &str) -> Option<PartyId> {
    path.strip_prefix("/for/")?.split(['/', '?', '#']).next()?.parse().ok()
}

/// A value of a query, percent-encoded (RFC 3986 §2.1).
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_ends_on_this_site_and_not_in_itself() {
        assert_eq!(wanted("/for/x/employer?a=b"), Some("/for/x/employer?a=b"));
        for bad in [
            "",
            "/",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/login",
            "/login?next=/login",
            "/order/1",
            "/logout",
            "/party?x",
        ] {
            assert_eq!(wanted(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_party_is_read_from_the_path() {
        let party = PartyId::from_bytes([7; 16]);
        assert_eq!(party_of(&format!("/for/{party}/employer?x")), Some(party));
        assert_eq!(party_of(&format!("/for/{party}")), Some(party));
        assert_eq!(party_of("/for/x/employer"), None);
        assert_eq!(encoded("/for/a?b=å&c"), "/for/a%3Fb%3D%C3%A5%26c");
    }
}
