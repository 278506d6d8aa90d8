//! Whole requests, as a listener hands them on: every handler, with whatever stands in address, headers and body. What comes back
//! is an answer of ours: no fault of the machinery, bounded, dressed, leading nowhere that nobody named.

use super::mutate::drive;
use crate::clients::acting;
use crate::world::{As, Browser, ORIGIN, World};
use app::oidc::add_client;
use app::{Platform, SystemClock, SystemEntropy};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::body::Body;
use axum::response::Response;
use domain::Clock as _;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use oidc::draft::{Draft, Proof};
use oidc::jws::{OwnKey, Unsigned};
use page::door::{ClientAddress, Door, Menu};
use page::{
    Environment, Service as _, Site, SiteConfig, Texts, Transport, Words, local_path, standard_footer,
};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tower::ServiceExt as _;
use web::House;

/// A page of ours is a tenth of it.
const LARGEST: usize = 1024 * 1024;
const BACK: &str = "http://127.0.0.1:8420/back";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The house as `serve` wires it: pages, the employers' services, what programs call; with a client of each kind.
struct Doors {
    world: World,
    router: axum::Router,
    pair: EcdsaKeyPair,
}

impl Doors {
    async fn open() -> Doors {
        let world = World::new(As::Plain).await;
        let app = world.app.clone();
        app.store().migrate(&[store::MIGRATIONS, employer::Employer.migrations()]).await.unwrap();
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let own = OwnKey { kid: "one".into(), point: pair.public_key().as_ref().try_into().unwrap() };
        let draft = |id: &str, proof| Draft {
            id: id.into(),
            service: "employer".into(),
            name_sv: "Butiken".into(),
            name_en: "The shop".into(),
            redirect_uris: vec![BACK.into()],
            post_logout_redirect_uris: vec![BACK.into()],
            proof: Some(proof),
            ..Draft::default()
        };
        let clients = [
            draft("app", Proof::Public),
            draft("till", Proof::Keys(json!({"keys": [own.jwk()]}).to_string())),
        ];
        for client in clients {
            let (clock, wall) = (app.clock(), Arc::new(SystemClock));
            add_client(app.store(), client, clock, wall, Arc::new(SystemEntropy::new())).await.unwrap();
        }
        let mut texts = web::texts();
        texts.extend(employer::Employer.texts());
        let texts = Texts::new(&texts).unwrap();
        let menu = Menu::new(web::menu().into_iter().chain(employer::Employer.menu()));
        let door = Door::new(site(&app, texts.clone()), menu, app.clone());
        let platform = Platform::new(app.clone(), employer::SERVICE);
        let services = axum::Router::new().nest("/for/{party}/employer", employer::Employer.routes(platform));
        let mover = app::clock::Mover::of(app.clone(), Arc::new(crate::world::NoLetters), Vec::new());
        let house = House { door, app: app.clone(), phone: None, mover };
        // From this machine itself, which is not counted as a flood.
        let address = ClientAddress(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let router =
            api::router(app, texts).merge(web::router(house, services)).layer(axum::Extension(address));
        Doors { world, router, pair }
    }

    /// The answer to a request written as method and address, headers, an empty line and the body. `None`: what comes before any
    /// handler of ours would not take it for a request.
    async fn ask(&self, input: &[u8]) -> Option<Answer> {
        let at = input.windows(2).position(|two| two == b"\n\n");
        let (head, body) = at.map_or((input, &b""[..]), |at| (&input[..at], &input[at + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n');
        let mut first = lines.next()?.splitn(2, |byte| *byte == b' ');
        let mut request = Request::builder().method(first.next()?).uri(first.next()?);
        for line in lines {
            let mut parts = line.splitn(2, |byte| *byte == b':');
            request = request.header(parts.next()?, parts.next()?.trim_ascii());
        }
        let request = request.body(Body::from(body.to_vec())).ok()?;
        // An address of another kind is not handed on by a listener.
        (request.uri().path().starts_with('/') && request.uri().authority().is_none()).then_some(())?;
        let response = self.router.clone().oneshot(request).await.unwrap();
        Some(Answer::read(response).await)
    }

    /// A machine's access token.
    async fn machine(&self) -> String {
        let now = SystemClock.now().seconds();
        let claims =
            json!({"iss": "till", "sub": "till", "aud": ORIGIN, "jti": "1", "iat": now, "exp": now + 60});
        let unsigned = Unsigned::new("one", "JWT", claims.as_object().unwrap());
        let signature = self.pair.sign(&SystemRandom::new(), unsigned.bytes()).unwrap();
        let assertion = unsigned.signed(signature.as_ref().try_into().unwrap());
        let call = format!(
            "POST /oauth/token\ncontent-type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials&client_id=till\
             &client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={assertion}"
        );
        let answer = self.ask(call.as_bytes()).await.unwrap();
        let told: Value = serde_json::from_str(&answer.text).unwrap();
        told["access_token"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }
}

fn site(app: &app::App, texts: Arc<Texts>) -> Site {
    Site::new(SiteConfig {
        name: Words::new("Exempelmyndigheten", "The Example Agency"),
        environment: Environment::Demo,
        transport: Transport::PlainLoopback,
        origins: vec![ORIGIN.into()],
        texts,
        clock: app.clock(),
        entropy: Arc::new(SystemEntropy::new()),
        support: Vec::new(),
        footer: standard_footer(),
    })
    .noting_in(app.clone())
}

struct Answer {
    status: StatusCode,
    kind: String,
    to: Option<String>,
    policy: bool,
    text: String,
}

impl Answer {
    async fn read(response: Response) -> Answer {
        let said = |name: header::HeaderName| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("a header of ours is ASCII").to_owned())
        };
        let (kind, to) = (said(header::CONTENT_TYPE).unwrap_or_default(), said(header::LOCATION));
        let policy = said(header::CONTENT_SECURITY_POLICY).is_some();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(body.len() <= LARGEST, "{} bytes", body.len());
        Answer { status, kind, to, policy, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// What holds of every answer, whatever was asked.
    fn is_ours(&self) {
        assert!(!self.status.is_server_error(), "{}: {}", self.status, self.text);
        if let Some(to) = &self.to {
            let registered =
                to.strip_prefix(BACK).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
            // A form of another site becomes the same request by GET, as long as it may be.
            let turned = to.starts_with("/oauth/") && to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
            assert!(local_path(to).is_some() || registered || turned, "it leads to {to:?}");
        }
        if self.kind.starts_with("text/html") {
            assert!(
                self.policy && self.text.contains("</html>") && !self.text.contains('⟦'),
                "{}",
                self.text
            );
        }
        if self.kind.starts_with("application/json") {
            let told: Value = serde_json::from_str(&self.text).unwrap();
            let word = |word: &str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let machine = told["error"].as_str().is_some_and(word);
            let page = told["code"].as_str().is_some_and(|code| code.starts_with("BEH-"));
            assert!(self.status.is_success() || machine || page, "{}: {told}", self.status);
        }
    }

    fn is_taken(&self) -> bool {
        self.status.is_success() || self.status.is_redirection()
    }
}

fn jar(browser: &Browser) -> String {
    browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// What a browser of ours says with every request.
fn browsing(cookies: &str) -> String {
    format!(
        "accept: text/html\naccept-language: en-GB,en;q=0.9,sv;q=0.8\nuser-agent: Mozilla/5.0 (iPhone)\norigin: {ORIGIN}\n\
         referer: {ORIGIN}/login\ncookie: {cookies}"
    )
}

fn posting(path: &str, cookies: &str, fields: &[(&str, &str)]) -> String {
    let encode =
        |text: &str| text.replace('%', "%25").replace('&', "%26").replace(' ', "+").replace('\n', "%0D%0A");
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let kind = "content-type: application/x-www-form-urlencoded";
    format!("POST {path}\n{}\n{kind}\n\n{}", browsing(cookies), body.join("&"))
}

fn authorize() -> String {
    format!(
        "/oauth/authorize?client_id=app&redirect_uri={BACK}&response_type=code&scope=openid%20profile&state=abc&nonce=n\
         &code_challenge={CHALLENGE}&code_challenge_method=S256&max_age=600&ui_locales=sv&claims=%7B%22userinfo%22%3A%7B%7D%7D"
    )
}

/// One house for all: it takes longer to build than to question.
#[test]
fn fuzz_whole_requests() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let doors = runtime.block_on(Doors::open());
    let taken = |input: &[u8]| {
        let Some(answer) = runtime.block_on(doors.ask(input)) else { return false };
        answer.is_ours();
        answer.is_taken()
    };

    let get = |path: &str, cookies: &str| format!("GET {path}\n{}\n\n", browsing(cookies));
    let paths = [
        "/",
        "/login?service=employer&next=%2Ffor%2Fx",
        "/terms/employer/2024-12-20",
        "/log",
        "/accessibility",
        "/oauth/keys",
        "/.well-known/openid-configuration",
        "/party?q=a",
    ];
    let left = format!("/oauth/logout?client_id=app&post_logout_redirect_uri={BACK}&state=s");
    let mut asks: Vec<String> = paths.iter().map(|path| get(path, "lang=en; browser=x")).collect();
    asks.extend([
        get(&authorize(), "lang=sv"),
        get(&left, ""),
        posting("/language", "", &[("lang", "en"), ("return", "/help")]),
    ]);
    drive("visits", 2, &asks, taken);

    let (mut nils, base) = runtime.block_on(acting(&doors.world, "nils"));
    let (mut astrid, agency) = runtime.block_on(acting(&doors.world, "astrid"));
    let (own, hers) = (jar(&nils), jar(&astrid));
    let reports = format!("{base}/employer/sickness-reports");
    let mut asks: Vec<String> = [
        "",
        "/may?permission=employer.sickness_report.create",
        "/employer/sickness-reports?show=all",
        "/employer/sickness-reports/new",
    ]
    .iter()
    .map(|path| get(&format!("{base}{path}"), &own))
    .collect();
    asks.extend(
        ["/applications?show=all", "/clients", "/records"]
            .iter()
            .map(|path| get(&format!("{agency}{path}"), &hers)),
    );
    asks.extend([get(&authorize(), &own), get("/party?q=gran", &own), get("/sessions", &hers)]);
    drive("visits with a session", 4, &asks, taken);

    let guard = runtime.block_on(nils.guard());
    let day = |back: i64| {
        page::swedish_day(doors.world.app.now())
            .checked_sub(jiff::Span::new().days(back))
            .unwrap()
            .to_string()
    };
    let (first, last) = (day(15), day(2));
    let hidden =
        |guard: &'_ [(String, String)]| guard.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    let with = |guard: &[(String, String)], fields: &[(&str, &str)]| {
        let typed = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        hidden(guard).into_iter().chain(typed).collect::<Vec<_>>()
    };
    let post = |path: &str, cookies: &str, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        posting(path, cookies, &fields)
    };
    let report = [
        ("employee_number", "199308202390"),
        ("employee_name", "Hassan Ivarsson"),
        ("workplace", "Granåsen"),
        ("first_sick_day", first.as_str()),
        ("last_sick_pay_day", last.as_str()),
        ("degree", "100"),
        ("contact_name", "Elin Forsman"),
        ("contact_email", "elin@granas.example"),
    ];
    let hers_guard = runtime.block_on(astrid.guard());
    let client = [
        ("id", "shop"),
        ("service", "employer"),
        ("name_sv", "Butiken"),
        ("name_en", "The shop"),
        ("authentication", "public"),
        ("redirect_uris", "https://shop.example.se/back"),
    ];
    let asks = [
        post(&format!("{reports}/new"), &own, with(&guard, &report)),
        post("/session/renew", &own, with(&guard, &[("return", "/sessions")])),
        post(&format!("{agency}/clients/register"), &hers, with(&hers_guard, &client)),
    ];
    drive("posts with a session", 4, &asks, taken);

    let token = runtime.block_on(doors.machine());
    let question = json!({"subject": {"type": "person", "id": "AAAAAAAAAAAAAAAAAAAAAA"}, "action": {"name": "employer.sickness_report.create"},
                          "resource": {"type": "organisation", "id": "AAAAAAAAAAAAAAAAAAAAAA"}, "context": {"at_least_seq": 1}});
    let mut many = question.clone();
    many["evaluations"] = json!([{}, {"action": {"name": "employer.sickness_report.read_own"}}, 7]);
    let call = |path: &str, kind: &str, body: &str| {
        format!("POST {path}\nauthorization: Bearer {token}\ncontent-type: {kind}\nx-request-id: 7\n\n{body}")
    };
    let (form, json_kind) = ("application/x-www-form-urlencoded", "application/json; charset=utf-8");
    let asks = [
        call("/access/v1/evaluation", json_kind, &question.to_string()),
        call("/access/v1/evaluations", json_kind, &many.to_string()),
        call("/oauth/par", form, authorize().split('?').nth(1).unwrap()),
        call("/oauth/authorize", form, authorize().split('?').nth(1).unwrap()),
        "GET /.well-known/authzen-configuration\naccept: application/json\n\n".to_owned(),
    ];
    drive("calls of programs", 2, &asks, taken);
}
