//! The parts put together: store, keys, e-ID, mail, services, pages, listeners.

use crate::config::Config;
use crate::letters::PageLetters;
use crate::listen::Listener;
use crate::register::Register;
use anyhow::{Context as _, bail};
use app::clock::{Beside, Mover};
use app::{App, Parts, Platform, Settings, Stop, SystemClock, SystemEntropy};
use domain::Clock;
use login::bankid::{self, BankId, StartLink};
use page::door::{Door, Menu};
use page::{Service, Site, SiteConfig, TextSource, Texts, Transport, Words};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{MigrationSet, Store};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use web::{DemoPhone, House};

/// The services that this binary carries.
pub fn services() -> Vec<Arc<dyn Service>> {
    vec![Arc::new(employer::Employer)]
}

/// All tables: the house's and the services'.
pub fn migrations() -> Vec<MigrationSet> {
    std::iter::once(store::MIGRATIONS).chain(services().iter().map(|service| service.migrations())).collect()
}

/// Technical log on standard error; `RUST_LOG` chooses more.
pub fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}

/// As [`logging`], but a demo's terminal belongs to its hints: only warnings.
pub fn logging_quiet() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}

/// Ends when the process is asked to stop. Listens from the call on, not from the first wait: whoever reads `ready` may
/// stop us at once and must find us listening.
pub fn asked_to_stop() -> impl Future<Output = ()> {
    let terminated = heard(SignalKind::terminate());
    let interrupted = heard(SignalKind::interrupt());
    async move {
        tokio::select! {
            () = terminated => {}
            () = interrupted => {}
        }
    }
}

fn heard(kind: SignalKind) -> impl Future<Output = ()> {
    let signal = signal(kind);
    async move {
        match signal {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    }
}

/// The master key of a configuration.
pub fn master_key(config: &Config) -> anyhow::Result<keyring::MasterKey> {
    let path = &config.master_key.file;
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the master key {}: put it back from where it is kept; nothing can be read without it", path.display()))?;
    keyring::MasterKey::from_text(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

/// What stopped a use case, as an error of a command.
pub fn stopped(stop: Stop) -> anyhow::Error {
    match stop {
        Stop::Store(error) => error.into(),
        Stop::Key(error) => error.into(),
        Stop::No(app::Refusal::Conflict(code)) => anyhow::anyhow!("refused: {code}"),
        other => anyhow::anyhow!("refused: {other:?}"),
    }
}

/// The time that a store lives by, for a command that writes to it or judges it.
pub async fn clock_of(store: &Store) -> anyhow::Result<Arc<dyn Clock>> {
    app::clock::of_store(store, Arc::new(SystemClock)).await.map_err(stopped)
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read {}: put the file there, or correct its path in the configuration",
            path.display()
        )
    })
}

/// The BankID client of a configuration.
pub fn bankid(config: &Config) -> anyhow::Result<BankId> {
    let places = &config.bankid;
    let start_link = match &places.start_link {
        None => StartLink::official(),
        Some(base) => StartLink::parse(&format!("{base}?autostarttoken={{autostarttoken}}&redirect=null"))?,
    };
    let settings = bankid::Settings {
        environment: match config.environment {
            crate::config::Mark::Production => bankid::Environment::Production,
            _ => bankid::Environment::Test,
        },
        endpoint: places.endpoint.clone(),
        client_certificate: text_of(&places.client_certificate)?,
        client_key: login::secret::Secret::new(text_of(&places.client_key)?),
        server_roots: text_of(&places.server_root)?,
        signing_roots: text_of(&places.signing_root)?,
        relying_party: config.agency_number()?.digits(),
        start_link,
        highest_risk: None,
    };
    Ok(BankId::new(settings, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))?)
}

/// An opened installation, ready to listen.
#[derive(Debug)]
pub struct HouseParts {
    pub app: App,
    letters: Arc<PageLetters>,
    mover: Option<Mover>,
    register: Option<Register>,
    router: axum::Router,
}

/// Opens the store (its tables are brought up to date) and puts the house together.
pub async fn open(config: &Config, phone: Option<DemoPhone>) -> anyhow::Result<HouseParts> {
    let store = Store::open(&config.store_url()?).await?;
    store.migrate(&migrations()).await?;
    let master = master_key(config)?;
    app::keys::complete(&store, &master, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))
        .await
        .map_err(stopped)?;
    erase_again(&store, config).await?;
    let services = services();
    let settings = Settings {
        public_url: config.public.url.clone(),
        agency_name: catalogue::Text { sv: config.agency.name_sv.clone(), en: config.agency.name_en.clone() },
        mail_from: config.mail.from.clone(),
        node: node_name(),
    };
    let parts = Parts {
        store,
        master,
        clock: Arc::new(SystemClock),
        wall: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::new()),
        bankid: bankid(config)?,
        mailer: mailer(config)?,
        caller: notify::Caller::new()?,
        settings,
        errands: services.iter().flat_map(|service| service.errands()).collect(),
    };
    let app = App::open(parts).await?;
    if app.installation().environment != config.environment.into() {
        bail!(
            "the store was born as {:?} and the configuration says {:?}: a store keeps its mark for life",
            app.installation().environment,
            config.environment
        );
    }
    // Each of these files is needed elsewhere too, where its mistake is told.
    let certificates = crate::certificates::expiries(config).unwrap_or_else(|error| {
        tracing::warn!("the certificates' dates cannot be watched: {error:#}");
        Vec::new()
    });
    app.watch_expiries(certificates, config.operations.mail.clone());
    let texts = Texts::new(&texts(&services))?;
    let site = Site::new(site(config, &texts, app.clock())).noting_in(app.clone());
    let menu = Menu::new(web::menu().into_iter().chain(services.iter().flat_map(|service| service.menu())));
    let door = Door::new(site, menu, app.clone());
    let mut inner = axum::Router::new();
    for service in &services {
        let platform = Platform::new(app.clone(), service.id());
        inner = inner.nest(&format!("/for/{{party}}/{}", service.id()), service.routes(platform));
    }
    let letters = Arc::new(PageLetters::new(texts.clone()));
    let beside = phone.iter().map(|phone| Arc::new(phone.clone()) as Arc<dyn Beside>).collect();
    let mover = Mover::of(app.clone(), letters.clone(), beside);
    // The pages last: of two that are merged, the later one answers what nobody has a route for, and that is a page.
    let router = api::router(app.clone(), texts)
        .merge(web::router(House { door, app: app.clone(), phone, mover: mover.clone() }, inner));
    let register = config.population_register.as_ref().map(Register::new).transpose()?;
    Ok(HouseParts { app, letters, mover, register, router })
}

/// What the installation's own acts need; `store` tells its time.
pub async fn means(store: &Store, config: &Config) -> anyhow::Result<app::erasure::Means> {
    Ok(app::erasure::Means {
        master: Arc::new(master_key(config)?),
        clock: clock_of(store).await?,
        wall: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy::new()),
    })
}

/// Nobody is served from a store that knows people who have been erased, whichever way it was put back.
async fn erase_again(store: &Store, config: &Config) -> anyhow::Result<()> {
    let means = means(store, config).await?;
    match app::erasure::before_serving(store, &config.erasures.file, &means).await {
        Ok(0) => Ok(()),
        Ok(erased) => {
            tracing::warn!(erased, "the list of erasures was ahead of the store; it has been carried out");
            Ok(())
        }
        Err(refused) => bail!("{}: {refused} ({})", refused.code(), config.erasures.file.display()),
    }
}

/// All texts of the house and its services.
pub fn texts(services: &[Arc<dyn Service>]) -> Vec<TextSource> {
    let mut sources = web::texts();
    sources.extend(services.iter().flat_map(|service| service.texts()));
    sources
}

fn site(config: &Config, texts: &Arc<Texts>, clock: Arc<dyn Clock>) -> SiteConfig {
    let plain = config.public.url.starts_with("http://");
    SiteConfig {
        name: Words::new(config.agency.name_sv.clone(), config.agency.name_en.clone()),
        environment: match config.environment {
            crate::config::Mark::Demo => page::Environment::Demo,
            crate::config::Mark::Test => page::Environment::Test,
            crate::config::Mark::Production => page::Environment::Production,
        },
        transport: if plain { Transport::PlainLoopback } else { Transport::Tls },
        origins: vec![config.public.url.clone()],
        texts: texts.clone(),
        clock,
        entropy: Arc::new(SystemEntropy::new()),
        support: Vec::new(),
        footer: page::standard_footer(),
    }
}

fn mailer(config: &Config) -> anyhow::Result<notify::Mailer> {
    let (scheme, place) = config.mail.server.split_once("://").context("mail.server: begin with smtp://")?;
    let security = match scheme {
        "smtp" => notify::Security::None,
        "smtp+starttls" => notify::Security::StartTls,
        "smtps" => notify::Security::Tls,
        other => bail!("mail.server: {other}:// is not known; smtp://, smtp+starttls:// or smtps://"),
    };
    let (host, port) = place.trim_end_matches('/').rsplit_once(':').context("mail.server: give host:port")?;
    let settings = notify::Settings {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.parse().context("mail.server: the port is a number")?,
        security,
        credentials: config.mail.credentials.as_deref().map(credentials).transpose()?,
        from: config.mail.from.clone(),
        roots: None,
    };
    Ok(notify::Mailer::new(&settings)?)
}

/// Name and password at the mail server, out of their file.
fn credentials(path: &Path) -> anyhow::Result<notify::Credentials> {
    let text = text_of(path)?;
    let (user, password) = text
        .trim_end()
        .split_once(':')
        .with_context(|| format!("{} must hold one line, user:password", path.display()))?;
    Ok(notify::Credentials { user: user.to_owned(), password: password.to_owned() })
}

/// A name for leases: two nodes on one machine differ by process.
fn node_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}-{}", host.trim(), std::process::id())
}

/// Listeners that answer, and the background work.
#[derive(Debug)]
pub struct Running {
    pub public: SocketAddr,
    pub operations: SocketAddr,
    store: Store,
    tasks: Vec<JoinHandle<()>>,
}

/// How often a node looks whether it still fits the tables.
const LOOK: Duration = Duration::from_secs(1);

impl HouseParts {
    pub async fn listen(self, config: &Config, stop: watch::Receiver<bool>) -> anyhow::Result<Running> {
        if let Some(register) = &self.register
            && let Err(error) = register.read(&self.app).await
        {
            // Those who were marked before stay so; what is new is asked for again.
            tracing::warn!(%error, "notices of protected identity could not be read before the first page");
        }
        let mut public =
            Listener::bind(config.public.listen, "public").await?.behind(&config.public.trusted_proxies);
        if let (Some(certificate), Some(key)) = (&config.public.certificate, &config.public.key) {
            public = public.with_tls(certificate, key)?;
        }
        let operations = Listener::bind(config.operations.listen, "operations").await?;
        let addresses = (public.address, operations.address);
        let (app, letters) = (self.app.clone(), self.letters);
        let jobs = stop.clone();
        let mut tasks = vec![
            tokio::spawn(async move { app.run_jobs(letters, jobs).await }),
            tokio::spawn(public.serve(self.router, stop.clone())),
            tokio::spawn(
                operations.serve(crate::operations::router(self.app.clone(), self.mover), stop.clone()),
            ),
        ];
        let store = self.app.store().clone();
        if let Some(register) = self.register {
            tasks.push(tokio::spawn(crate::register::run(register, self.app, stop)));
        }
        Ok(Running { public: addresses.0, operations: addresses.1, store, tasks })
    }
}

impl Running {
    /// Comes back when a newer release has changed the tables so that this program can no longer run on them; says so.
    pub async fn outgrown(&self) -> String {
        let sets = migrations();
        loop {
            tokio::time::sleep(LOOK).await;
            // A store that does not answer is met by everything else.
            if let Err(store::StoreError::Migration(why)) = self.store.still_fits(&sets).await {
                tracing::error!(why, "this node stops");
                return why;
            }
        }
    }

    /// Waits until everything has come to rest.
    pub async fn finished(self) {
        for task in self.tasks {
            drop(task.await);
        }
    }
}
