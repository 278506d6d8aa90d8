//! The configuration file of a real run (`behorig.toml`): read, checked, explained.
//!
//! Unknown keys are refused with file and line. Secrets stand in files of their own, never here.

use anyhow::{Context as _, bail};
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

impl Config {
    /// Reads and checks a file. Relative paths are taken from the folder of the file.
    pub fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read {}: `behorig init --dir DIR` writes a commented one", path.display())
        })?;
        let mut config: Config = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        let base = path.parent().unwrap_or(Path::new("."));
        for file in [
            &mut config.master_key.file,
            &mut config.bankid.server_root,
            &mut config.bankid.signing_root,
            &mut config.bankid.client_certificate,
            &mut config.bankid.client_key,
            &mut config.catalogue.folder,
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
        config.check().with_context(|| format!("in {}", path.display()))?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        self.agency_number()?;
        self.store_url()?;
        if self.public.url.ends_with('/') || !self.public.url.starts_with("http") {
            bail!("public.url must begin with http:// or https:// and not end with a slash");
        }
        let loopback = self.public.listen.ip().is_loopback();
        let tls = match (&self.public.certificate, &self.public.key) {
            (Some(_), Some(_)) => true,
            (None, None) => false,
            _ => bail!("public.certificate and public.key are given together or not at all"),
        };
        if !loopback && !tls && self.public.trusted_proxies.is_empty() {
            bail!(
                "public.listen = {} is open to others without TLS: give public.certificate and public.key, \
                 or name the proxy in public.trusted_proxies",
                self.public.listen
            );
        }
        if !self.operations.listen.ip().is_loopback() {
            bail!("operations.listen must be a loopback address: it answers without login");
        }
        if self.environment == Mark::Production {
            self.check_production()?;
        }
        Ok(())
    }

    /// What production refuses.
    fn check_production(&self) -> anyhow::Result<()> {
        if self.bankid.start_link.is_some() {
            bail!("bankid.start_link is for demo and test: production uses BankID's own links only");
        }
        if !self.public.url.starts_with("https://") {
            bail!("public.url must be https:// in production");
        }
        if self.bankid.endpoint.contains("test.bankid") || self.bankid.endpoint.contains("//localhost") || self.bankid.endpoint.contains("//127.") {
            bail!("bankid.endpoint is not BankID's production address");
        }
        Ok(())
    }

    pub fn agency_number(&self) -> anyhow::Result<OrganisationNumber> {
        OrganisationNumber::parse(&self.agency.organisation_number)
            .map_err(|e| anyhow::anyhow!("agency.organisation_number: {e}"))
    }

    pub fn store_url(&self) -> anyhow::Result<StoreUrl> {
        self.store.url.parse().map_err(|e| anyhow::anyhow!("store.url: {e}"))
    }
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
    fn an_open_listener_without_tls_is_refused() {
        let error = written(&[("127.0.0.1:8400", "0.0.0.0:8400")]).unwrap_err().to_string();
        assert!(error.contains("without TLS"), "{error}");
    }

    #[test]
    fn production_refuses_the_sandbox() {
        let error = written(&[("environment = \"test\"", "environment = \"production\"")]).unwrap_err().to_string();
        assert!(error.contains("start_link"), "{error}");
    }
}
