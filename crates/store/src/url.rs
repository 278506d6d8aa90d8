//! Where the store lies: a file (SQLite) or a server (PostgreSQL).

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr};
use tokio_postgres::config::Host;

/// The address of a store.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// `sqlite:PATH`: one file beside which SQLite keeps its log.
    Sqlite(PathBuf),
    /// `postgres://user@host:port/database` or `postgres:///database?user=…&host=/socket/folder`.
    Postgres(String),
}

/// The text is not the address of a store that we can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadStoreUrl {
    #[error("a store is `sqlite:PATH` or `postgres://user@host:port/database`")]
    Form,
    #[error("`sqlite:` needs the path of a file")]
    NoPath,
    #[error("the PostgreSQL address cannot be read: write `postgres://user@host:port/database`")]
    Postgres,
    #[error(
        "PostgreSQL at `{0}` is not on this machine: use a loopback address or a socket folder, \
         since connections to PostgreSQL are not encrypted yet"
    )]
    NotLocal(String),
}

impl FromStr for StoreUrl {
    type Err = BadStoreUrl;

    fn from_str(text: &str) -> Result<Self, BadStoreUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            if path.is_empty() || path.starts_with(':') {
                return Err(BadStoreUrl::NoPath);
            }
            return Ok(StoreUrl::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            postgres_config(text)?;
            return Ok(StoreUrl::Postgres(text.to_owned()));
        }
        Err(BadStoreUrl::Form)
    }
}

/// Reads a PostgreSQL address; refuses every host that is not this machine.
pub(crate) fn postgres_config(text: &str) -> Result<tokio_postgres::Config, BadStoreUrl> {
    let config: tokio_postgres::Config = text.parse().map_err(|_| BadStoreUrl::Postgres)?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(BadStoreUrl::Postgres);
    }
    for address in config.get_hostaddrs() {
        if !address.is_loopback() {
            return Err(BadStoreUrl::NotLocal(address.to_string()));
        }
    }
    for host in config.get_hosts() {
        if let Host::Tcp(name) = host {
            let local = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|a| a.is_loopback());
            if !local {
                return Err(BadStoreUrl::NotLocal(name.clone()));
            }
        }
    }
    Ok(config)
}

/// A PostgreSQL address may hold a password: only the engine is shown.
impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            StoreUrl::Postgres(_) => f.write_str("postgres:…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(StoreUrl::Sqlite("a/b.db".into())));
        for url in [
            "postgres://user@localhost:5432/db",
            "postgresql://user@127.0.0.1/db",
            "postgres://user@[::1]:5432/db",
            "postgres:///db?user=behorig&host=/run/postgresql",
        ] {
            assert_eq!(url.parse(), Ok(StoreUrl::Postgres(url.to_owned())));
        }
    }

    #[test]
    fn refuses_what_it_cannot_use() {
        for (text, error) in [
            ("", BadStoreUrl::Form),
            ("mysql://x", BadStoreUrl::Form),
            ("sqlite:", BadStoreUrl::NoPath),
            ("sqlite::memory:", BadStoreUrl::NoPath),
            ("postgres://", BadStoreUrl::Postgres),
            ("postgres://u@h:port/db", BadStoreUrl::Postgres),
            ("postgres://u@db.example.se/db", BadStoreUrl::NotLocal("db.example.se".into())),
            ("postgres://u@localhost,10.0.0.1/db", BadStoreUrl::NotLocal("10.0.0.1".into())),
        ] {
            assert_eq!(text.parse::<StoreUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_password() {
        let url: StoreUrl = "postgres://u:secret@localhost/db".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}
