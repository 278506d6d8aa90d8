//! `behorig keys`: list and turn keys. A running `serve` takes a turned key up within seconds.

use crate::config::Config;
use crate::wiring;
use anyhow::bail;
use app::keys::Turn;
use app::{Refusal, Stop};
use clap::{Subcommand, ValueEnum};
use keyring::Purpose;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Every key with its state. No secret is shown.
    #[command(after_help = "Example:\n  behorig keys list")]
    List {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
    /// Turn a key: the old one is retired (it still opens and verifies), a new one becomes active. Recorded.
    #[command(after_help = "Example:\n  behorig keys rotate checkpoint")]
    Rotate {
        which: Which,
        /// Also where it hurts: a key that others know must not sign any more. E-services that keep our keys fail until
        /// they fetch them anew.
        #[arg(long)]
        at_once: bool,
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
    /// The public keys that checkpoints and receipts are verified with, old and new, one a line.
    #[command(after_help = "Example:\n  behorig keys public > log-keys.txt")]
    Public {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Which {
    /// Wraps the keys of people's data.
    Vault,
    /// Signs the log.
    Checkpoint,
    /// Guards forms.
    Forms,
    /// Signs what e-services are told.
    Tokens,
}

impl From<Which> for Purpose {
    fn from(which: Which) -> Self {
        match which {
            Which::Vault => Purpose::VaultWrap,
            Which::Checkpoint => Purpose::Checkpoint,
            Which::Forms => Purpose::Forms,
            Which::Tokens => Purpose::Tokens,
        }
    }
}

pub async fn run(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::List { config } => {
            let (store, _) = opened(&config).await?;
            for key in store.read(store::keys::all).await?.1 {
                crate::out!(
                    "{}  {:<12} {:<9} since {}",
                    key.id,
                    key.purpose.to_string(),
                    key.state.to_string(),
                    key.created_at
                );
            }
        }
        KeysCommand::Rotate { which, at_once, config } => {
            let (store, config) = opened(&config).await?;
            let master = Arc::new(wiring::master_key(&config)?);
            let new = app::keys::rotate(
                &store,
                master,
                which.into(),
                if at_once { Turn::AtOnce } else { Turn::Safely },
                (wiring::clock_of(&store).await?, Arc::new(app::SystemClock)),
                Arc::new(app::SystemEntropy::new()),
            )
            .await;
            let new = match new {
                Err(Stop::No(Refusal::Conflict("KEY_TOO_YOUNG"))) => bail!(
                    "the next key has not been published for ten minutes yet, and e-services may not know it: wait, or \
                     say --at-once if the present key is known to others"
                ),
                other => other.map_err(wiring::stopped)?,
            };
            crate::out!(
                "The new key is {new}. Running nodes take it up within a few seconds; the old one still opens and verifies."
            );
        }
        KeysCommand::Public { config } => {
            let (store, config) = opened(&config).await?;
            let master = wiring::master_key(&config)?;
            for line in app::log::keys_of(&store, &master).await.map_err(wiring::stopped)? {
                crate::out!("{line}");
            }
        }
    }
    Ok(())
}

async fn opened(path: &std::path::Path) -> anyhow::Result<(store::Store, Config)> {
    let config = Config::read(path)?;
    let store = store::Store::open(&config.store_url()?).await?;
    Ok((store, config))
}
