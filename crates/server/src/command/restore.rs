//! `behorig restore`: a backup in the place of the store, wholly or not at all.

use crate::command::backup::progress;
use crate::config::Config;
use crate::wiring;
use anyhow::{Context as _, bail};
use app::erasure::{ErasureList, Means};
use app::restore::{Done, Restore as Wanted};
use app::{SystemClock, SystemEntropy};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;
use store::backup::{Backup, LABEL, Onto};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  behorig restore --check --from night.backup\n  behorig restore --from night.backup\n  behorig restore --from night.backup --replace --checkpoint saved-this-morning.txt\n\nStop every node first. A new epoch begins: everybody logs in again. Exit code 1 when nothing was restored, or when\nthe restored log does not verify."
)]
pub struct Restore {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Only look whether it can be restored; the store is not opened.
    #[arg(long)]
    check: bool,
    /// Also over the installation that the store holds, which is destroyed.
    #[arg(long)]
    replace: bool,
    /// The list of erasures; without it the one that the configuration names.
    #[arg(long, value_name = "FILE", conflicts_with = "no_erasures")]
    erasures: Option<PathBuf>,
    /// There is no list, because nobody has ever been erased.
    #[arg(long)]
    no_erasures: bool,
    /// A checkpoint of the log saved after the backup was made: it says how much is lost. May be repeated.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
}

pub async fn run(restore: Restore) -> anyhow::Result<ExitCode> {
    let config = Config::read(&restore.config)?;
    let master = wiring::master_key(&config)?;
    let sets = wiring::migrations();
    let backup = Backup::open(&restore.from, &master.stamp(LABEL), &sets)
        .map_err(|error| anyhow::anyhow!("{}: {error}", error.code()))?;
    let manifest = &backup.manifest;
    crate::out!("backup of {}, {}, release {}", manifest.made_at(), manifest.origin, manifest.release);
    crate::out!(
        "epoch {}, change {}, {} records in the log",
        manifest.epoch,
        manifest.seq,
        manifest.log_size
    );
    if restore.check {
        crate::out!("It is whole, and this program can restore it.");
        return Ok(ExitCode::SUCCESS);
    }
    let erasures = erasures(&restore, &config, &master)?;
    let known = saved(&restore.checkpoint)?;
    let wanted = Wanted {
        backup,
        onto: if restore.replace { Onto::Anything } else { Onto::Empty },
        environment: config.environment.into(),
        erasures,
        known: known.clone(),
    };
    let store = Store::open(&config.store_url()?).await?;
    let means = Means {
        master: Arc::new(master),
        clock: Arc::new(SystemClock),
        wall: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::new()),
    };
    let done = app::restore::restore(&store, &sets, wanted, means, progress("restored")).await;
    let done = done.map_err(|error| anyhow::anyhow!("{}: {error}", error.code()))?;
    keep_list(restore.erasures.as_deref(), &config.erasures.file)?;
    tell(&done);
    verify(&store, &config, known).await
}

/// The list that the restored store meets again. None at all is a mistake unless it is said.
fn erasures(restore: &Restore, config: &Config, master: &keyring::MasterKey) -> anyhow::Result<ErasureList> {
    if restore.no_erasures {
        return Ok(ErasureList::default());
    }
    let path = restore.erasures.as_ref().unwrap_or(&config.erasures.file);
    if !path.exists() {
        bail!(
            "ERASURES_MISSING: there is no list of erasures at {}: put it there or name it with --erasures; people who were \
             erased since the backup would be readable again. If nobody ever was, say --no-erasures",
            path.display()
        );
    }
    ErasureList::read(path, master).map_err(|fault| anyhow::anyhow!("ERASURES_UNREADABLE: {fault}"))
}

/// A list named on the command line is the installation's from now on, where that has none.
fn keep_list(given: Option<&Path>, own: &Path) -> anyhow::Result<()> {
    let Some(given) = given.filter(|_| !own.exists()) else { return Ok(()) };
    // Whole or not at all, whenever this is cut off.
    let part = own.with_extension("part");
    let put = || {
        std::fs::copy(given, &part)?;
        std::fs::File::open(&part)?.sync_all()?;
        std::fs::rename(&part, own)
    };
    put().with_context(|| {
        format!("cannot copy the list of erasures to {}: do it before `serve`", own.display())
    })
}

fn saved(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let read = |path: &PathBuf| {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path.display().to_string(), text))
    };
    paths.iter().map(read).collect()
}

fn tell(done: &Done) {
    crate::out!("Restored. Epoch {} has begun; {} sessions were ended.", done.epoch, done.sessions_ended);
    if let Some(there) = &done.replaced {
        crate::out!(
            "Replaced: epoch {}, change {}, {} records in the log.",
            there.head.epoch,
            there.head.seq,
            there.tree.size
        );
    }
    crate::out!(
        "Erased again: {}. Letters that are sent now, some perhaps twice: {}.",
        done.erased,
        done.letters_waiting
    );
    crate::out!("The first checkpoint of the new life; publish it and keep it elsewhere:\n");
    crate::print::out(done.checkpoint.trim_end_matches('\n'));
    crate::out!("");
}

async fn verify(store: &Store, config: &Config, saved: Vec<(String, String)>) -> anyhow::Result<ExitCode> {
    let keys = app::log::keys_of(store, &wiring::master_key(config)?).await.map_err(wiring::stopped)?;
    let clock = wiring::clock_of(store).await?;
    let report = app::log::verify(store, keys, saved, clock.as_ref()).await.map_err(wiring::stopped)?;
    crate::print::out(report.to_string().trim_end_matches('\n'));
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
