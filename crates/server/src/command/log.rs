//! `behorig log`: verify the activity log, save a checkpoint, prove one record.

use crate::config::Config;
use crate::wiring;
use activity::receipt::{Proven, Receipt};
use anyhow::{Context as _, bail};
use app::log::Judged;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Read everything again and say what does not fit; or check a receipt without the store.
    #[command(
        after_help = "Examples:\n  behorig log verify\n  behorig log verify --checkpoint saved-in-january.txt\n  behorig log verify --receipt receipt.tlog-proof --key log-keys.txt\n  behorig log verify --receipt receipt.tlog-proof\n\nExit code 1 when something does not fit."
    )]
    Verify(Verify),
    /// Write the receipt of one record, by its reference code.
    #[command(after_help = "Example:\n  behorig log prove 7K2QD-M9X4R > receipt.tlog-proof")]
    Prove {
        /// The reference code that a page, a letter or a list showed.
        reference: String,
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
    /// Print the latest signed checkpoint; save it elsewhere, and no later change to the log can be hidden.
    #[command(after_help = "Example:\n  behorig log checkpoint > saved-in-january.txt")]
    Checkpoint {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Verify {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
    /// A checkpoint saved earlier: the log must still begin with what it says.
    #[arg(long)]
    checkpoint: Vec<PathBuf>,
    /// Check this receipt alone: with --key by itself, without a store; without --key also against the log as it is now.
    #[arg(long)]
    receipt: Option<PathBuf>,
    /// Public keys that are trusted, one a line (`behorig keys public`).
    #[arg(long)]
    key: Option<PathBuf>,
}

pub async fn run(command: LogCommand) -> anyhow::Result<ExitCode> {
    match command {
        LogCommand::Verify(Verify { receipt: Some(receipt), key: Some(key), .. }) => {
            check_receipt(&receipt, &key)
        }
        LogCommand::Verify(Verify { receipt: Some(receipt), key: None, config, .. }) => {
            judge_receipt(&receipt, &config).await
        }
        LogCommand::Verify(verify) => check_log(&verify).await,
        LogCommand::Prove { reference, config } => {
            let (store, _) = opened(&config).await?;
            let reference = reference.parse().map_err(|_| {
                anyhow::anyhow!("{reference} is no reference code: ten characters in two groups")
            })?;
            let Some(receipt) = app::log::prove(&store, &reference).await.map_err(wiring::stopped)? else {
                bail!(
                    "no record with this reference has its place in a signed checkpoint yet; a new one has within two seconds"
                );
            };
            crate::print::out(receipt.to_string().trim_end_matches('\n'));
            Ok(ExitCode::SUCCESS)
        }
        LogCommand::Checkpoint { config } => {
            let (store, _) = opened(&config).await?;
            let note = store
                .read(|tx| {
                    Ok::<_, store::StoreError>(store::log::latest_checkpoint(tx)?.map(|(_, note)| note))
                })
                .await?
                .context("nothing has been signed yet")?;
            crate::print::out(note.trim_end_matches('\n'));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn opened(path: &std::path::Path) -> anyhow::Result<(store::Store, Config)> {
    let config = Config::read(path)?;
    let store = store::Store::open(&config.store_url()?).await?;
    Ok((store, config))
}

async fn check_log(verify: &Verify) -> anyhow::Result<ExitCode> {
    let (store, config) = opened(&verify.config).await?;
    let master = wiring::master_key(&config)?;
    let keys = match &verify.key {
        Some(path) => activity::note::read_keys(&text(path)?)?,
        None => app::log::keys_of(&store, &master).await.map_err(wiring::stopped)?,
    };
    let mut saved = Vec::new();
    for path in &verify.checkpoint {
        saved.push((path.display().to_string(), text(path)?));
    }
    let clock = wiring::clock_of(&store).await?;
    let report = app::log::verify(&store, keys, saved, clock.as_ref()).await.map_err(wiring::stopped)?;
    crate::print::out(report.to_string().trim_end_matches('\n'));
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn check_receipt(receipt: &std::path::Path, key: &std::path::Path) -> anyhow::Result<ExitCode> {
    let keys = activity::note::read_keys(&text(key)?)?;
    match read_receipt(receipt)?.verify(&keys) {
        Ok(proven) => {
            crate::out!("The receipt holds.");
            tell(&proven);
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            crate::out!("The receipt does not hold: {refused}");
            Ok(ExitCode::from(1))
        }
    }
}

/// Also tells whether the log still has the record: after a restore it may be lost, without anybody having forged anything.
async fn judge_receipt(receipt: &std::path::Path, config: &std::path::Path) -> anyhow::Result<ExitCode> {
    let (store, config) = opened(config).await?;
    let keys = app::log::keys_of(&store, &wiring::master_key(&config)?).await.map_err(wiring::stopped)?;
    let judged = app::log::judge(&store, read_receipt(receipt)?, &keys).await.map_err(wiring::stopped)?;
    let (code, proven) = match &judged {
        Judged::Held(proven) => {
            crate::out!("The receipt holds, and the log has its record.");
            (ExitCode::SUCCESS, proven)
        }
        Judged::Lost(proven, restored) => {
            crate::out!(
                "The receipt holds. Its record was lost in the restore of {}: the log goes on from {} records.",
                restored.at,
                restored.size
            );
            (ExitCode::SUCCESS, proven)
        }
        Judged::Denied(proven) => {
            crate::out!(
                "The receipt holds, and the log has something else in its place: the log was tampered with."
            );
            (ExitCode::from(1), proven)
        }
        Judged::Refused(refused) => {
            crate::out!("The receipt does not hold: {refused}");
            return Ok(ExitCode::from(1));
        }
    };
    tell(proven);
    Ok(code)
}

fn read_receipt(path: &std::path::Path) -> anyhow::Result<Receipt> {
    text(path)?.parse().map_err(|e| anyhow::anyhow!("{e}"))
}

fn tell(proven: &Proven) {
    crate::out!("record    {} ({})", proven.record.event, proven.record.reference);
    crate::out!("made      {}", proven.record.at);
    crate::out!("position  {} in {}", proven.index, proven.checkpoint);
}

fn text(path: &std::path::Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
