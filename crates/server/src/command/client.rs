//! `behorig client`: connects e-services by OpenID Connect, lists them, switches them off. Running nodes heed it at once.

mod add;
mod told;

use crate::config::Config;
use crate::wiring;
use anyhow::bail;
use app::oidc::{Operator, find_client, list_clients, switch_off_client};
use app::{Refusal, Stop, SystemClock, SystemEntropy};
use clap::Subcommand;
use oidc::ClientId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register an e-service: where visitors are sent back to, how it shows that it is itself, which service it is.
    #[command(
        after_help = "Examples:\n  behorig client add --id shop --service example --name-sv Butiken --name-en \"The shop\" \\\n    --redirect https://shop.example.se/back --jwks shop-public-keys.json\n  behorig client add --id shop-app --service example --name-sv Butiksappen --name-en \"The shop's app\" \\\n    --redirect http://127.0.0.1:8420/back --public\n\nA service that the catalogue does not hold yet is brought in force by --catalogue FILE."
    )]
    Add(Box<add::Add>),
    /// Every registered e-service.
    #[command(after_help = "Example:\n  behorig client list --json")]
    List {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
        /// For programs: an array with everything that is registered.
        #[arg(long)]
        json: bool,
    },
    /// What is registered of one e-service.
    #[command(after_help = "Example:\n  behorig client show shop")]
    Show {
        id: String,
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Switch an e-service off: it can ask for nothing more, and its tokens tell nothing. Recorded.
    #[command(
        after_help = "Example:\n  behorig client disable shop\n\nIts id cannot be used again: register the e-service anew under another one."
    )]
    Disable {
        id: String,
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
}

pub async fn run(command: ClientCommand) -> anyhow::Result<()> {
    match command {
        ClientCommand::Add(add) => add::run(*add).await,
        ClientCommand::List { config, json: true } => {
            let clients = list_clients(&opened(&config).await?.0).await.map_err(stopped)?;
            told::json(&clients.iter().map(told::value).collect())
        }
        ClientCommand::List { config, json: false } => {
            let clients = list_clients(&opened(&config).await?.0).await.map_err(stopped)?;
            if clients.is_empty() {
                crate::out!("No e-service is registered. Register one with `behorig client add`.");
            }
            for view in &clients {
                crate::out!("{}", told::line(view));
            }
            Ok(())
        }
        ClientCommand::Show { id, config, json } => {
            let (store, _) = opened(&config).await?;
            let Some(view) = find_client(&store, &known(&id)?).await.map_err(stopped)? else {
                return Err(stopped(Refusal::NotFound.into()));
            };
            if json {
                return told::json(&told::value(&view));
            }
            crate::out!("{}", told::page(&view));
            Ok(())
        }
        ClientCommand::Disable { id, config } => {
            let (store, _) = opened(&config).await?;
            switch_off_client(&store, &known(&id)?, operator(&store).await?).await.map_err(stopped)?;
            crate::out!("{id} is switched off: it can ask for nothing, and its tokens tell nothing.");
            Ok(())
        }
    }
}

fn known(id: &str) -> anyhow::Result<ClientId> {
    ClientId::parse(id).map_err(|bad| anyhow::anyhow!("{id}: {bad}; `behorig client list` shows them all"))
}

async fn operator(store: &Store) -> anyhow::Result<Operator> {
    Ok(Operator {
        clock: crate::wiring::clock_of(store).await?,
        wall: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::new()),
    })
}

async fn opened(path: &Path) -> anyhow::Result<(Store, Config)> {
    let config = Config::read(path)?;
    let store = Store::open(&config.store_url()?).await?;
    if store.read(store::installation::find).await?.is_none() {
        bail!("the store holds no installation: run `behorig init` first");
    }
    Ok((store, config))
}

/// What stopped a command, with what to do next.
fn stopped(stop: Stop) -> anyhow::Error {
    let says = match &stop {
        Stop::No(Refusal::NotFound) => {
            "there is no such e-service; `behorig client list` shows them all".to_owned()
        }
        Stop::No(Refusal::Conflict("CLIENT_EXISTS")) => {
            "an e-service of this id is registered, or was once; choose another --id, or see it with `behorig client show`"
                .to_owned()
        }
        Stop::No(Refusal::Conflict("CLIENT_DISABLED")) => "it is switched off already".to_owned(),
        Stop::No(Refusal::Conflict("CHANGED_MEANWHILE")) => {
            "somebody changed it at the same moment; run the command again".to_owned()
        }
        _ => return wiring::stopped(stop),
    };
    anyhow::anyhow!(says)
}
