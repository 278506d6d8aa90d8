//! The link that starts the app on the same device. It is configuration: BankID's own by default, the
//! sandbox's phone in demo and test, where BankID's would open the visitor's real app. Production refuses
//! any other than BankID's ([`StartLink::is_official`]).

use crate::browser::Device;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartLink(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Official,
    Template(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "start link: give `bankid`, or an http(s) address with {{autostarttoken}} once, such as \
     http://localhost:8401/phone/open?autostarttoken={{autostarttoken}}&redirect=null"
)]
pub struct BadStartLink;

const PLACE: &str = "{autostarttoken}";

impl StartLink {
    /// BankID's own: the universal link on telephones, the `bankid:` scheme on computers.
    pub const fn official() -> Self {
        Self(Kind::Official)
    }

    /// `bankid`, or the address of a simulator with `{autostarttoken}` where the token goes.
    pub fn parse(text: &str) -> Result<Self, BadStartLink> {
        if text == "bankid" {
            return Ok(Self::official());
        }
        let once = text.matches(PLACE).count() == 1;
        let url = reqwest::Url::parse(&text.replace(PLACE, "x")).map_err(|_| BadStartLink)?;
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        // The place must not be in the host, nor may the rest break out of an attribute.
        let tail = url.query().is_some_and(|query| query.contains('x')) || url.path().contains('x');
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>'));
        let host = text.split('/').nth(2).is_some_and(|host| !host.contains(PLACE));
        if once && web && tail && plain && host {
            Ok(Self(Kind::Template(text.to_owned())))
        } else {
            Err(BadStartLink)
        }
    }

    /// Whether this is BankID's own.
    pub fn is_official(&self) -> bool {
        self.0 == Kind::Official
    }

    /// The address to start the app with. Where to come back to is known from the order (`returnUrl`), so
    /// the link itself says `redirect=null`.
    pub(crate) fn href(&self, token: &str, device: Device) -> String {
        match &self.0 {
            Kind::Template(template) => template.replace(PLACE, token),
            Kind::Official if device == Device::ThisMobile => {
                format!("https://app.bankid.com/?autostarttoken={token}&redirect=null")
            }
            Kind::Official => format!("bankid:///?autostarttoken={token}&redirect=null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_link_depends_on_the_device() {
        let link = StartLink::parse("bankid").unwrap();
        assert!(link.is_official());
        assert_eq!(
            link.href("t-1", Device::ThisMobile),
            "https://app.bankid.com/?autostarttoken=t-1&redirect=null"
        );
        assert_eq!(link.href("t-1", Device::ThisComputer), "bankid:///?autostarttoken=t-1&redirect=null");
    }

    #[test]
    fn a_simulator_is_never_official() {
        let text = "http://localhost:8401/phone/open?autostarttoken={autostarttoken}&redirect=null";
        let link = StartLink::parse(text).unwrap();
        assert!(!link.is_official());
        assert_eq!(
            link.href("t-1", Device::ThisMobile),
            "http://localhost:8401/phone/open?autostarttoken=t-1&redirect=null"
        );
        // Not even when it looks so.
        let look = StartLink::parse("https://app.bankid.com/?autostarttoken={autostarttoken}&redirect=null");
        assert!(!look.unwrap().is_official());
    }

    #[test]
    fn other_templates_are_refused() {
        for bad in [
            "",
            "http://localhost:8401/phone/open",
            "javascript:alert('{autostarttoken}')",
            "http://{autostarttoken}/x",
            "http://h/?a={autostarttoken}&b={autostarttoken}",
            "http://h/?a={autostarttoken}\"><script>",
            "{autostarttoken}",
        ] {
            assert_eq!(StartLink::parse(bad), Err(BadStartLink), "{bad}");
        }
    }
}
