//! An installation of its own: a database, a simulated BankID and mailbox, and one or more nodes at work.

use super::world;
use app::clock::{Beside, Mover};
use app::demo::DemoWorld;
use app::installation::{NewInstallation, install};
use app::invitation::InvitationCode;
use app::outbox::{Letter, Letters};
use app::platform::ServiceAct;
use app::sign::{Errand, Signed};
use app::{App, Parts, Settings, Stop};
use catalogue::{Catalogue, Source, Text};
use domain::{Clock, Instant, RecordId};
use ident::OrganisationNumber;
use keyring::MasterKey;
use login::bankid::{self, BankId, StartLink};
use login::secret::Secret;
use sandbox::Sandbox;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::installation::Environment;
use store::testing::{TestClock, TestDatabase, TestEntropy};
use tokio::sync::watch;

/// When every house begins: 2027-03-24 08:00 UTC, a Wednesday; the Friday and Monday after it are Easter holidays, and
/// on the Sunday between them clocks in Sweden go forward.
pub const T0: Instant = Instant::from_micros(1_805_875_200_000_000);

/// A good master key that opens no store of these tests.
pub const MASTER_KEY_OF_ANOTHER: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

pub struct House {
    pub clock: Arc<TestClock>,
    pub sandbox: Sandbox,
    pub database: TestDatabase,
    /// The first node.
    pub app: App,
    pub invitations: [InvitationCode; 2],
    pub(super) seen: tokio::sync::Mutex<BTreeSet<RecordId>>,
    master: String,
    /// The nodes at work, and what stops them.
    nodes: Mutex<Vec<(App, watch::Sender<bool>)>>,
}

/// The people's PKI is made once for all runs: RSA keys take a second each.
async fn sandbox(clock: Arc<dyn Clock>) -> Sandbox {
    static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE_AT_A_TIME.lock().await;
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("app-sandbox");
    sandbox::start(sandbox::Options::on_free_ports(data), clock, Arc::new(TestEntropy)).await.unwrap()
}

/// The catalogue of the repository, with `edit` made in each of its files.
pub fn catalogue_with(edit: impl Fn(&str) -> String) -> Catalogue {
    catalogue_of(edit, Vec::new())
}

/// The same, and what a test puts beside it.
fn catalogue_of(edit: impl Fn(&str) -> String, more: Vec<Source>) -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let read = |folder: &Path| {
        let mut sources = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_file() {
                let text = edit(&std::fs::read_to_string(&entry).unwrap());
                sources.push(Source { file: entry.display().to_string(), text });
            }
        }
        sources.sort_by(|a, b| a.file.cmp(&b.file));
        sources
    };
    let services = [read(&folder), more].concat();
    Catalogue::parse(&services, &read(&folder.join("terms"))).unwrap()
}

impl House {
    /// Installed, with two invitations out and nobody in it. One node is at work.
    pub async fn empty(database: TestDatabase) -> House {
        Self::start(database, Environment::Test, None, Vec::new()).await
    }

    /// Furnished with [`world`]. One node is at work; what led here is forgotten.
    pub async fn furnished(database: TestDatabase) -> House {
        Self::furnished_with(database, world()).await
    }

    /// Furnished with a world of the test's own.
    pub async fn furnished_with(database: TestDatabase, world: DemoWorld) -> House {
        Self::start(database, Environment::Demo, Some(world), Vec::new()).await
    }

    /// With the mark of the real thing.
    pub async fn production(database: TestDatabase) -> House {
        Self::start(database, Environment::Production, None, Vec::new()).await
    }

    /// Everything that a node does to move its clock, with this beside it.
    pub fn mover(&self, app: &App, beside: Vec<Arc<dyn Beside>>) -> Option<Mover> {
        Mover::of(app.clone(), Arc::new(PlainLetters), beside)
    }

    /// The simulators' own clock, as the demo moves it.
    pub fn simulators(&self) -> Arc<dyn Beside> {
        Arc::new(Simulators(self.sandbox.control))
    }

    /// Furnished, with more services in its catalogue.
    pub async fn furnished_beside(database: TestDatabase, more: Vec<Source>) -> House {
        Self::start(database, Environment::Demo, Some(world()), more).await
    }

    async fn start(
        database: TestDatabase,
        environment: Environment,
        world: Option<DemoWorld>,
        more: Vec<Source>,
    ) -> House {
        let clock = Arc::new(TestClock::at(T0));
        let sandbox = sandbox(clock.clone()).await;
        let store = database.store().await.unwrap();
        let master = MasterKey::generate(&TestEntropy);
        let new = NewInstallation {
            environment,
            origin: "localhost/behorig/test".to_owned(),
            agency_name: "Exempelmyndigheten".to_owned(),
            agency_number: OrganisationNumber::parse(&sandbox.pki.relying_party_number).unwrap(),
            catalogue: catalogue_of(str::to_owned, more),
        };
        let invitations = install(&store, &master, new, clock.clone(), Arc::new(TestEntropy)).await.unwrap();
        if let Some(world) = world {
            app::demo::seed(&store, &master, world, clock.clone(), Arc::new(TestEntropy)).await.unwrap();
        }
        let text = master.to_text().to_string();
        let app = open(&database, &text, &clock, &sandbox, "first").await.unwrap();
        let house = House {
            clock,
            sandbox,
            database,
            app: app.clone(),
            invitations,
            seen: tokio::sync::Mutex::default(),
            master: text,
            nodes: Mutex::default(),
        };
        house.put_to_work(app);
        house.forget().await;
        house
    }

    /// One node more on the same store. It does no background work yet.
    pub async fn idle_node(&self, name: &str) -> App {
        open(&self.database, &self.master, &self.clock, &self.sandbox, name).await.unwrap()
    }

    /// One node more on the same store, at work.
    pub async fn node(&self, name: &str) -> App {
        let app = self.idle_node(name).await;
        self.put_to_work(app.clone());
        app
    }

    /// A node whose mail server is not there. It does no background work.
    pub async fn node_without_mail(&self) -> App {
        let nowhere = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
        open_at(&self.database, &self.master, &self.clock, &self.sandbox, nowhere, "deaf").await.unwrap()
    }

    /// Domain time as a command takes it, out of the store.
    pub async fn store_clock(&self) -> Arc<dyn Clock> {
        app::clock::of_store(self.app.store(), self.clock.clone()).await.unwrap()
    }

    /// Opens a node with this master key.
    pub async fn open_with(&self, master: &str) -> Result<App, app::OpenError> {
        open(&self.database, master, &self.clock, &self.sandbox, "other").await
    }

    pub fn master(&self) -> MasterKey {
        MasterKey::from_text(&self.master).unwrap()
    }

    fn put_to_work(&self, app: App) {
        let (stop, stopped) = watch::channel(false);
        let working = app.clone();
        tokio::spawn(async move { working.run_jobs(Arc::new(PlainLetters), stopped).await });
        self.nodes.lock().unwrap().push((app, stop));
    }

    /// Every node stops working, as in a restart.
    pub fn stop_all(&self) {
        for (_, stop) in self.nodes.lock().unwrap().drain(..) {
            stop.send_replace(true);
        }
    }

    /// Every node at work looks at once.
    pub fn wake(&self) {
        for (app, _) in self.nodes.lock().unwrap().iter() {
            app.wake();
        }
    }

    /// Time passes.
    pub fn pass(&self, time: Duration) {
        self.clock.set(self.clock.now() + time);
        self.wake();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop_all();
    }
}

async fn open(
    database: &TestDatabase,
    master: &str,
    clock: &Arc<TestClock>,
    sandbox: &Sandbox,
    name: &str,
) -> Result<App, app::OpenError> {
    open_at(database, master, clock, sandbox, sandbox.smtp, name).await
}

async fn open_at(
    database: &TestDatabase,
    master: &str,
    clock: &Arc<TestClock>,
    sandbox: &Sandbox,
    smtp: std::net::SocketAddr,
    name: &str,
) -> Result<App, app::OpenError> {
    let pem = |path: &Path| std::fs::read_to_string(path).unwrap();
    let pki = &sandbox.pki;
    let settings = bankid::Settings {
        environment: bankid::Environment::Test,
        endpoint: sandbox.bankid_url(),
        client_certificate: pem(&pki.client_certificate),
        client_key: Secret::new(pem(&pki.client_key)),
        server_roots: pem(&pki.server_root),
        signing_roots: pem(&pki.signing_root),
        relying_party: pki.relying_party_number.clone(),
        start_link: StartLink::parse(&format!("{}?autostarttoken={{autostarttoken}}", sandbox.start_link()))
            .unwrap(),
        highest_risk: None,
    };
    let mail = notify::Settings {
        host: smtp.ip().to_string(),
        port: smtp.port(),
        security: notify::Security::None,
        credentials: None,
        from: "Exempelmyndigheten <svara-inte@myndigheten.example>".to_owned(),
        roots: None,
    };
    App::open(Parts {
        store: database.open().await?,
        master: MasterKey::from_text(master).unwrap(),
        clock: clock.clone(),
        wall: clock.clone(),
        entropy: Arc::new(TestEntropy),
        bankid: BankId::new(settings, clock.clone(), Arc::new(TestEntropy)).unwrap(),
        mailer: notify::Mailer::new(&mail).unwrap(),
        caller: notify::Caller::new().unwrap(),
        settings: Settings {
            public_url: "http://localhost:8400".to_owned(),
            agency_name: Text { sv: "Exempelmyndigheten".to_owned(), en: "The Example Agency".to_owned() },
            mail_from: mail.from.clone(),
            node: name.to_owned(),
        },
        errands: vec![Arc::new(NoteErrand)],
    })
    .await
}

#[derive(Debug)]
struct Simulators(std::net::SocketAddr);

impl Beside for Simulators {
    fn advance<'a>(
        &'a self,
        by: Duration,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move {
            let body = serde_json::json!({"advance_seconds": by.as_secs()});
            match super::phone::control(self.0, "POST", "/clock", &body).await {
                (200, _) => Ok(()),
                (status, said) => Err(format!("{status} {said}")),
            }
        })
    }
}

/// Letters that say which they are.
#[derive(Debug)]
struct PlainLetters;

impl Letters for PlainLetters {
    fn write(&self, template: &str, argument: &str, _: &str) -> Letter {
        Letter { subject: template.to_owned(), text: argument.to_owned() }
    }
}

/// A signed errand of a service: keeps what was signed under the party that it was signed for.
#[derive(Debug)]
struct NoteErrand;

impl Errand for NoteErrand {
    fn name(&self) -> &'static str {
        "employer.note"
    }

    fn carry_out(
        &self,
        act: &mut ServiceAct<'_, '_, '_>,
        object: &str,
        signed: &Signed,
    ) -> Result<String, Stop> {
        let party = act.visit().party();
        act.keep_text(party, object, &signed.text)?;
        act.record("note.signed", object, &[signed.evidence], &[]);
        Ok(format!("/note/{object}"))
    }
}
