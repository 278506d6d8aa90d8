//! The routes of the program, read out of its sources, and the addresses at which the crawl asks each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Ids that addresses are made of. Each is of something that a protected person stands in.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    /// For whom the visitor acts; for nobody and for the stranger the haulier, where much is to be found.
    pub parties: Vec<String>,
    /// A stand-in and its mandate: `{person}` and `{mandate}` of one address belong together.
    pub mandates: Vec<(String, String)>,
    pub reports: Vec<String>,
    pub drafts: Vec<String>,
    pub cases: Vec<String>,
    pub records: Vec<String>,
}

const SOME_ID: &str = "00000000-0000-7000-8000-000000000000";

/// Every route, and the addresses at which it is asked.
pub const CRAWLED: &[(&str, &[&str])] = &[
    ("/", &["/"]),
    ("/demo/login", &["/demo/login"]),
    ("/demo/clock", &["/demo/clock"]),
    ("/demo/altered", &["/demo/altered"]),
    ("/assets/{name}", &["/assets/behorig.css"]),
    ("/language", &["/language"]),
    ("/login", &["/login", "/login?service=employer"]),
    ("/login/bankid", &["/login/bankid"]),
    ("/logout", &["/logout?done=1"]),
    ("/logout/others", &["/logout/others"]),
    ("/party", &["/party", "/party?q=Nym"]),
    ("/home", &["/home"]),
    ("/order/return", &["/order/return?n=x"]),
    ("/order/{id}", &["/order/{none}"]),
    ("/order/{id}/qr", &["/order/{none}/qr"]),
    ("/order/{id}/qr.png", &["/order/{none}/qr.png"]),
    ("/order/{id}/cancel", &["/order/{none}/cancel"]),
    ("/order/{id}/done", &["/order/{none}/done"]),
    ("/session/renew", &["/session/renew"]),
    ("/session/keep", &["/session/keep"]),
    ("/session/drop", &["/session/drop"]),
    ("/sessions", &["/sessions"]),
    ("/sessions/{session}/end", &["/sessions/{none}/end"]),
    ("/sessions/end-others", &["/sessions/end-others"]),
    ("/invitation", &["/invitation"]),
    ("/invitation/confirm", &["/invitation/confirm"]),
    ("/help", &["/help"]),
    ("/accessibility", &["/accessibility"]),
    ("/cookies", &["/cookies"]),
    ("/terms", &["/terms"]),
    ("/terms/{service}/{version}", &["/terms/employer/2024-12-20"]),
    ("/log", &["/log"]),
    ("/log/checkpoint", &["/log/checkpoint"]),
    ("/log/keys", &["/log/keys"]),
    ("/log/tile/{*tile}", &["/log/tile/0/000.p/1", "/log/tile/0/000"]),
    ("/for/{party}", &["/for/{party}"]),
    ("/for/{party}/may", &["/for/{party}/may?permission=employer.sickness_report.create"]),
    ("/for/{party}/mine", &["/for/{party}/mine"]),
    ("/for/{party}/mine/{mandate}/why", &["/for/{party}/mine/{mandate}/why"]),
    ("/for/{party}/mine/receipts", &["/for/{party}/mine/receipts"]),
    ("/for/{party}/mine/receipts/{record}", &["/for/{party}/mine/receipts/{record}"]),
    ("/for/{party}/people", &["/for/{party}/people", "/for/{party}/people?given={mandate}"]),
    ("/for/{party}/people/give", &["/for/{party}/people/give"]),
    ("/for/{party}/people/{person}/end", &["/for/{party}/people/{person}/end?mandate={mandate}"]),
    (
        "/for/{party}/people/{person}/why",
        &["/for/{party}/people/{person}/why?permission=employer.sickness_report.create"],
    ),
    ("/requests/ask", &["/requests/ask"]),
    ("/for/{party}/requests", &["/for/{party}/requests", "/for/{party}/requests?show=all"]),
    ("/for/{party}/requests/new", &["/for/{party}/requests/new"]),
    ("/for/{party}/requests/{case}", &["/for/{party}/requests/{case}"]),
    ("/for/{party}/requests/{case}/withdraw", &["/for/{party}/requests/{case}/withdraw"]),
    ("/for/{party}/requests/{case}/grant", &["/for/{party}/requests/{case}/grant"]),
    ("/for/{party}/requests/{case}/decline", &["/for/{party}/requests/{case}/decline"]),
    ("/for/{party}/applications", &["/for/{party}/applications", "/for/{party}/applications?show=all"]),
    ("/for/{party}/applications/register", &["/for/{party}/applications/register"]),
    ("/for/{party}/applications/{case}", &["/for/{party}/applications/{case}"]),
    ("/for/{party}/applications/{case}/scan", &["/for/{party}/applications/{case}/scan"]),
    ("/for/{party}/applications/{case}/confirm", &["/for/{party}/applications/{case}/confirm"]),
    ("/for/{party}/applications/{case}/return", &["/for/{party}/applications/{case}/return"]),
    ("/for/{party}/clients", &["/for/{party}/clients"]),
    ("/for/{party}/clients/register", &["/for/{party}/clients/register"]),
    ("/for/{party}/clients/register/confirm", &["/for/{party}/clients/register/confirm"]),
    ("/for/{party}/support", &["/for/{party}/support"]),
    ("/for/{party}/operations", &["/for/{party}/operations"]),
    ("/for/{party}/clients/{client}", &["/for/{party}/clients/example-app"]),
    ("/for/{party}/clients/{client}/disable", &["/for/{party}/clients/example-app/disable"]),
    ("/for/{party}/clients/{client}/trial", &["/for/{party}/clients/example-app/trial"]),
    ("/for/{party}/clients/{client}/trial/{trial}", &["/for/{party}/clients/example-app/trial/{none}"]),
    (
        "/for/{party}/clients/{client}/trial/{trial}/back",
        &["/for/{party}/clients/example-app/trial/{none}/back"],
    ),
    ("/for/{party}/protected", &["/for/{party}/protected"]),
    ("/for/{party}/protected/mark", &["/for/{party}/protected/mark"]),
    ("/for/{party}/records", &["/for/{party}/records"]),
    ("/for/{party}/employer/sickness-reports", &["/for/{party}/employer/sickness-reports"]),
    ("/for/{party}/employer/sickness-reports/new", &["/for/{party}/employer/sickness-reports/new"]),
    (
        "/for/{party}/employer/sickness-reports/drafts/{id}",
        &["/for/{party}/employer/sickness-reports/drafts/{draft}"],
    ),
    (
        "/for/{party}/employer/sickness-reports/drafts/{id}/change",
        &["/for/{party}/employer/sickness-reports/drafts/{draft}/change"],
    ),
    (
        "/for/{party}/employer/sickness-reports/drafts/{id}/sign",
        &["/for/{party}/employer/sickness-reports/drafts/{draft}/sign"],
    ),
    (
        "/for/{party}/employer/sickness-reports/received",
        &[
            "/for/{party}/employer/sickness-reports/received",
            "/for/{party}/employer/sickness-reports/received?show=all",
        ],
    ),
    (
        "/for/{party}/employer/sickness-reports/received/{id}",
        &["/for/{party}/employer/sickness-reports/received/{report}"],
    ),
    (
        "/for/{party}/employer/sickness-reports/received/{id}/open",
        &["/for/{party}/employer/sickness-reports/received/{report}/open"],
    ),
    ("/for/{party}/employer/sickness-reports/{id}", &["/for/{party}/employer/sickness-reports/{report}"]),
    (
        "/for/{party}/employer/sickness-reports/{id}/evidence",
        &["/for/{party}/employer/sickness-reports/{report}/evidence"],
    ),
    (
        "/for/{party}/employer/sickness-reports/{id}/withdraw",
        &["/for/{party}/employer/sickness-reports/{report}/withdraw"],
    ),
    ("/.well-known/openid-configuration", &["/.well-known/openid-configuration"]),
    ("/.well-known/authzen-configuration", &["/.well-known/authzen-configuration"]),
    ("/oauth/keys", &["/oauth/keys"]),
    ("/oauth/authorize", &["/oauth/authorize?client_id=example-app"]),
    ("/oauth/authorize/{handle}", &["/oauth/authorize/{none}"]),
    ("/oauth/par", &["/oauth/par"]),
    ("/oauth/token", &["/oauth/token"]),
    ("/oauth/userinfo", &["/oauth/userinfo"]),
    ("/oauth/introspect", &["/oauth/introspect"]),
    ("/oauth/logout", &["/oauth/logout"]),
    ("/access/v1/evaluation", &["/access/v1/evaluation"]),
    ("/access/v1/evaluations", &["/access/v1/evaluations"]),
    // The operations listener; asked at its own address by the scene.
    ("operations /healthz", &[]),
    ("operations /readyz", &[]),
    ("operations /metrics", &[]),
    ("operations /clock", &[]),
    ("operations /clock/right", &[]),
];

/// Where the words are shown to somebody who is entitled, or to nobody in a real installation.
pub fn is_excepted(who: &str, route: &str, address: &str, ids: &Ids) -> bool {
    // The stage of a demo: its people by name, to be chosen among. No other installation has this page.
    let stage = route == "/" || route == "/demo/altered";
    // A report that is not sent yet is shown to the one who is typing it, and to nobody else.
    let own_draft = who == "elin" && ids.drafts.iter().any(|id| address.contains(id.as_str()));
    stage || own_draft
}

/// The addresses that a pattern stands for.
pub fn addresses(pattern: &str, ids: &Ids) -> Vec<String> {
    let none = vec![SOME_ID.to_owned()];
    let mut all = vec![pattern.to_owned()];
    if pattern.contains("{mandate}") || pattern.contains("{person}") {
        assert!(!ids.mandates.is_empty(), "the scene has no mandate");
        let pair = |(person, mandate): &(String, String)| {
            pattern.replace("{person}", person).replace("{mandate}", mandate)
        };
        all = ids.mandates.iter().map(pair).collect();
    }
    for (name, values) in [
        ("{party}", &ids.parties),
        ("{report}", &ids.reports),
        ("{draft}", &ids.drafts),
        ("{case}", &ids.cases),
        ("{record}", &ids.records),
        ("{none}", &none),
    ] {
        if pattern.contains(name) {
            assert!(!values.is_empty(), "the scene has no {name}");
            all = all.iter().flat_map(|at| values.iter().map(move |v| at.replace(name, v))).collect();
        }
    }
    assert!(all.iter().all(|at| !at.contains('{')), "{pattern} is not filled in");
    all
}

/// The routes that the sources name.
pub fn in_the_sources() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    let constants = constants();
    for (folder, before) in [
        ("web/src", ""),
        ("page/src", ""),
        ("api/src", ""),
        ("server/src/operations", "operations "),
        ("../services/employer/src", "/for/{party}/employer"),
    ] {
        for file in files(&root().join("crates").join(folder)) {
            let module = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            for told in std::fs::read_to_string(&file).unwrap().split(".route(").skip(1) {
                let told = told.trim_start();
                let path = match told.strip_prefix('"') {
                    Some(rest) => rest.split('"').next().unwrap().to_owned(),
                    None => {
                        let name = told.split([',', ')']).next().unwrap().trim();
                        constants.get(name).unwrap_or_else(|| panic!("{module}: {name}?")).clone()
                    }
                };
                routes.insert(format!("{before}{path}"));
            }
        }
    }
    let operations = std::fs::read_to_string(root().join("crates/server/src/operations.rs")).unwrap();
    let own = operations.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    routes.extend(own.map(|path| format!("operations {path}")));
    routes
}

/// `discovery::KEYS` and its like, as the machine surfaces name their routes.
fn constants() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for module in ["discovery", "authzen"] {
        let text = std::fs::read_to_string(root().join(format!("crates/oidc/src/{module}.rs"))).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("pub const ")) {
            if let Some((name, path)) = line.split_once(": &str = \"/") {
                all.insert(format!("{module}::{name}"), format!("/{}", path.trim_end_matches("\";")));
            }
        }
    }
    all
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all
}
