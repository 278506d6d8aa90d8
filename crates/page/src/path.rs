//! Where a link or a redirect may lead: inside this site only.

/// The path if it stays on this site: it starts with one slash, holds printable ASCII only, no backslash
/// (browsers read `/\` as `//`, another host), and is at most 2000 bytes. An open redirect begins where
/// this is not asked.
pub fn local_path(path: &str) -> Option<&str> {
    let inside = path.starts_with('/') && !path.starts_with("//");
    let clean =
        path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'"' && b != b'<' && b != b'>');
    (inside && clean && path.len() <= 2000).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_pass() {
        for good in ["/", "/login?tjanst=employer&x=%C3%A5", "/a//b"] {
            assert_eq!(local_path(good), Some(good));
        }
        let long = format!("/{}", "a".repeat(2000));
        for bad in [
            "",
            "login",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/å",
            "/\r\nX: y",
            "/\t/evil",
            "/\"x",
            &long,
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }
}
