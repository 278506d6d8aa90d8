//! `behorig catalogue`: show what a version would change, bring it in force, or print it for a lawyer.

mod report;

use crate::config::Config;
use anyhow::{Context as _, bail};
use app::new_catalogue::{Applied, apply_catalogue, preview};
use app::{Refusal, Stop};
use catalogue::{Catalogue, Lang, Source};
use clap::Subcommand;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use store::Store;

/// What `diff` says to a program by its exit code; 1 and 2 are every command's own.
const DIFFERS: u8 = 3;
const WOULD_BE_REFUSED: u8 = 4;

#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Show what the files would change, and who would gain and lose, if they were applied now. Changes nothing.
    #[command(
        after_help = "Examples:\n  behorig catalogue diff --config behorig.toml\n  behorig catalogue diff --folder proposed --json > effects.json\n\nPeople and organisations are counted; --json tells their ids, never names or numbers.\n\nExit codes: 0 nothing differs from the version in force, 1 it could not be done, 2 the command was not understood,\n3 something differs and `apply` would take it, 4 `apply` would refuse it."
    )]
    Diff {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
        /// Compare these files instead of those in the folder that the configuration names.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// For programs: everything, with ids.
        #[arg(long)]
        json: bool,
    },
    /// Check the files, show what they change, and bring them in force under a number of their own.
    #[command(
        after_help = "Example:\n  behorig catalogue apply --config behorig.toml\n\nLook first with `behorig catalogue diff`. Refused where live facts name what the files drop, and where a published\nversion of the terms is altered.\n\nExit codes: 0 in force, or it was already; 1 it could not be done, or was refused; 2 the command was not understood."
    )]
    Apply {
        #[arg(long, default_value = "behorig.toml")]
        config: PathBuf,
    },
    /// Print a service as a page that a lawyer can read.
    #[command(after_help = "Example:\n  behorig catalogue print employer --folder catalogue")]
    Print {
        service: String,
        /// Read these files instead of the catalogue that the binary carries.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// English instead of Swedish.
        #[arg(long)]
        english: bool,
    },
}

/// How `diff` tells what it found.
#[derive(Debug, Clone, Copy)]
enum Told {
    InWords,
    AsJson,
}

pub async fn run(command: CatalogueCommand) -> anyhow::Result<ExitCode> {
    match command {
        CatalogueCommand::Diff { config, folder, json } => {
            let told = if json { Told::AsJson } else { Told::InWords };
            diff(&config, folder.as_deref(), told).await
        }
        CatalogueCommand::Apply { config } => apply(&config).await,
        CatalogueCommand::Print { service, folder, english } => {
            let catalogue = match &folder {
                Some(folder) => read_folder(folder)?,
                None => crate::carried::catalogue()?,
            };
            if catalogue.service(&service).is_none() {
                let known = catalogue.services().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
                bail!("no service {service}; there are {known}");
            }
            let lang = if english { Lang::En } else { Lang::Sv };
            crate::print::out(catalogue.print(&service, lang).trim_end_matches('\n'));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn diff(config: &Path, folder: Option<&Path>, told: Told) -> anyhow::Result<ExitCode> {
    let config = Config::read(config)?;
    let catalogue = read_folder(folder.unwrap_or(&config.catalogue.folder))?;
    let store = Store::open(&config.store_url()?).await?;
    let found = preview(&store, catalogue.clone(), Arc::new(app::SystemClock)).await.map_err(stopped)?;
    match (told, &found) {
        (Told::AsJson, found) => crate::out!("{}", report::json(&catalogue, found.as_ref())?),
        (Told::InWords, Some(preview)) => crate::print::out(&report::text(&catalogue, preview)),
        (Told::InWords, None) => crate::out!("Nothing differs: these files are the version in force."),
    }
    Ok(match found {
        None => ExitCode::SUCCESS,
        Some(preview) if preview.refused().is_some() => ExitCode::from(WOULD_BE_REFUSED),
        Some(_) => ExitCode::from(DIFFERS),
    })
}

async fn apply(config: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(config)?;
    let catalogue = read_folder(&config.catalogue.folder)?;
    bring_in_force(&config, catalogue).await
}

/// Brings a catalogue that has been read in force: says first what it would do, then what it did.
pub async fn bring_in_force(config: &Config, catalogue: Catalogue) -> anyhow::Result<ExitCode> {
    let store = Store::open(&config.store_url()?).await?;
    let clock = crate::wiring::clock_of(&store).await?;
    let shown = preview(&store, catalogue.clone(), clock.clone()).await.map_err(stopped)?;
    if let Some(preview) = &shown {
        crate::print::out(&report::text(&catalogue, preview));
    }
    let entropy = Arc::new(app::SystemEntropy::new());
    match apply_catalogue(&store, catalogue.clone(), clock, entropy).await.map_err(stopped)? {
        Applied::New(seq, done) => {
            if shown.as_ref() != Some(&*done) {
                crate::out!("\nFacts have changed while this ran. What was done:\n");
                crate::print::out(&report::text(&catalogue, &done));
            }
            crate::out!("\nIn force by change {seq}. Running nodes take it up at their next request.");
        }
        Applied::Same => crate::out!("This version is in force already; nothing was changed."),
    }
    Ok(ExitCode::SUCCESS)
}

/// What stopped it, with what to do next.
fn stopped(stop: Stop) -> anyhow::Error {
    match stop {
        Stop::No(Refusal::Conflict("CATALOGUE_IN_USE")) => anyhow::anyhow!(
            "not applied: live facts or connected e-services name what these files drop; end or change them first, or put it back"
        ),
        Stop::No(Refusal::Conflict("TERMS_ALTERED")) => anyhow::anyhow!(
            "not applied: a published version of the terms is altered; put its text and its days back, and write the \
             new text as a version of its own"
        ),
        Stop::No(Refusal::Conflict("NOT_INSTALLED")) => {
            anyhow::anyhow!("the store holds no installation: run `behorig init` first")
        }
        other => crate::wiring::stopped(other),
    }
}

/// Reads and checks a folder of catalogue files; every mistake is told with file, line and fix.
pub fn read_folder(folder: &Path) -> anyhow::Result<Catalogue> {
    read_folder_with(folder, None)
}

/// The same with one file of a service more, which lies elsewhere yet.
pub fn read_folder_with(folder: &Path, more: Option<Source>) -> anyhow::Result<Catalogue> {
    let mut services = Vec::new();
    let mut terms = Vec::new();
    collect(folder, "toml", "", &mut services)?;
    if folder.join("terms").is_dir() {
        collect(&folder.join("terms"), "md", "terms/", &mut terms)?;
    }
    if services.is_empty() {
        bail!(
            "{} holds no .toml file: put platform.toml and a file for each service there",
            folder.display()
        );
    }
    services.extend(more);
    parse(&services, &terms)
}

/// Parses, and turns mistakes into one text.
pub fn parse(services: &[Source], terms: &[Source]) -> anyhow::Result<Catalogue> {
    Catalogue::parse(services, terms).map_err(|mistakes| {
        let told = mistakes
            .iter()
            .map(|m| format!("  {}:{}:{}: {}\n    → {}", m.file, m.line, m.column, m.what, m.fix))
            .collect::<Vec<_>>()
            .join("\n");
        anyhow::anyhow!("the catalogue has {} mistake(s); nothing was changed\n{told}", mistakes.len())
    })
}

fn collect(folder: &Path, extension: &str, prefix: &str, into: &mut Vec<Source>) -> anyhow::Result<()> {
    let mut paths = std::fs::read_dir(folder)
        .with_context(|| {
            format!(
                "cannot read {}: correct catalogue.folder in the configuration or --folder, or put the files there",
                folder.display()
            )
        })?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect::<Vec<_>>();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        into.push(Source { file: format!("{prefix}{name}"), text });
    }
    Ok(())
}
