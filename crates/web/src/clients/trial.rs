//! The test button: a trial of a registration, step by step, with what was sent and what came.

use app::App;
use app::oidc::{Outcome, Taken, TrialStep, TrialView};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use oidc::claims::{ORG_NAME, ORG_NUMBER, PARTY};
use oidc::{ClientId, Params};
use page::door::{Sent, Visitor};
use page::{Badge, FormGuard, Notice, Problem, Tone, Tr};
use serde::Deserialize;

use super::{Named, at_agency, base, not_found};
use crate::asking::see_other;

/// The trial that an address names, and the client that it tries.
#[derive(Debug, Deserialize)]
pub(super) struct Trial {
    client: String,
    trial: String,
}

impl Trial {
    fn id(&self, visitor: &Visitor) -> Result<ClientId, Problem> {
        ClientId::parse(&self.trial).map_err(|_| not_found(visitor))
    }

    /// A trial stands at one address: below the client that it tries.
    fn checked(&self, visitor: &Visitor, view: TrialView) -> Result<TrialView, Problem> {
        if view.of.as_str() == self.client { Ok(view) } else { Err(not_found(visitor)) }
    }
}

pub(super) async fn begin(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    at_agency(&app, visitor)?;
    let of = named.id(visitor)?;
    let view = app.begin_trial(&visitor.visit, &of).await.map_err(|r| visitor.refused(r))?;
    // To the login as the e-service would send its visitor; what failed before it is shown at once.
    let to = view.next.unwrap_or_else(|| format!("{}/{of}/trial/{}", base(visitor), view.id));
    Ok(see_other(&to, None))
}

/// The visitor comes back from the login. The code leaves the address by a redirect.
pub(super) async fn back(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Trial>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let id = named.id(&visitor)?;
    let params = Params::parse(pairs).map_err(|_| not_found(&visitor))?;
    let refused = |refusal| visitor.refused(refusal);
    let view = app.trial(&visitor.visit, &id).await.map_err(refused)?;
    named.checked(&visitor, view)?;
    let view = app.end_trial(&visitor.visit, &id, &params).await.map_err(refused)?;
    Ok(see_other(&format!("{}/{}/trial/{id}", base(&visitor), view.of), None))
}

struct Line {
    name: String,
    value: String,
    /// Where a claim came from.
    from: Option<String>,
}

struct Shown {
    title: String,
    says: String,
    badge: Badge,
    sent: Vec<Line>,
    came: Vec<Line>,
    /// What failed: in our words, and in the words of the protocol, which are English.
    wrong: Option<String>,
    protocol: Option<String>,
}

#[derive(Template)]
#[template(path = "clients/trial.html")]
struct Body<'a> {
    tr: &'a Tr,
    notice: Notice,
    steps: Vec<Shown>,
    left: Vec<String>,
    next: Option<String>,
    again: String,
    guard: FormGuard,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Trial>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let id = named.id(&visitor)?;
    let view = app.trial(&visitor.visit, &id).await.map_err(|r| visitor.refused(r))?;
    let view = named.checked(&visitor, view)?;
    let tr = visitor.tr();
    let steps: Vec<Shown> = view.taken.iter().map(|taken| shown(tr, taken)).collect();
    let left = TrialStep::ALL.into_iter().skip(view.taken.len());
    let client = format!("{}/{}", base(&visitor), view.of);
    let body = Body {
        tr,
        notice: notice(tr, &view),
        steps,
        left: left.map(|step| tr.get(&format!("trial-step-{}", step.word()))).collect(),
        next: view.next,
        again: format!("{client}/trial"),
        guard: visitor.guard(),
    };
    Ok(visitor.frame(tr.get("trial-title")).back(tr.get("trial-back"), client).render(&body))
}

fn notice(tr: &Tr, view: &TrialView) -> Notice {
    let (tone, key) = match (view.over, view.taken.iter().all(|taken| taken.outcome == Outcome::Good)) {
        (false, _) => (Tone::Info, "trial-under-way"),
        (true, true) => (Tone::Success, "trial-good"),
        (true, false) => (Tone::Error, "trial-failed"),
    };
    Notice::new(tone, tr.get(key), tr.get(&format!("{key}-says")))
}

fn shown(tr: &Tr, taken: &Taken) -> Shown {
    let key = format!("trial-step-{}", taken.step.word());
    let badge = match taken.outcome {
        Outcome::Good => Badge::new(Tone::Success, tr.get("trial-step-good")),
        _ => Badge::new(Tone::Error, tr.get("trial-step-failed")),
    };
    let (wrong, protocol) = match &taken.outcome {
        Outcome::Good => (None, None),
        Outcome::Told { code, says } => {
            (Some(tr.get("trial-told")), Some(format!("{code}: {says}").trim_end_matches(": ").to_owned()))
        }
        Outcome::Wrong { code, about } => (Some(wrong(tr, code)), Some(about.clone())),
    };
    let of_claims = matches!(taken.step, TrialStep::IdToken | TrialStep::Userinfo);
    let line = |(name, value): &(String, String), claim: bool| Line {
        name: name.clone(),
        value: if value.is_empty() { tr.get("trial-not-shown") } else { value.clone() },
        from: claim.then(|| tr.get(source(name))),
    };
    Shown {
        title: tr.get(&key),
        says: tr.get(&format!("{key}-says")),
        badge,
        sent: taken.sent.iter().map(|pair| line(pair, false)).collect(),
        came: taken.came.iter().map(|pair| line(pair, of_claims)).collect(),
        wrong,
        protocol,
    }
}

/// What the e-service itself would have found wrong. Faults of the registration have the texts of its form.
fn wrong(tr: &Tr, code: &str) -> String {
    let word = code.to_ascii_lowercase().replace('_', "-");
    let own = format!("trial-wrong-{word}");
    if tr.has(&own) { tr.get(&own) } else { tr.get(&format!("fault-{word}")) }
}

/// Where a claim came from, as the key of a text.
fn source(claim: &str) -> &'static str {
    match claim {
        "auth_time" | "acr" | "sid" => "trial-from-login",
        "sub" => "trial-from-subject",
        "nonce" => "trial-from-request",
        ORG_NUMBER | ORG_NAME | PARTY => "trial-from-party",
        "iss" | "aud" | "exp" | "iat" | "at_hash" => "trial-from-us",
        _ => "trial-from-eid",
    }
}
