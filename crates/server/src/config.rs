//! The configuration file of a real run (`behorig.toml`): read, checked, explained.
//!
//! Unknown keys are refused with file and line. Secrets stand in files of their own, never here.

use anyhow::Context as _;
use ident::OrganisationNumber;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::StoreUrl;
use store::installation::Environment;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `demo`, `test` or `production`. The store is marked with it at birth and refuses another.
    pub environment: Mark,
    pub agency: Agency,
    pub public: Public,
    pub operations: Operations,
    pub store: StorePlace,
    pub master_key: FilePlace,
    pub bankid: BankIdPlaces,
    pub mail: MailPlace,
    #[serde(default)]
    pub catalogue: CataloguePlace,
    #[serde(default)]
    pub erasures: ErasurePlace,
}

/// The mark of the environment, as the file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    Demo,
    Test,
    Production,
}

impl From<Mark> for Environment {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Demo => Environment::Demo,
            Mark::Test => Environment::Test,
            Mark::Production => Environment::Production,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    pub name_sv: String,
    pub name_en: String,
    pub organisation_number: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// The address that people see, without a trailing slash.
    pub url: String,
    pub listen: SocketAddr,
    /// Certificate chain and key in PEM; needed when `listen` is not loopback and no proxy is trusted.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    pub listen: SocketAddr,
    /// Where letters to those who run the system go; without it none are sent.
    pub mail: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorePlace {
    pub url: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePlace {
    pub file: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankIdPlaces {
    /// Base of the relying-party API, such as `https://appapi2.bankid.com/rp/v6.0/`.
    pub endpoint: String,
    /// PEM: the root that the API's server certificate chains to.
    pub server_root: PathBuf,
    /// PEM: the root of people's signing certificates.
    pub signing_root: PathBuf,
    pub client_certificate: PathBuf,
    pub client_key: PathBuf,
    /// Where the same-device button leads; without it BankID's own links.
    pub start_link: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailPlace {
    /// `smtp://host:port` (plain, loopback only), `smtp+starttls://host:port` or `smtps://host:port`.
    pub server: String,
    pub from: String,
    /// A file with one line `user:password`; without it no login at the mail server.
    pub credentials: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CataloguePlace {
    pub folder: PathBuf,
}

impl Default for CataloguePlace {
    fn default() -> Self {
        Self { folder: PathBuf::from("catalogue") }
    }
}

/// The list of who has been erased: outside the store and its backups, the same for all nodes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasurePlace {
    pub file: PathBuf,
}

impl Default for ErasurePlace {
    fn default() -> Self {
        Self { file: PathBuf::from("erasures.list") }
    }
}

impl Config {
    /// Reads and checks a file. Relative paths are taken from the folder of the file.
    pub fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read {}: `behorig init --dir DIR` writes a commented one", path.display())
        })?;
        let mut config: Config = toml::from_str(&text).map_err(|error| unreadable(path, &text, &error))?;
        let base = path.parent().unwrap_or(Path::new("."));
        for file in [
            &mut config.master_key.file,
            &mut config.bankid.server_root,
            &mut config.bankid.signing_root,
            &mut config.bankid.client_certificate,
            &mut config.bankid.client_key,
            &mut config.catalogue.folder,
            &mut config.erasures.file,
        ] {
            *file = base.join(&*file);
        }
        let optional = [&mut config.public.certificate, &mut config.public.key, &mut config.mail.credentials];
        for file in optional.into_iter().flatten() {
            *file = base.join(&*file);
        }
        if let Some(relative) = config.store.url.strip_prefix("sqlite:")
            && Path::new(relative).is_relative()
        {
            config.store.url = format!("sqlite:{}", base.join(relative).display());
        }
        config.check().map_err(|mistake| {
            anyhow::anyhow!("{}:{}: {mistake}", path.display(), line_of(&text, mistake.key))
        })?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Mistake> {
        self.agency_number().map_err(|error| Mistake::of("agency.organisation_number", error))?;
        self.store_url().map_err(|error| Mistake::of("store.url", error))?;
        if self.public.url.ends_with('/') || !self.public.url.starts_with("http") {
            return Err(Mistake::of(
                "public.url",
                "must begin with http:// or https:// and not end with a slash",
            ));
        }
        let loopback = self.public.listen.ip().is_loopback();
        let tls = match (&self.public.certificate, &self.public.key) {
            (Some(_), Some(_)) => true,
            (None, None) => false,
            (Some(_), None) => {
                return Err(Mistake::of(
                    "public.certificate",
                    "is given without public.key: give both or neither",
                ));
            }
            (None, Some(_)) => {
                return Err(Mistake::of(
                    "public.key",
                    "is given without public.certificate: give both or neither",
                ));
            }
        };
        if !loopback && !tls && self.public.trusted_proxies.is_empty() {
            let open = format!(
                "{} is open to others without TLS: give public.certificate and public.key, or name the proxy in \
                 public.trusted_proxies",
                self.public.listen
            );
            return Err(Mistake::of("public.listen", open));
        }
        if !self.operations.listen.ip().is_loopback() {
            return Err(Mistake::of(
                "operations.listen",
                "must be a loopback address: it answers without login",
            ));
        }
        if self.operations.mail.as_deref().is_some_and(|mail| !is_mail_address(mail)) {
            return Err(Mistake::of(
                "operations.mail",
                "must be one mail address, such as drift@myndigheten.example",
            ));
        }
        if !is_mail_server(&self.mail.server) {
            let forms = "must be smtp://host:port (plain, loopback only), smtp+starttls://host:port or smtps://host:port";
            return Err(Mistake::of("mail.server", forms));
        }
        if self.environment == Mark::Production {
            self.check_production()?;
        }
        Ok(())
    }

    /// What production refuses.
    fn check_production(&self) -> Result<(), Mistake> {
        if self.bankid.start_link.is_some() {
            let own = "is for demo and test: take the line away, production uses BankID's own links only";
            return Err(Mistake::of("bankid.start_link", own));
        }
        if !self.public.url.starts_with("https://") {
            return Err(Mistake::of("public.url", "must be https:// in production"));
        }
        if self.bankid.endpoint.contains("test.bankid")
            || self.bankid.endpoint.contains("//localhost")
            || self.bankid.endpoint.contains("//127.")
        {
            let real = "is not BankID's production address: https://appapi2.bankid.com/rp/v6.0/";
            return Err(Mistake::of("bankid.endpoint", real));
        }
        Ok(())
    }

    pub fn agency_number(&self) -> anyhow::Result<OrganisationNumber> {
        OrganisationNumber::parse(&self.agency.organisation_number)
            .map_err(|error| anyhow::anyhow!("{error}"))
    }

    pub fn store_url(&self) -> anyhow::Result<StoreUrl> {
        self.store.url.parse().map_err(|error| anyhow::anyhow!("{error}"))
    }
}

/// A value that cannot be used, by its key; says how to mend it.
#[derive(Debug)]
struct Mistake {
    key: &'static str,
    what: String,
}

impl Mistake {
    fn of(key: &'static str, what: impl std::fmt::Display) -> Self {
        Self { key, what: what.to_string() }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.key, self.what)
    }
}

impl std::error::Error for Mistake {}

/// What the TOML reader says, with file, line and column in the form that editors jump to.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    anyhow::anyhow!(
        "{}:{line}:{column}: {}; `behorig init --dir DIR` writes a commented example",
        path.display(),
        error.message()
    )
}

/// The line of a key such as `public.url`, counted from 1; of its section, if the key itself is not written.
fn line_of(text: &str, key: &str) -> usize {
    let (section, name) = key.split_once('.').unwrap_or(("", key));
    let (mut here, mut at_section) = ("", 1);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            here = title.trim();
            if here == section {
                at_section = number;
            }
        } else if here == section && line.split('=').next().is_some_and(|written| written.trim() == name) {
            return number;
        }
    }
    at_section
}

/// One address, without a name around it: it is put into a header.
fn is_mail_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"\\()".contains(&b))
}

fn is_mail_server(text: &str) -> bool {
    let place =
        ["smtp://", "smtp+starttls://", "smtps://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let parts = place.and_then(|place| place.trim_end_matches('/').rsplit_once(':'));
    parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(replace: &[(&str, &str)]) -> anyhow::Result<Config> {
        let mut text = super::super::command::init::template("test", "Exempelmyndigheten", "202100-5521");
        for (from, to) in replace {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        let config: Config = toml::from_str(&text)?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn what_init_writes_is_accepted() {
        written(&[]).unwrap();
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = written(&[("[operations]", "[operations]\nport = 1")]).unwrap_err().to_string();
        assert!(error.contains("unknown field `port`") && error.contains("line"), "{error}");
    }

    #[test]
    fn a_key_is_found_in_its_own_section() {
        let text = "url = 1\n[public]\n# url = 2\nurl = 3\n[store]\n url= 4\n[mail]\n";
        assert_eq!(line_of(text, "public.url"), 4);
        assert_eq!(line_of(text, "store.url"), 6);
        assert_eq!(line_of(text, "mail.server"), 7);
        assert_eq!(line_of(text, "url"), 1);
    }

    #[test]
    fn an_open_listener_without_tls_is_refused() {
        let error = written(&[("127.0.0.1:8400", "0.0.0.0:8400")]).unwrap_err().to_string();
        assert!(error.contains("without TLS"), "{error}");
    }

    #[test]
    fn operations_stay_on_this_machine() {
        let error = written(&[("127.0.0.1:8402", "0.0.0.0:8402")]).unwrap_err().to_string();
        assert!(error.contains("operations.listen must be a loopback address"), "{error}");
    }

    #[test]
    fn operators_have_one_address_or_none() {
        let with = |mail: &str| {
            let line = format!("mail = \"{mail}\"");
            written(&[("# mail = \"operations@agency.example\"", &line)])
        };
        assert_eq!(
            with("drift@agency.example").unwrap().operations.mail.as_deref(),
            Some("drift@agency.example")
        );
        for bad in [
            "drift",
            "@agency.example",
            "a@b",
            "a@b.example, c@d.example",
            "A <a@b.example>",
            "a@b@c.example",
        ] {
            let error = with(bad).unwrap_err().to_string();
            assert!(error.contains("operations.mail must be one mail address"), "{bad}: {error}");
        }
    }

    #[test]
    fn what_init_writes_for_production_leads_to_no_simulator() {
        let text = super::super::command::init::template("production", "Exempelmyndigheten", "202100-5521");
        let text = text.replace("http://localhost:8400", "https://e.example.se");
        assert!(!text.contains("sandbox") && !text.contains("localhost:"), "{text}");
        let config: Config = toml::from_str(&text).unwrap();
        config.check().unwrap();
    }

    #[test]
    fn production_refuses_the_sandbox() {
        let error =
            written(&[("environment = \"test\"", "environment = \"production\"")]).unwrap_err().to_string();
        assert!(error.contains("start_link"), "{error}");
    }
}
