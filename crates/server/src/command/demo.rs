//! `behorig demo`: everything on this machine, with synthetic people and simulated providers.

use super::init;
use crate::config::Config;
use crate::listen::taken;
use crate::{installing, wiring};
use anyhow::{Context as _, bail};
use app::demo::{DemoEmployer, DemoPerson, DemoWorld};
use app::oidc::NewClient;
use app::{SystemClock, SystemEntropy};
use catalogue::Text;
use clap::Args;
use oidc::client::{Loopback, UserinfoForm};
use oidc::{Authentication, Client, ClientId, RedirectUri};
use sandbox::{People, Sandbox};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig demo --data /tmp/behorig-demo\n\nThe last line printed is `ready http://localhost:8400`."
)]
pub struct Demo {
    /// Where the demo keeps its store, keys and certificates.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// Begin anew: throws away what an earlier demo kept in --data.
    #[arg(long)]
    reset: bool,
}

/// Says that a folder is a demo's, so that --reset throws away nothing else.
const MARK: &str = "behorig-demo";
const PUBLIC: &str = "http://localhost:8400";
/// Another host name than the pages', so that no cookie is shared.
const EXAMPLE: &str = "http://127.0.0.1:8420";

pub async fn run(demo: Demo) -> anyhow::Result<()> {
    wiring::logging_quiet();
    prepare(&demo)?;
    for port in [8400, 8401, 8402, 8411, 8419] {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if taken(address).await {
            bail!("port {port} is taken: another demo may be running. Stop it, then start this one again");
        }
    }
    crate::out!("Preparing the demo in {} …", demo.data.display());
    let sandbox = sandbox::start(
        sandbox::Options::new(demo.data.join("data/sandbox")),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new()),
    )
    .await?;
    let config = configured(&demo.data, &sandbox)?;
    install_once(&config, &sandbox).await?;
    let phone = web::DemoPhone::parse(&sandbox.control_url())?;
    let (stop, stopped) = watch::channel(false);
    let house = wiring::open(&config, Some(phone)).await?;
    let running = house.listen(&config, stopped).await?;
    hints(&demo.data, &sandbox);
    let asked = wiring::asked_to_stop();
    crate::out!("ready {PUBLIC}");
    asked.await;
    let _ = stop.send(true);
    running.finished().await;
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
    std::fs::create_dir_all(&demo.data).with_context(|| format!("cannot make {}", demo.data.display()))?;
    std::fs::write(mark, "A demo of Behörig. Synthetic people; throw the folder away when you like.\n")?;
    Ok(())
}

/// The demo is an installation like any other: its folder holds a configuration that every command takes.
fn configured(data: &Path, sandbox: &Sandbox) -> anyhow::Result<Config> {
    let path = data.join("behorig.toml");
    if path.exists() {
        return Config::read(&path);
    }
    let agency = sandbox.people().organisation("agency").context("the sandbox knows no agency")?;
    init::write_files(data, &init::template("demo", &agency.name, &agency.number))
}

/// Makes the installation and its people at the first start.
async fn install_once(config: &Config, sandbox: &Sandbox) -> anyhow::Result<()> {
    let store = store::Store::open(&config.store_url()?).await?;
    store.migrate(&wiring::migrations()).await?;
    if store.read(store::installation::find).await?.is_some() {
        return Ok(());
    }
    installing::install(config).await?;
    let master = wiring::master_key(config)?;
    let world = world(sandbox.people());
    app::demo::seed(&store, &master, world, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))
        .await
        .map_err(wiring::stopped)?;
    app::oidc::add_client(
        &store,
        NewClient { client: example_app(), ends_at: None },
        Arc::new(SystemClock),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy::new()),
    )
    .await
    .map_err(wiring::stopped)
}

/// The client of the example e-service, and of whoever tries to connect one of their own on this machine: public, so that
/// nobody needs a key, and with any address on loopback.
fn example_app() -> Client {
    let text = |sv: &str, en: &str| Text { sv: sv.to_owned(), en: en.to_owned() };
    let here = |path: &str| RedirectUri::parse(&format!("{EXAMPLE}{path}")).ok();
    Client {
        id: ClientId::example(),
        name: text("Exempeltjänsten", "The example service"),
        service: "example".to_owned(),
        authentication: Authentication::Public,
        redirect_uris: here("/back").into_iter().collect(),
        post_logout_redirect_uris: here("/").into_iter().collect(),
        backchannel_logout_uri: here("/backchannel-logout"),
        home: here("/"),
        userinfo: UserinfoForm::Json,
        loopback: Loopback::Any,
    }
}

/// The demo's people as the sandbox knows them, in the places that their situations tell.
fn world(people: &People) -> DemoWorld {
    let person = |id: &str| {
        people.get(id).map(|person| DemoPerson {
            number: person.personal_number.clone(),
            name: person.name(),
            email: format!("{id}@post.example"),
        })
    };
    let employer = |id: &str, administrator: &str, users: &[(&str, &str)]| {
        let organisation = people.organisation(id)?;
        Some(DemoEmployer {
            number: organisation.number.clone(),
            name: organisation.name.clone(),
            email: format!("info@{id}.example"),
            administrator: person(administrator)?,
            users: users
                .iter()
                .filter_map(|(user, package)| Some((person(user)?, (*package).to_owned())))
                .collect(),
        })
    };
    DemoWorld {
        roles: person("per").map(|per| (per, "platform.operator".to_owned())).into_iter().collect(),
        officers: ["astrid", "bengt"].into_iter().filter_map(person).collect(),
        employers: [
            employer("granas", "cecilia", &[("elin", "employer.user"), ("nils", "employer.payroll_manager")]),
            employer("sjovik", "olga", &[("nils", "employer.user")]),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn hints(data: &Path, sandbox: &Sandbox) {
    let control = format!("http://localhost:{}", sandbox.control.port());
    crate::out!("\nOpen {PUBLIC} and choose a person; the simulated phone approves the login.");
    crate::out!("The phone itself:   {control}");
    crate::out!("Mail that was sent: {control}/inbox.html");
    crate::out!("For programs:       {control}/openapi.json");
    crate::out!("Health and metrics: http://127.0.0.1:8402/metrics");
    crate::out!("Verify the log:     behorig log verify --config {}", data.join("behorig.toml").display());
    crate::out!("Stop with Ctrl-C. Everything is synthetic.\n");
}
