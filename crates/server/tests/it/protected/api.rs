//! The crawl of the machine surfaces with tokens that count: what an e-service is told of a protected person, who comes with her
//! token, with somebody else's, with its own. An e-service whose service has a ground in law for the personal number is told her
//! name, and nobody else: so the crawl is seen to see.

use super::canary::{Seen, found};
use super::routes::Ids;
use super::scene::Scene;
use crate::bad_files::run;
use crate::support::Browser;
use crate::support::browser::Page;
use crate::support::client::{BACK, Signer, authorize, encoded, json, parameter, redeeming, request};
use oidc::scope;
use serde_json::{Value, json};

/// Public clients: of a service without a ground for the number, and of one that has it.
const SHOP: &str = "crawl-shop";
const ARCHIVE: &str = "crawl-archive";
/// A client with a key, of the first service.
const TILL: &str = "crawl-till";
const CLAIMS: &str =
    "{\"id_token\":{\"name\":null,\"birthdate\":null},\"userinfo\":{\"name\":null,\"given_name\":null}}";

/// Everything that can be asked of a person.
fn scope() -> String {
    format!("openid {} {} {}", scope::PERSON_INFO, scope::PERSON_NUMBER, scope::PARTY)
}

/// Every route that takes a token or gives one; [`super::every_route_has_an_entry_in_the_crawl`] sees new ones, and so does this.
pub const ROUTES: [&str; 7] = [
    "/oauth/par",
    "/oauth/token",
    "/oauth/userinfo",
    "/oauth/introspect",
    "/oauth/logout",
    "/access/v1/evaluation",
    "/access/v1/evaluations",
];

/// A program that calls the demo, and everything that it was answered.
struct Program<'s> {
    base: String,
    issuer: String,
    scene: &'s Scene,
    till: Signer,
    seen: Vec<Seen>,
    asked: std::collections::BTreeSet<String>,
}

impl Program<'_> {
    fn call(&mut self, who: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let page = Browser::at(&self.base).exactly(method, path, headers, body);
        assert!(page.status < 500, "{who}: {method} {path}: {}", page.html);
        self.seen.push(Seen::answer(who, method, path, &page));
        self.asked.insert(path.split('?').next().unwrap_or_default().to_owned());
        page
    }

    fn form(&mut self, who: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        self.call(
            who,
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            &encoded(fields),
        )
    }

    /// With the key that proves this client, once.
    fn proven(&mut self, who: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut claims = self.till.claims(TILL);
        claims["aud"] = json!(self.issuer);
        let assertion = self.till.sign(&claims);
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let mut all = vec![("client_assertion_type", kind), ("client_assertion", assertion.as_str())];
        all.extend_from_slice(fields);
        self.form(who, path, &all)
    }

    /// The tokens of somebody's whole entrance at a client.
    fn tokens(&mut self, who: &str, browser: &mut Browser, client: &str) -> Value {
        let scope = scope();
        let asked = authorize(browser, &request(client, &[("scope", &scope), ("claims", CLAIMS)]));
        self.seen.push(Seen::answer(who, "GET", "/oauth/authorize", &asked));
        let code = parameter(&asked, "code").unwrap_or_else(|| panic!("{who} at {client}: {}", asked.text()));
        let fields = redeeming(client, &code);
        let page = match client {
            TILL => self.proven(who, "/oauth/token", &fields),
            _ => self.form(who, "/oauth/token", &fields),
        };
        assert_eq!(page.status, 200, "{}", page.html);
        json(&page)
    }

    /// Every call that a token opens, about every subject and party that the caller can name.
    fn ask_everything(&mut self, who: &str, token: &str, subjects: &[String], ids: &Ids) {
        let bearer = format!("Bearer {token}");
        self.call(who, "GET", "/oauth/userinfo", &[("authorization", &bearer)], "");
        self.form(who, "/oauth/userinfo", &[("access_token", token)]);
        self.proven(who, "/oauth/introspect", &[("token", token)]);
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let mut all = Vec::new();
        for subject in subjects {
            for party in ids.parties.iter().chain(ids.mandates.iter().map(|(person, _)| person)) {
                for action in
                    ["example.order.place", "example.profile.read", "employer.sickness_report.create"]
                {
                    for kind in ["organisation", "person"] {
                        all.push(
                            json!({"subject": {"type": "person", "id": subject}, "action": {"name": action},
                                        "resource": {"type": kind, "id": party}}),
                        );
                    }
                }
            }
            let own = json!({"subject": {"type": "person", "id": subject}, "action": {"name": "example.profile.read"},
                             "resource": {"type": "person", "id": subject}});
            all.push(own);
        }
        let first = all.first().cloned().unwrap_or_default();
        self.call(who, "POST", "/access/v1/evaluation", &headers, &first.to_string());
        for some in all.chunks(100) {
            let page = self.call(
                who,
                "POST",
                "/access/v1/evaluations",
                &headers,
                &json!({"evaluations": some}).to_string(),
            );
            assert_eq!(page.status, 200, "{who}: {}", page.html);
            let answers = json(&page)["evaluations"].as_array().map_or(0, Vec::len);
            assert_eq!(answers, some.len(), "each question is answered: {}", page.html);
        }
    }
}

/// Asks as everybody; gives how many answers were looked at.
pub fn crawl(scene: &Scene, leaks: &mut Vec<String>) -> usize {
    let till = Signer::new();
    connect(scene, &till);
    let base = scene.browser().base;
    let issuer = base.clone();
    let mut program = Program { base, issuer, scene, till, seen: Vec::new(), asked: Default::default() };
    // The protected person herself, an administrator and a colleague who are not entitled, a handler who may open: to an e-service
    // without a ground they are all the same.
    let mut subjects = Vec::new();
    let mut bearers = Vec::new();
    for (who, party) in
        [("mona", "Granåsens"), ("cecilia", "Granåsens"), ("olga", "Sjöviks"), ("ulla", "Exempelmyndigheten")]
    {
        let mut browser = program.scene.log_in(who, party);
        for client in [SHOP, TILL] {
            let told = program.tokens(who, &mut browser, client);
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            let leave =
                format!("/oauth/logout?id_token_hint={}&client_id={client}&state=s", text("id_token"));
            let own = sub(&text("id_token"));
            bearers.push((format!("{who} at {client}"), text("access_token"), own.clone(), leave));
            subjects.push(own);
        }
    }
    // One service, one name of each; hers is the first.
    let hers = subjects[0].clone();
    subjects.sort();
    subjects.dedup();
    let scope = scope();
    let pushed = program.proven("nobody", "/oauth/par", &request(TILL, &[("scope", &scope)]));
    assert_eq!(pushed.status, 201, "{}", pushed.html);
    let machine = program.proven("the till", "/oauth/token", &[("grant_type", "client_credentials")]);
    let machine = json(&machine)["access_token"].as_str().unwrap_or_default().to_owned();
    program.ask_everything("the till itself", &machine, &subjects, &scene.ids);
    for (who, token, own, leave) in &bearers {
        program.ask_everything(who, token, &[own.clone(), hers.clone()], &scene.ids);
        // By nobody's browser: nothing ends, and nothing is told.
        program.call(who, "GET", leave, &[("accept", "text/html")], "");
    }
    assert_eq!(program.asked.iter().map(String::as_str).collect::<Vec<_>>(), {
        let mut all = ROUTES.to_vec();
        all.sort_unstable();
        all
    });
    leaks.extend(program.seen.iter().flat_map(Seen::leaks));
    let looked = program.seen.len();

    // Whoever has a ground is told: the very same calls find her, or they would find nobody.
    let mut mona = scene.log_in("mona", "");
    program.seen.clear();
    let told = program.tokens("mona", &mut mona, ARCHIVE);
    let token = told["access_token"].as_str().unwrap_or_default().to_owned();
    let bearer = format!("Bearer {token}");
    program.call("mona at the archive", "GET", "/oauth/userinfo", &[("authorization", &bearer)], "");
    let seen: Vec<String> = program.seen.iter().flat_map(Seen::leaks).collect();
    assert!(
        seen.iter().any(|leak| leak.contains("/oauth/userinfo") && leak.contains("Mona Nyman")),
        "{seen:?}"
    );
    looked + shop(scene, leaks)
}

/// The example e-service's own pages, where a protected person is a visitor without a name.
fn shop(scene: &Scene, leaks: &mut Vec<String>) -> usize {
    let mut looked = 0;
    for (who, party) in [("mona", "Granåsens"), ("cecilia", "Granåsens")] {
        let mut visitor = scene.log_in(who, party);
        let mut look = |browser: &Browser, path: &str, page: &Page| {
            leaks.extend(Seen::answer(who, "GET", &format!("{}{path}", browser.base), page).leaks());
            looked += 1;
        };
        let mut shop = Browser::at(&scene.shop);
        let sent = shop.get_once("/login");
        look(&shop, "/login", &sent);
        let to = sent.header("location").expect("it sends its visitors to us");
        let to = to.strip_prefix(&visitor.base).expect("to the demo's own address").to_owned();
        let back = visitor.get_once(&to).header("location").expect("and we send them back");
        let back =
            back.strip_prefix(&scene.shop).unwrap_or_else(|| panic!("{who} ends at {back}")).to_owned();
        let entered = shop.get_once(&back);
        look(&shop, "/back", &entered);
        let home = shop.get_once("/");
        assert!(home.html.contains("Granåsens"), "{who} is inside: {}", home.html);
        look(&shop, "/", &home);
        let order = shop.exactly("POST", "/order", &[], "");
        look(&shop, "/order", &order);
    }
    looked
}

/// Registers the three by the operator's command, the archive with the file of its service.
fn connect(scene: &Scene, till: &Signer) {
    let file = |name: &str, text: String| {
        let path = scene.data.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let catalogue = include_str!("../../../../../catalogue/example.toml")
        .replace("example.", "archive.")
        .replace("id = \"example\"", "id = \"archive\"")
        .replace("employers_administrators_give", "employers_administrators_give_archive");
    let ground = "[personal_number]\nground = \"3 kap. 10 § dataskyddslagen (2018:218)\"\n";
    let archive = file("archive.toml", format!("{catalogue}\n{ground}"));
    let keys = file("till.json", till.key_set().to_string());
    let config = scene.data.join("behorig.toml").display().to_string();
    for (id, service, proof) in [
        (SHOP, "example", vec!["--public"]),
        (TILL, "example", vec!["--jwks", &keys]),
        (ARCHIVE, "archive", vec!["--public", "--catalogue", &archive]),
    ] {
        let names = ["--name-sv", "Prov", "--name-en", "Trial", "--redirect", BACK, "--config", &config];
        let (code, said) =
            run(&[&["client", "add", "--id", id, "--service", service][..], &names, &proof].concat());
        assert_eq!(code, 0, "{id}: {said}");
        assert_eq!(found(&said), Vec::<String>::new());
    }
}

/// Whom an ID token is about.
fn sub(id_token: &str) -> String {
    use base64::Engine as _;
    let payload = id_token.split('.').nth(1).unwrap_or_default();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("a token of ours");
    let claims: Value = serde_json::from_slice(&claims).expect("with claims");
    claims["sub"].as_str().expect("about somebody").to_owned()
}
