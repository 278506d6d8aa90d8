//! `behorig backup`: everything in one file, while the service runs.

use crate::config::Config;
use crate::wiring;
use app::SystemClock;
use clap::Args;
use domain::Clock as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Store;
use store::backup::Progress;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  behorig backup --to /var/backups/behorig\n  behorig backup --to before-upgrade.backup --config /etc/behorig/behorig.toml\n\nThe service goes on meanwhile. The file is there when it is whole, and never takes another's place. The master key is\nnot in it: keep that elsewhere, and the list of erasures too."
)]
pub struct Backup {
    /// A folder, in which the file gets a name of its own, or the name of a file that is not there yet.
    #[arg(long, value_name = "DIR|FILE")]
    to: PathBuf,
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
}

pub async fn run(backup: Backup) -> anyhow::Result<()> {
    let config = Config::read(&backup.config)?;
    let store = Store::open(&config.store_url()?).await?;
    let master = wiring::master_key(&config)?;
    let place = if backup.to.is_dir() { backup.to.join(name_for(&store).await?) } else { backup.to };
    let clocks = (wiring::clock_of(&store).await?, Arc::new(SystemClock) as Arc<dyn domain::Clock>);
    let entropy = Arc::new(app::SystemEntropy::new());
    let made = app::backup::make(
        &store,
        &wiring::migrations(),
        &master,
        &place,
        clocks,
        entropy,
        progress("copied"),
    )
    .await;
    let manifest = made.map_err(|error| anyhow::anyhow!("{}: {error}", error.code()))?;
    crate::out!("{}", place.display());
    crate::out!(
        "epoch {}, change {}, {} records in the log, {} rows in {} tables, of {}",
        manifest.epoch,
        manifest.seq,
        manifest.log_size,
        manifest.rows(),
        manifest.parts.len(),
        manifest.made_at()
    );
    Ok(())
}

async fn name_for(store: &Store) -> anyhow::Result<String> {
    let (installation, head) = store
        .read(|tx| {
            let installation = store::installation::find(tx)?;
            Ok::<_, store::StoreError>((installation, store::seq::head(tx)?))
        })
        .await?;
    let installation =
        installation.ok_or_else(|| anyhow::anyhow!("no installation in it: run `behorig init`"))?;
    Ok(app::backup::file_name(&installation.origin, SystemClock.now(), head))
}

/// Tells on standard error how far it has come: once a second, and at the end.
pub fn progress(done: &'static str) -> app::backup::Told {
    let last = Mutex::new(Instant::now());
    Arc::new(move |progress: Progress| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() < Duration::from_secs(1) && progress.tables < progress.of {
            return;
        }
        *last = Instant::now();
        let Progress { tables, of, rows, bytes } = progress;
        crate::print::err(&format!("{done} {tables} of {of} tables, {rows} rows, {} kB", bytes / 1000));
    })
}
