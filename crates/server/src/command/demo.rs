//! `behorig demo`: everything on this machine, with synthetic people and simulated providers.

mod example;
mod national;
mod ports;
mod story;

use super::init;
use crate::config::Config;
use crate::{installing, shop, wiring};
use anyhow::{Context as _, bail};
use app::oidc::NewClient;
use app::{SystemClock, SystemEntropy};
use clap::{Args, ValueEnum};
use ports::Ports;
use sandbox::Sandbox;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  behorig demo --data /tmp/behorig-demo\n  behorig demo --reset                                     begin anew\n  behorig demo --data /tmp/other --port-base 9400          a second one beside it\n  behorig demo --data /tmp/large --scale national          40,000 employers\n\nThe last line printed is `ready http://localhost:8400`."
)]
pub struct Demo {
    /// Where the demo keeps its store, keys and certificates.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// Begin anew: throws away what an earlier demo kept in --data.
    #[arg(long)]
    reset: bool,
    /// How much there is besides the demo's own people; chosen when the demo is begun.
    #[arg(long, value_enum)]
    scale: Option<Scale>,
    /// The port of the pages; all others keep their distance to it. Without it those that --data was begun with, or 8400.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..=i64::from(ports::HIGHEST)))]
    port_base: Option<u16>,
}

/// How large a demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scale {
    /// The people of the story and nobody else.
    Story,
    /// 40,000 employers more; loaded in about a minute.
    National,
}

/// Says that a folder is a demo's, so that --reset throws away nothing else; and how large the demo is.
const MARK: &str = "behorig-demo";
/// The line of the mark that a national demo has.
const NATIONAL: &str = "scale: national";
/// The line that it has until all its people are there.
const UNFINISHED: &str = "unfinished";

pub async fn run(demo: Demo) -> anyhow::Result<()> {
    wiring::logging_quiet();
    prepare(&demo)?;
    let ports = ports_of(&demo)?;
    ports.check(&demo.data).await?;
    crate::out!("Preparing the demo in {} …", demo.data.display());
    let sandbox = sandbox::start(
        ports.sandbox(&demo.data.join("data/sandbox")),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new()),
    )
    .await?;
    let config = configured(&demo.data, ports, &sandbox)?;
    install_once(&demo, ports, &config, &sandbox).await?;
    let phone = web::DemoPhone::parse(&sandbox.control_url())?;
    let (stop, stopped) = watch::channel(false);
    let house = wiring::open(&config, Some(phone)).await?;
    let running = house.listen(&config, stopped.clone()).await?;
    let shop = shop::open(&ports.example_url(), &ports.public_url(), stopped).await?;
    hints(&demo.data, ports, &sandbox);
    let asked = wiring::asked_to_stop();
    crate::out!("ready {}", ports.public_url());
    asked.await;
    let _ = stop.send(true);
    running.finished().await;
    drop(shop.await);
    sandbox.shutdown().await;
    Ok(())
}

fn prepare(demo: &Demo) -> anyhow::Result<()> {
    let mark = demo.data.join(MARK);
    if demo.reset && demo.data.exists() {
        if !mark.exists() {
            bail!("{} is not a demo's folder; --reset throws away nothing else", demo.data.display());
        }
        std::fs::remove_dir_all(&demo.data)
            .with_context(|| format!("cannot empty {}", demo.data.display()))?;
    }
    let size = if demo.scale == Some(Scale::National) { NATIONAL } else { "scale: story" };
    // Without a store nothing has begun, whatever an attempt before has written.
    if let Ok(begun) = std::fs::read_to_string(&mark)
        && demo.data.join("data/behorig.db").exists()
    {
        let folder = demo.data.display();
        if begun.contains(UNFINISHED) {
            bail!("the demo in {folder} was broken off while it was prepared: add --reset");
        }
        if demo.scale.is_some() && !begun.contains(size) {
            bail!("the demo in {folder} was begun with another --scale: add --reset, or give another --data");
        }
        return Ok(());
    }
    std::fs::create_dir_all(&demo.data).with_context(|| format!("cannot make {}", demo.data.display()))?;
    let says = format!(
        "A demo of Behörig. Synthetic people; throw the folder away when you like.\n{size}\n{UNFINISHED}\n"
    );
    std::fs::write(mark, says)?;
    Ok(())
}

/// The configuration of a demo's folder.
fn path_of(data: &Path) -> PathBuf {
    data.join("behorig.toml")
}

/// As asked for; else as the demo was begun with.
fn ports_of(demo: &Demo) -> anyhow::Result<Ports> {
    let path = path_of(&demo.data);
    Ok(Ports::from_base(match demo.port_base {
        Some(base) => base,
        None if path.exists() => Config::read(&path)?.public.listen.port(),
        None => ports::USUAL,
    }))
}

/// The demo is an installation like any other: its folder holds a configuration that every command takes.
fn configured(data: &Path, ports: Ports, sandbox: &Sandbox) -> anyhow::Result<Config> {
    let path = path_of(data);
    if path.exists() {
        let begun = Ports::from_base(Config::read(&path)?.public.listen.port());
        if begun != ports {
            let text = std::fs::read_to_string(&path)?;
            std::fs::write(&path, begun.rewritten(&text, ports))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        return Config::read(&path);
    }
    let agency = sandbox.people().organisation("agency").context("the sandbox knows no agency")?;
    let text = init::template("demo", &agency.name, &agency.number);
    init::write_files(data, &Ports::from_base(ports::USUAL).rewritten(&text, ports))
}

/// Makes the installation and its people at the first start.
async fn install_once(demo: &Demo, ports: Ports, config: &Config, sandbox: &Sandbox) -> anyhow::Result<()> {
    let store = store::Store::open(&config.store_url()?).await?;
    store.migrate(&wiring::migrations()).await?;
    if store.read(store::installation::find).await?.is_some() {
        return Ok(());
    }
    installing::install(config).await?;
    let master = wiring::master_key(config)?;
    let world = story::world(sandbox.people());
    app::demo::seed(&store, &master, world, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))
        .await
        .map_err(wiring::stopped)?;
    let (wall, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::new()));
    let example = NewClient { client: example::client(ports), ends_at: None };
    app::oidc::add_client(&store, example, wall.clone(), wall, entropy).await.map_err(wiring::stopped)?;
    if demo.scale == Some(Scale::National) {
        national::fill(&store, &master).await?;
    }
    let mark = demo.data.join(MARK);
    let says = std::fs::read_to_string(&mark)?.replace(&format!("{UNFINISHED}\n"), "");
    Ok(std::fs::write(mark, says)?)
}

fn hints(data: &Path, ports: Ports, sandbox: &Sandbox) {
    let control = format!("http://localhost:{}", sandbox.control.port());
    let operations = format!("http://127.0.0.1:{}", ports.operations());
    crate::out!("\nOpen {} and choose a person; the simulated phone approves the login.", ports.public_url());
    crate::out!("The phone itself:   {control}");
    crate::out!("Mail that was sent: {control}/inbox.html");
    crate::out!("A connected e-service: {}", ports.example_url());
    crate::out!("For programs:       {control}/openapi.json");
    crate::out!("Health and metrics: {operations}/metrics");
    crate::out!(
        "Move the clock:     curl -d '{{\"advance_seconds\":86400}}' -H content-type:application/json {operations}/clock"
    );
    crate::out!("Verify the log:     behorig log verify --config {}", path_of(data).display());
    crate::out!("Stop with Ctrl-C. Everything is synthetic.\n");
}
