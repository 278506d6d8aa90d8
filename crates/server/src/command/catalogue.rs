//! `behorig catalogue`: bring a version in force, or print it for a lawyer.

use crate::config::Config;
use anyhow::{Context as _, bail};
use app::Stop;
use app::installation::{Applied, apply_catalogue};
use catalogue::{Catalogue, Lang, Source};
use clap::Subcommand;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum CatalogueCommand {
    /// Check the files and bring them in force under a number of their own.
    #[command(after_help = "Example:\n  behorig catalogue apply --config behorig.toml")]
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

pub async fn run(command: CatalogueCommand) -> anyhow::Result<ExitCode> {
    match command {
        CatalogueCommand::Apply { config } => apply(&config).await,
        CatalogueCommand::Print { service, folder, english } => {
            let catalogue = match &folder {
                Some(folder) => read_folder(folder)?,
                None => crate::carried::catalogue()?,
            };
            if catalogue.service_of(&service).is_none() && catalogue.service(&service).is_none() {
                let known = catalogue.services().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
                bail!("no service {service}; there are {known}");
            }
            let lang = if english { Lang::En } else { Lang::Sv };
            crate::out!("{}", catalogue.print(&service, lang));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn apply(config: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(config)?;
    let catalogue = read_folder(&config.catalogue.folder)?;
    bring_in_force(&config, catalogue).await
}

/// Brings a catalogue that has been read in force, and tells what that did.
pub async fn bring_in_force(config: &Config, catalogue: Catalogue) -> anyhow::Result<ExitCode> {
    let store = store::Store::open(&config.store_url()?).await?;
    let done =
        apply_catalogue(&store, catalogue, Arc::new(app::SystemClock), Arc::new(app::SystemEntropy::new()))
            .await;
    match done {
        Ok(Applied::New(seq)) => {
            crate::out!("In force by change {seq}. Running nodes take it up at their next request.")
        }
        Ok(Applied::Same) => crate::out!("This version is in force already; nothing was changed."),
        Err(Stop::No(app::Refusal::Conflict("CATALOGUE_IN_USE"))) => {
            bail!(
                "live mandates name a permission or package that these files drop; end or change them first"
            )
        }
        Err(Stop::No(app::Refusal::Conflict("NOT_INSTALLED"))) => {
            bail!("the store holds no installation: run `behorig init` first")
        }
        Err(Stop::Store(error)) => return Err(error.into()),
        Err(other) => bail!("the catalogue was not applied: {other:?}"),
    }
    Ok(ExitCode::SUCCESS)
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
                "cannot read {}: correct catalogue.folder in the configuration, or put the files there",
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
