//! `behorig migrate`: brings the tables of a store up to this version. Old and new release run side by side.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  behorig migrate --config /etc/behorig/behorig.toml")]
pub struct Migrate {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
}

pub async fn run(migrate: Migrate) -> anyhow::Result<()> {
    let config = crate::config::Config::read(&migrate.config)?;
    let store = store::Store::open(&config.store_url()?).await?;
    let applied = store.migrate(&crate::wiring::migrations()).await?;
    if applied.is_empty() {
        crate::out!("The tables are up to date.");
    }
    for name in applied {
        crate::out!("applied {name}");
    }
    Ok(())
}
