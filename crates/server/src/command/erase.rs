//! `behorig erase`: the key of a person's data is destroyed. The number is read from standard input, so that it stands in no
//! list of commands.

use crate::config::Config;
use crate::wiring;
use anyhow::{Context as _, bail};
use app::erasure::Whom;
use clap::Args;
use ident::PersonalNumber;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use store::Store;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  behorig erase < number.txt\n  behorig erase --party 0198c0de-0000-7000-8000-000000000000\n\nCannot be undone. The erasure is written into the list of erasures first ([erasures] in the configuration): copy that\nfile elsewhere, so that a restored backup meets it again."
)]
pub struct Erase {
    /// The person's random id, instead of the number on standard input.
    #[arg(long, value_name = "ID")]
    party: Option<String>,
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
}

pub async fn run(erase: Erase) -> anyhow::Result<()> {
    let config = Config::read(&erase.config)?;
    let whom = match &erase.party {
        Some(id) => Whom::Party(id.parse().map_err(|_| anyhow::anyhow!("--party: not the id of a party"))?),
        None => Whom::Number(number()?),
    };
    let store = Store::open(&config.store_url()?).await?;
    let means = wiring::means(&store, &config).await?;
    match app::erasure::erase(&store, whom, &config.erasures.file, &means).await {
        Ok(party) => {
            crate::out!("Erased: {party}. Copy {} to where it is kept.", config.erasures.file.display());
            Ok(())
        }
        Err(refused) => bail!("{}: {refused}", refused.code()),
    }
}

/// The number from standard input. What was typed is not repeated, whatever is wrong with it.
fn number() -> anyhow::Result<PersonalNumber> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        crate::print::err("The person's number, 12 digits, and return:");
    }
    let mut line = String::new();
    stdin.read_line(&mut line).context("standard input cannot be read")?;
    PersonalNumber::parse(line.trim()).map_err(|error| anyhow::anyhow!("NUMBER: {error}"))
}
