//! `behorig check`: is this installation fit to run? `--online` asks the e-ID provider too.

use crate::config::Config;
use crate::wiring;
use clap::Args;
use login::bankid::check::{Finding, Severity};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig check --online --config /etc/behorig/behorig.toml\n\nExit code 1 when something has to be mended."
)]
pub struct Check {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
    /// Ask BankID over the network: roots, certificates, clock, answer.
    #[arg(long)]
    online: bool,
}

pub async fn run(check: Check) -> anyhow::Result<ExitCode> {
    let config = Config::read(&check.config)?;
    let mut faults = 0;
    let mut told = |what: &str, result: Result<String, String>| match result {
        Ok(said) => crate::out!("ok    {what}: {said}"),
        Err(fault) => {
            faults += 1;
            crate::out!("FAULT {what}: {fault}");
        }
    };
    told("configuration", Ok(check.config.display().to_string()));
    told("master key", wiring::master_key(&config).map(|_| "readable".into()).map_err(|e| format!("{e:#}")));
    told("store", store_fit(&config).await.map_err(|e| format!("{e:#}")));
    told(
        "catalogue",
        crate::command::catalogue::read_folder(&config.catalogue.folder)
            .map(|c| format!("{} services", c.services().count()))
            .map_err(|e| format!("{e:#}")),
    );
    told(
        "bankid files",
        wiring::bankid(&config)
            .map(|_| "certificate, key and roots fit".into())
            .map_err(|e| format!("{e:#}")),
    );
    if check.online {
        for finding in online(&config).await {
            told("bankid online", finding);
        }
    }
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn store_fit(config: &Config) -> anyhow::Result<String> {
    let store = store::Store::open(&config.store_url()?).await?;
    let head = store.read(store::seq::head).await?;
    let installation = store
        .read(store::installation::find)
        .await?
        .ok_or_else(|| anyhow::anyhow!("no installation in it: run `behorig init`"))?;
    Ok(format!("{:?}, change {}", installation.environment, head.seq))
}

async fn online(config: &Config) -> Vec<Result<String, String>> {
    match wiring::bankid(config) {
        Ok(bankid) => bankid.check().await.into_iter().map(told).collect(),
        Err(error) => vec![Err(format!("{error:#}"))],
    }
}

fn told(finding: Finding) -> Result<String, String> {
    match finding.severity() {
        Severity::Good => Ok(finding.to_string()),
        Severity::Warning => Ok(format!("take care: {finding}")),
        Severity::Failure => Err(finding.to_string()),
    }
}
