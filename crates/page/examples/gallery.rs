//! Every component on pages of their own, to look at: light, dark, 320 px, print, both languages.
//!
//! `cargo run -p page --example gallery [PORT]`, then `/`, `/form`, `/mistakes`, `/confirm`, `/refused`,
//! `/party`, `/login`, `/missing`, `/broken`, each also with `?session`.

#![expect(clippy::print_stdout, reason = "an example says where it listens")]

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use domain::{Clock, Entropy, Instant, PartyId};
use page::{
    Acting, ActingKind, Answers, Badge, BrokenLink, Choice, Confirm, Contact, ContactLine, Environment,
    Facts, Form, FormGuard, Frame, Lang, Mender, Mistakes, NavItem, Notice, Posted, Problem, SessionLine,
    Site, SiteConfig, Texts, Tone, Tr, Transport, Visit, Width, Words, dress, standard_footer,
};

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Instant {
        // 2026-11-23 14.02 in Sweden.
        Instant::from_micros(1_795_438_920_000_000)
    }
}

impl Entropy for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.iter_mut().zip([19, 7, 14, 15, 2, 9, 20, 25, 11, 3]).for_each(|(to, from)| *to = from);
    }
}

fn site() -> Result<Site, page::TextError> {
    Ok(Site::new(SiteConfig {
        name: Words::new("Exempelmyndigheten", "The Example Agency"),
        environment: Environment::Demo,
        transport: Transport::PlainLoopback,
        origins: vec!["http://localhost:8499".to_owned()],
        texts: Texts::new(&[])?,
        clock: Arc::new(Fixed),
        entropy: Arc::new(Fixed),
        support: vec![Contact {
            name: "Exempelmyndighetens kundcenter".to_owned(),
            lines: vec![
                ContactLine::Phone("010-000 00 00".to_owned()),
                ContactLine::Words("vardagar kl. 8.00–16.00".to_owned()),
            ],
        }],
        footer: standard_footer(),
    }))
}

fn guard() -> FormGuard {
    FormGuard::new(|_| [0; 32], &[0; 32], PartyId::from_bytes([1; 16]))
}

fn dressed(visit: &Visit, title: &str, query: &RawQuery) -> Frame {
    let frame = visit.frame(title).nav([
        NavItem { label: "Start".to_owned(), href: "/".to_owned() },
        NavItem { label: "Sjukanmälningar".to_owned(), href: "/form".to_owned() },
        NavItem { label: "Behörigheter".to_owned(), href: "/confirm".to_owned() },
    ]);
    if query.0.is_none() {
        return frame;
    }
    let kind = match query.0.as_deref() {
        Some("session=myself") => ActingKind::Myself,
        Some("session=person") => ActingKind::Person,
        Some("session=agency") => ActingKind::Agency,
        _ => ActingKind::Organisation,
    };
    frame
        .acting(Acting {
            kind,
            name: "Exempel Åkeri AB".to_owned(),
            number: Some("556000-0001".to_owned()),
            role: Some("behörighetsadministratör".to_owned()),
            switch: Some("/party".to_owned()),
        })
        .session(SessionLine {
            ends_at: Instant::from_micros(1_795_440_720_000_000),
            ends_last: Instant::from_micros(1_795_446_120_000_000),
            idle: std::time::Duration::from_secs(1800),
            renew: "/session/renew",
            keep: "/session/keep",
            logout: "/logout",
            guard: guard(),
        })
}

#[derive(Template)]
#[template(path = "gallery/parts.html")]
struct Parts {
    notices: Vec<Notice>,
    badges: Vec<Badge>,
    facts: Facts,
}

async fn parts(visit: Visit, query: RawQuery) -> Response {
    let text = "Exempel Åkeri AB är anslutet till arbetsgivartjänsterna sedan den 1 mars 2026.";
    let body = Parts {
        notices: vec![
            Notice::new(Tone::Success, "Rapporten är skickad", text)
                .link("Visa kvittot", "/receipt")
                .just_happened(),
            Notice::new(Tone::Info, "Det här är nytt", text),
            Notice::new(Tone::Warning, "Behörigheten slutar snart", text),
            Notice::new(Tone::Error, "Det gick inte", text),
        ],
        badges: vec![
            Badge::plain("Utkast"),
            Badge::new(Tone::Info, "Skickad"),
            Badge::new(Tone::Success, "Gäller"),
            Badge::new(Tone::Warning, "Slutar snart"),
            Badge::new(Tone::Error, "Återkallad"),
        ],
        facts: facts(),
    };
    dressed(&visit, "Delar av sidor", &query).wide().render(&body)
}

fn facts() -> Facts {
    Facts::new()
        .fact("Organisation", "Exempel Åkeri AB (556000-0001)")
        .fact_with_link("Första sjukdag", "3 november 2026", ("Ändra", "/form"))
        .fact("Arbetsplats", "Terminalen\nIndustrigatan 1, Storstad")
}

#[derive(Template)]
#[template(path = "gallery/form.html")]
struct FormBody<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
}

impl FormBody<'_> {
    fn degrees() -> Vec<Choice> {
        ["25", "50", "75", "100"].map(|p| Choice::new(p, format!("{p} %"))).into()
    }
    fn medium() -> Width {
        Width::Medium
    }
}

fn form_page(visit: &Visit, query: &RawQuery, answers: &Answers, mistakes: &Mistakes) -> Response {
    let frame = dressed(visit, "Anmäl sjukdom", query).back("Alla anmälningar", "/");
    let frame = if mistakes.is_empty() { frame } else { frame.in_error() };
    frame.render(&FormBody { tr: &visit.tr, form: Form::new(&visit.tr, answers, mistakes), guard: guard() })
}

async fn form(visit: Visit, query: RawQuery) -> Response {
    form_page(&visit, &query, &Answers::empty(), &Mistakes::none())
}

async fn mistakes(visit: Visit, query: RawQuery) -> (StatusCode, Response) {
    let answers = Answers::empty().with("number", "19121212-1213").with("degree", "50").with("day", "igår");
    let mut mistakes = Mistakes::none();
    mistakes.add_code("number", "Den anställdas personnummer", "IDENT_CHECKSUM", &visit.tr);
    mistakes.add_code("day", "Första sjukdag", "DATE_FORM", &visit.tr);
    mistakes.add_code("kind", "Vad gäller det?", "CHOOSE", &visit.tr);
    mistakes.add_code("sure", "Kontroll", "FIELD_MISSING", &visit.tr);
    (StatusCode::UNPROCESSABLE_ENTITY, form_page(&visit, &query, &answers, &mistakes))
}

async fn sent(visit: Visit, query: RawQuery, posted: Posted) -> (StatusCode, Response) {
    let mut mistakes = Mistakes::none();
    mistakes.add_code("number", "Den anställdas personnummer", "FIELD_MISSING", &visit.tr);
    (StatusCode::UNPROCESSABLE_ENTITY, form_page(&visit, &query, &posted.answers, &mistakes))
}

async fn confirm(visit: Visit, query: RawQuery) -> Response {
    let body = Confirm {
        effect: "Bengt Berglund Ek kan inte längre anmäla sjukdom för Exempel Åkeri AB. Det gäller genast."
            .to_owned(),
        facts: facts(),
        action: "/confirm".to_owned(),
        guard: guard(),
        hidden: vec![("mandate".to_owned(), "1".to_owned())],
        buttons: page::Buttons::new("Ta bort behörigheten").danger().cancel("Avbryt", "/"),
    };
    dressed(&visit, "Ta bort behörigheten?", &query).render(&body)
}

async fn refused(visit: Visit, query: RawQuery) -> Problem {
    let broken = vec![
        BrokenLink::new("MANDATE_ENDED", Mender::OrganisationAdministrator).since(visit.now),
        BrokenLink::new("LOA_TOO_LOW", Mender::Yourself),
    ];
    Problem::no_access(broken, "K7EF2-9MSB3", visit.now).in_frame(dressed(&visit, "", &query))
}

async fn party() -> Problem {
    Problem::wrong_party("Exempel Åkeri AB", "/party", vec![("to".to_owned(), "x".to_owned())])
}

#[derive(Template)]
#[template(path = "gallery/login.html")]
struct Login;

async fn login(visit: Visit) -> Response {
    visit.frame(if visit.lang() == Lang::Sv { "Logga in" } else { "Log in" }).with_script().render(&Login)
}

async fn broken(State(_): State<Site>) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = site()?;
    let router = Router::new()
        .route("/", get(parts))
        .route("/form", get(form).post(sent))
        .route("/mistakes", get(mistakes))
        .route("/confirm", get(confirm))
        .route("/refused", get(refused))
        .route("/party", get(party))
        .route("/login", get(login))
        .route("/broken", get(broken))
        .with_state(site.clone());
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8499_u16);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://localhost:{port}");
    axum::serve(listener, dress(router, &site)).await?;
    Ok(())
}
