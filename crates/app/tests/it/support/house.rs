//! An installation of its own: a database, a simulated BankID and mailbox, and one or more nodes at work.

use super::world;
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

/// The committed catalogue, and what a test puts beside it.
fn read_catalogue(more: Vec<Source>) -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let read = |folder: &Path| {
        let mut sources = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_file() {
                let text = std::fs::read_to_string(&entry).unwrap();
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
        Self::furnished_with(database, Vec::new()).await
    }

    /// The same with more services in its catalogue.
    pub async fn furnished_with(database: TestDatabase, more: Vec<Source>) -> House {
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
            catalogue: read_catalogue(more),
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
        host: sandbox.smtp.ip().to_string(),
        port: sandbox.smtp.port(),
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
        mailer: notify::Mailer::new(&mail, clock.clone()).unwrap(),
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
