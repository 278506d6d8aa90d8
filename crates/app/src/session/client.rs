//! The kind of browser that a session was opened in, so that its owner knows it again in a list.
//!
//! Only the family and the system: no version, no address, nothing that tells where somebody was. People with
//! protected identity see the same list as everybody, and so would whoever got hold of their session.

use std::fmt;
use std::str::FromStr;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the store, and the end of the text key.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

words! {
    /// A family of browsers.
    Family {
        Firefox = "firefox",
        Edge = "edge",
        Opera = "opera",
        Samsung = "samsung",
        Chrome = "chrome",
        Safari = "safari",
        Other = "other",
    }
}

words! {
    /// What the browser runs on.
    System {
        Android = "android",
        Ios = "ios",
        Windows = "windows",
        Mac = "mac",
        ChromeOs = "chromeos",
        Linux = "linux",
        Other = "other",
    }
}

/// A browser, as coarsely as a person tells two of their own apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    pub family: Family,
    pub system: System,
}

impl Client {
    /// From what the browser says of itself (`User-Agent`, RFC 9110 §10.1.5). It may lie: this is shown to its own
    /// user and decides nothing.
    pub fn of(user_agent: Option<&str>) -> Self {
        let said = user_agent.unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        // Nearly all call themselves Chrome and Safari too: the more particular name first.
        let family = if has(&["Firefox/", "FxiOS/"]) {
            Family::Firefox
        } else if has(&["Edg/", "EdgA/", "EdgiOS/"]) {
            Family::Edge
        } else if has(&["OPR/", "OPT/"]) {
            Family::Opera
        } else if has(&["SamsungBrowser/"]) {
            Family::Samsung
        } else if has(&["Chrome/", "Chromium/", "CriOS/"]) {
            Family::Chrome
        } else if has(&["Safari/"]) {
            Family::Safari
        } else {
            Family::Other
        };
        let system = if has(&["Android"]) {
            System::Android
        } else if has(&["iPhone", "iPad", "iPod"]) {
            System::Ios
        } else if has(&["Windows"]) {
            System::Windows
        } else if has(&["CrOS"]) {
            System::ChromeOs
        } else if has(&["Mac OS X", "Macintosh"]) {
            System::Mac
        } else if has(&["Linux"]) {
            System::Linux
        } else {
            System::Other
        };
        Self { family, system }
    }
}

/// `firefox/linux`, as the store keeps it.
impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family.word(), self.system.word())
    }
}

/// The text is no client of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client is written as family/system")]
pub struct BadClient;

impl FromStr for Client {
    type Err = BadClient;

    fn from_str(text: &str) -> Result<Self, BadClient> {
        let (family, system) = text.split_once('/').ok_or(BadClient)?;
        let family = Family::ALL.iter().find(|known| known.word() == family).ok_or(BadClient)?;
        let system = System::ALL.iter().find(|known| known.word() == system).ok_or(BadClient)?;
        Ok(Self { family: *family, system: *system })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_family_and_system() {
        for (said, word) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "firefox/linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "edge/windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "safari/ios",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
                "chrome/ios",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                "samsung/android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "safari/mac",
            ),
            ("curl/8.0", "other/other"),
        ] {
            let client = Client::of(Some(said));
            assert_eq!(client.to_string(), word);
            assert_eq!(word.parse(), Ok(client));
        }
        assert_eq!(Client::of(None).to_string(), "other/other");
        for bad in ["", "firefox", "firefox/", "firefox/linux/x", "Firefox/linux", "<b>/linux"] {
            assert_eq!(bad.parse::<Client>(), Err(BadClient), "{bad:?}");
        }
    }
}
