//! Fills a demo installation with many mandates and two clients, so that measurements have something to stand on, and signs
//! what such a client sends.

use anyhow::{Context as _, anyhow};
use app::demo::series::{organisation_number, personal_number};
use app::demo::{DemoEmployer, DemoPerson, DemoWorld};
use app::{SystemClock, SystemEntropy};
use clap::Parser;
use std::path::PathBuf;
use std::sync::Arc;

/// Mandates at one employer: an administrator and nine users.
const AT_ONE: u32 = 10;

mod clients;

#[derive(Debug, Parser)]
enum Bench {
    /// Fills a store.
    Fill(Fill),
    /// Prints assertions of the client `bench-machine`, one a line.
    Sign(clients::Sign),
}

#[derive(Debug, clap::Args)]
struct Fill {
    /// The store of an installation with the mark `demo`.
    #[arg(long)]
    store: String,
    #[arg(long)]
    master_key: PathBuf,
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=23_000))]
    mandates: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Bench::parse() {
        Bench::Fill(filling) => fill(filling).await,
        Bench::Sign(signing) => clients::sign(&signing),
    }
}

async fn fill(fill: Fill) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&fill.master_key).context("the master key")?;
    let master = keyring::MasterKey::from_text(&text)?;
    let url = fill.store.parse().map_err(|e| anyhow!("{e}"))?;
    let store = store::Store::open(&url).await?;
    let world = world(fill.mandates);
    app::demo::seed(&store, &master, world, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))
        .await
        .map_err(|stop| anyhow!("{stop:?}"))?;
    clients::register(&store, &fill.master_key).await
}

fn world(mandates: u32) -> DemoWorld {
    let employers = (0..mandates.div_ceil(AT_ONE)).map(|number| {
        let person = |index: u32| DemoPerson {
            number: personal_number(number * AT_ONE + index),
            name: format!("Person {number} {index}"),
            email: format!("p{number}-{index}@post.example"),
        };
        DemoEmployer {
            number: organisation_number(number),
            name: format!("Arbetsgivare {number} AB"),
            email: format!("info@a{number}.example"),
            administrator: person(0),
            users: (1..AT_ONE).map(|index| (person(index), "employer.user".to_owned())).collect(),
        }
    });
    DemoWorld { employers: employers.collect(), ..DemoWorld::default() }
}
