//! A house in one process, and a browser without JavaScript at its door.

use app::demo::{DemoDated, DemoEmployer, DemoEnd, DemoPerson, DemoWorld};
use app::installation::{NewInstallation, install};
use app::outbox::{Letter, Letters};
use app::{App, Parts, Settings, SystemClock, SystemEntropy};
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use ident::OrganisationNumber;
use login::bankid::{self, BankId, StartLink};
use page::door::{ClientAddress, Door, Menu, MenuEntry};
use page::{Environment, Site, SiteConfig, Texts, Transport, Words, standard_footer};
use sandbox::Sandbox;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;
use tower::ServiceExt as _;
use web::{DemoPhone, House};

pub const ORIGIN: &str = "http://localhost:8400";

/// Everything behind one router. Ends with the test.
pub struct World {
    pub app: App,
    pub sandbox: Sandbox,
    /// The two one-time invitations.
    pub codes: [String; 2],
    router: axum::Router,
    database: store::testing::TestDatabase,
    _stop: watch::Sender<bool>,
}

/// Whether the house knows its sandbox's telephone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum As {
    Demo,
    Plain,
}

#[derive(Debug)]
pub struct NoLetters;

impl Letters for NoLetters {
    fn write(&self, template: &str, _: &str, _: &str) -> Letter {
        Letter { subject: template.to_owned(), text: String::new() }
    }
}

/// The test PKI is made once for all tests: its keys take seconds.
async fn a_sandbox() -> Sandbox {
    static FIRST: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    let options =
        || sandbox::Options::on_free_ports(Path::new(env!("CARGO_TARGET_TMPDIR")).join("web-sandbox"));
    let start = || async {
        sandbox::start(options(), Arc::new(SystemClock), Arc::new(SystemEntropy::new())).await.unwrap()
    };
    FIRST.get_or_init(|| async { start().await.shutdown().await }).await;
    start().await
}

impl World {
    pub async fn new(how: As) -> World {
        let sandbox = a_sandbox().await;
        let database = store::testing::sqlite().unwrap();
        let store = database.store().await.unwrap();
        let clock = || Arc::new(SystemClock);
        let entropy = || Arc::new(SystemEntropy::new());
        let master = keyring::MasterKey::generate(&SystemEntropy::new());
        let new = NewInstallation {
            environment: store::installation::Environment::Demo,
            origin: "localhost/behorig/demo".into(),
            agency_name: "Exempelmyndigheten".into(),
            agency_number: OrganisationNumber::parse("4021001005").unwrap(),
            catalogue: catalogue(),
        };
        let codes =
            install(&store, &master, new, clock(), entropy()).await.unwrap().map(|code| code.grouped());
        app::demo::seed(&store, &master, people(&sandbox), clock(), entropy()).await.unwrap();
        let parts = Parts {
            store,
            master,
            clock: clock(),
            wall: clock(),
            entropy: entropy(),
            bankid: bankid(&sandbox),
            mailer: mailer(&sandbox),
            caller: notify::Caller::new().unwrap(),
            settings: Settings {
                public_url: ORIGIN.into(),
                agency_name: catalogue::Text {
                    sv: "Exempelmyndigheten".into(),
                    en: "The Example Agency".into(),
                },
                mail_from: "no-reply@agency.example".into(),
                node: "test".into(),
            },
            errands: Vec::new(),
        };
        let app = App::open(parts).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let jobs = app.clone();
        tokio::spawn(async move { jobs.run_jobs(Arc::new(NoLetters), stopped).await });
        let phone = (how == As::Demo).then(|| DemoPhone::parse(&sandbox.control_url()).unwrap());
        let beside =
            phone.iter().map(|phone| Arc::new(phone.clone()) as Arc<dyn app::clock::Beside>).collect();
        let mover = app::clock::Mover::of(app.clone(), Arc::new(NoLetters), beside);
        let entry = MenuEntry {
            key: "home-title",
            path: "/employer/sickness-reports",
            permission: "employer.sickness_report.create",
        };
        let door = Door::new(site(&app), Menu::new(web::menu().into_iter().chain([entry])), app.clone());
        let router = web::router(House { door, app: app.clone(), phone, mover }, axum::Router::new());
        let address = ClientAddress(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
        let router = router.layer(axum::Extension(address));
        World { app, sandbox, codes, router, database, _stop: stop }
    }

    /// The names of the files where the store lies.
    pub fn files(&self) -> Vec<String> {
        let store::StoreUrl::Sqlite(path) = &self.database.url else { panic!("a file") };
        let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), language: "sv", referer: None }
    }

    /// A word to the sandbox's control interface.
    pub async fn tell(&self, path: &str, body: serde_json::Value) -> (u16, String) {
        let mut stream = tokio::net::TcpStream::connect(self.sandbox.control).await.unwrap();
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.sandbox.control,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    /// Every session of everybody was used for the last time so many minutes earlier.
    pub async fn unused_for(&self, minutes: i64) {
        let ago = minutes * 60 * 1_000_000;
        self.app
            .store()
            .write(move |tx| tx.execute("UPDATE session SET seen_at = seen_at - $1", &[ago.into()]))
            .await
            .unwrap();
    }

    /// Opens the app with a start link's token and approves.
    pub async fn start_and_approve(&self, person: &str, token: &str) {
        let start = serde_json::json!({"person": person, "autostart_token": token});
        assert_eq!(self.tell("/phone/start", start).await.0, 200);
        assert_eq!(self.tell("/phone/approve", serde_json::json!({"person": person})).await.0, 200);
    }
}

fn catalogue() -> catalogue::Catalogue {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let source = |file: &str| catalogue::Source {
        file: file.to_owned(),
        text: std::fs::read_to_string(folder.join(file)).unwrap(),
    };
    let terms = ["terms/employer-2024-12-20.sv.md", "terms/employer-2024-12-20.en.md"].map(source);
    catalogue::Catalogue::parse(&["platform.toml", "employer.toml"].map(source), &terms).unwrap()
}

fn people(sandbox: &Sandbox) -> DemoWorld {
    let person = |id: &str| {
        let person = sandbox.people().get(id).unwrap();
        DemoPerson {
            number: person.personal_number.clone(),
            name: person.name(),
            email: format!("{id}@post.example"),
        }
    };
    let employer = |id: &str, administrator: &str, user: &str| {
        let organisation = sandbox.people().organisation(id).unwrap();
        DemoEmployer {
            number: organisation.number.clone(),
            name: organisation.name.clone(),
            email: format!("info@{id}.example"),
            administrator: person(administrator),
            users: vec![(person(user), "employer.user".into())],
        }
    };
    DemoWorld {
        officers: vec![person("astrid"), person("bengt")],
        roles: vec![
            (person("rut"), "platform.support".into()),
            (person("per"), "platform.operator".into()),
            (person("ulla"), "platform.protected_handler".into()),
        ],
        employers: vec![employer("granas", "cecilia", "nils"), employer("sjovik", "olga", "nils")],
        dated: vec![DemoDated {
            employer: sandbox.people().organisation("granas").unwrap().number.clone(),
            user: person("farid"),
            package: "employer.user".into(),
            end: DemoEnd::DaysAgo(3),
        }],
        ..DemoWorld::default()
    }
}

fn bankid(sandbox: &Sandbox) -> BankId {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let settings = bankid::Settings {
        environment: bankid::Environment::Test,
        endpoint: sandbox.bankid_url(),
        client_certificate: read(&sandbox.pki.client_certificate),
        client_key: login::secret::Secret::new(read(&sandbox.pki.client_key)),
        server_roots: read(&sandbox.pki.server_root),
        signing_roots: read(&sandbox.pki.signing_root),
        relying_party: "4021001005".into(),
        start_link: StartLink::parse(&format!(
            "{}?autostarttoken={{autostarttoken}}&redirect=null",
            sandbox.start_link()
        ))
        .unwrap(),
        highest_risk: None,
    };
    BankId::new(settings, Arc::new(SystemClock), Arc::new(SystemEntropy::new())).unwrap()
}

fn mailer(sandbox: &Sandbox) -> notify::Mailer {
    let settings = notify::Settings {
        host: sandbox.smtp.ip().to_string(),
        port: sandbox.smtp.port(),
        security: notify::Security::None,
        credentials: None,
        from: "no-reply@agency.example".into(),
        roots: None,
    };
    notify::Mailer::new(&settings).unwrap()
}

fn site(app: &App) -> Site {
    Site::new(SiteConfig {
        name: Words::new("Exempelmyndigheten", "The Example Agency"),
        environment: Environment::Demo,
        transport: Transport::PlainLoopback,
        origins: vec![ORIGIN.into()],
        texts: Texts::new(&web::texts()).unwrap(),
        clock: app.clock(),
        entropy: Arc::new(SystemEntropy::new()),
        support: Vec::new(),
        footer: standard_footer(),
    })
    .noting_in(app.clone())
}

/// A browser: cookies, forms, redirects one at a time.
#[derive(Clone)]
pub struct Browser {
    router: axum::Router,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
    /// The page of ours that the next request comes from, if the browser says so.
    pub referer: Option<String>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub to: Option<String>,
    pub html: String,
}

impl Browser {
    /// The answer's head; the body is still to come.
    pub async fn open(&mut self, method: Method, path: &str, form: &[(&str, &str)]) -> Response {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if !jar.is_empty() {
            request = request.header(header::COOKIE, jar.join("; "));
        }
        if let Some(page) = &self.referer {
            request = request.header(header::REFERER, format!("{ORIGIN}{page}"));
        }
        let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body =
            form.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&");
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => self.cookies.remove(name),
                _ => self.cookies.insert(name.into(), value.into()),
            };
        }
        response
    }

    pub async fn get(&mut self, path: &str) -> Page {
        read(self.open(Method::GET, path, &[]).await).await
    }

    /// Sends a form with a file, as `multipart/form-data`.
    pub async fn upload(&mut self, path: &str, form: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        let mut body = Vec::new();
        for (name, value) in form {
            let part =
                format!("--b0undary\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--b0undary\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"blankett.pdf\"\r\n\r\n",
            file.0
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(b"\r\n--b0undary--\r\n");
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, jar.join("; "))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0undary")
            .body(Body::from(body));
        read(self.router.clone().oneshot(request.unwrap()).await.unwrap()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        read(self.open(Method::POST, path, form).await).await
    }

    /// Goes where the answers lead, until a page is shown.
    pub async fn arrive(&mut self, path: &str) -> (String, Page) {
        let mut path = path.to_owned();
        for _ in 0..8 {
            let page = self.get(&path).await;
            match page.to {
                Some(to) => path = to,
                None => return (path, page),
            }
        }
        panic!("redirects without end at {path}");
    }

    /// Begins a login; gives the path of the order.
    pub async fn begin(&mut self, device: &str, more: &[(&str, &str)]) -> String {
        let form: Vec<_> = [("device", device)].into_iter().chain(more.iter().copied()).collect();
        let page = self.post("/login/bankid", &form).await;
        page.to.unwrap_or_else(|| panic!("no order: {} {}", page.status, page.html))
    }

    /// The hidden fields of a page's forms: the token and the party.
    pub async fn guard(&mut self) -> Vec<(String, String)> {
        let page = self.get("/party").await;
        ["csrf", "party"].map(|name| (name.to_owned(), page.field(name))).into()
    }

    /// A whole login on this device, to the first page after it.
    pub async fn log_in(&mut self, world: &World, person: &str, more: &[(&str, &str)]) -> (String, Page) {
        let order = self.begin("this", more).await;
        let shown = self.get(&format!("{order}?view=still")).await;
        world.start_and_approve(person, &shown.token()).await;
        self.settled(&order).await;
        self.arrive(&format!("{order}/done")).await
    }

    /// Waits until the order's page leads on.
    pub async fn settled(&mut self, order: &str) {
        for _ in 0..100 {
            if self.get(&format!("{order}?view=still")).await.to.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the order never came to an end");
    }
}

impl Page {
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.html.contains(text), "{text:?} is missing: {} {}", self.status, self.html);
        self
    }

    #[track_caller]
    pub fn has_not(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{text:?} is there: {}", self.html);
        self
    }

    /// The value of the first hidden field of that name.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let at = self
            .html
            .find(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no field {name}: {}", self.html));
        self.html[at..].split('"').nth(3).unwrap().to_owned()
    }

    /// The reference code of a problem.
    #[track_caller]
    pub fn reference(&self) -> String {
        let rest = self
            .html
            .split("<code id=\"reference\">")
            .nth(1)
            .unwrap_or_else(|| panic!("no reference: {}", self.html));
        rest.split('<').next().unwrap().to_owned()
    }

    /// The token in the start link.
    #[track_caller]
    pub fn token(&self) -> String {
        let rest = self
            .html
            .split("autostarttoken=")
            .nth(1)
            .unwrap_or_else(|| panic!("no start link: {}", self.html));
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    }
}

async fn read(response: Response) -> Page {
    let to = response.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    let status = response.status();
    let bytes =
        tokio::time::timeout(Duration::from_secs(20), response.into_body().collect()).await.unwrap().unwrap();
    let page = Page { status, to, html: String::from_utf8_lossy(&bytes.to_bytes()).into_owned() };
    assert!(!page.html.contains('⟦'), "a text is missing: {}", page.html);
    page
}
