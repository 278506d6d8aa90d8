//! An installation to measure: `behorig sandbox` and `behorig init` as an operator would run them, and a store filled by
//! the program `bench`.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

use super::{postgres::Postgres, server::Process};
use crate::process;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

#[derive(Debug)]
pub struct Binaries {
    pub behorig: PathBuf,
    pub bench: PathBuf,
}

impl Binaries {
    pub fn at(folder: &Path) -> Result<Self> {
        let found = |name: &str| {
            let path = folder.join(name);
            path.canonicalize().with_context(|| format!("{} is missing: build it first", path.display()))
        };
        Ok(Self { behorig: found("behorig")?, bench: found("bench")? })
    }
}

#[derive(Debug)]
pub struct Installation {
    pub engine: Engine,
    pub binary: PathBuf,
    pub bench: PathBuf,
    pub config: PathBuf,
    pub folder: PathBuf,
    pub sandbox: Process,
    /// Ends with the installation.
    _database: Option<Postgres>,
}

impl Installation {
    pub fn make(binaries: &Binaries, folder: &Path, engine: Engine, mandates: u32) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut command = process::command(&binaries.behorig, folder);
        command.args(["sandbox", "--data", "data/sandbox"]);
        for listener in ["--control", "--bankid", "--smtp"] {
            command.args([listener, "127.0.0.1:0"]);
        }
        let sandbox = Process::start(&mut command, &folder.join("sandbox.log"))?;

        let (database, store) = match engine {
            Engine::Sqlite => (None, "sqlite:data/behorig.db".to_owned()),
            Engine::Postgres => {
                let database = Postgres::start()?;
                let url = database.url.clone();
                (Some(database), url)
            }
        };
        let mut init = process::command(&binaries.behorig, folder);
        init.args([
            "init",
            "--environment",
            "demo",
            "--name",
            "Exempelmyndigheten",
            "--number",
            "4021001005",
        ]);
        process::output(init.args(["--store", &store, "--dir", "."]))?;
        let config = folder.join("behorig.toml");
        let text = std::fs::read_to_string(&config)?;
        std::fs::write(&config, pointed(&text, &sandbox)?)?;

        let mut fill = process::command(&binaries.bench, folder);
        fill.args([
            "fill",
            "--store",
            &store,
            "--master-key",
            "secrets/master.key",
            "--mandates",
            &mandates.to_string(),
        ]);
        process::output(&mut fill)?;
        Ok(Self {
            engine,
            binary: binaries.behorig.clone(),
            bench: binaries.bench.clone(),
            config,
            folder: folder.to_owned(),
            sandbox,
            _database: database,
        })
    }
}

/// The configuration with the sandbox's addresses, as an operator would write them.
fn pointed(text: &str, sandbox: &Process) -> Result<String> {
    let mut text = text.to_owned();
    for (written, real) in [
        ("https://localhost:8411/rp/v6.0/", sandbox.told("bankid")?),
        ("http://localhost:8401", sandbox.told("ready")?),
        ("127.0.0.1:8419", sandbox.told("smtp")?),
    ] {
        ensure!(text.contains(written), "{written} does not stand in the configuration that init wrote");
        text = text.replace(written, real);
    }
    Ok(text)
}
