//! The review: the whole text, exactly as it will be signed, and the way to the signature.

use super::form::draft;
use super::{At, find, limits, today};
use crate::form::in_words;
use crate::permission::CREATE;
use crate::rules::{self, Fault, Timing};
use crate::store::drafts::Draft;
use crate::{ERRAND, path, refusals};
use app::identify::{Begun, Browser};
use app::sign::Wanted;
use app::{Platform, Refusal};
use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::response::{IntoResponse as _, Redirect, Response};
use login::{Device, OutcomeCode};
use page::door::{ClientAddress, Sent, Visitor, browser_key, device_of};
use page::{FormGuard, Notice, Problem, Tone, Tr, codes};

#[derive(Debug, Template)]
#[template(path = "review.html")]
struct Body<'a> {
    tr: &'a Tr,
    /// Why the report is marked, or cannot be sent (any more).
    notice: Option<Notice>,
    text: &'a str,
    /// The language of the text, which may be another than the page's.
    lang: &'static str,
    change: String,
    /// Where the signature begins; none while the rules say no.
    sign: Option<String>,
    guard: FormGuard,
    version: u32,
}

pub async fn review(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, CREATE).await.map_err(no)?;
    let id = at.id().map_err(no)?;
    let (draft, kept) = match draft(&platform, &visitor, id).await {
        Ok(found) => found,
        Err(refusal) => return sent_already(&platform, &visitor, id, refusal).await.map_err(no),
    };
    let tr = visitor.tr();
    let verdict = judge(&platform, &visitor, &draft).map_err(no)?;
    let address = path::draft(draft.organisation, id);
    let body = Body {
        tr,
        notice: notice(tr, &verdict),
        text: &kept.text,
        lang: draft.lang.tag(),
        change: format!("{address}/change"),
        sign: verdict.is_ok().then(|| format!("{address}/sign")),
        guard: visitor.guard(),
        version: draft.version,
    };
    Ok(visitor.frame(tr.get("employer-review-title")).render(&body))
}

/// What the rules say of the draft today.
fn judge(
    platform: &Platform,
    visitor: &Visitor,
    draft: &Draft,
) -> Result<Result<Timing, Vec<Fault>>, Refusal> {
    Ok(rules::check(&draft.absence, today(platform), &limits(platform, visitor)?))
}

fn notice(tr: &Tr, verdict: &Result<Timing, Vec<Fault>>) -> Option<Notice> {
    match verdict {
        Ok(Timing::InTime) => None,
        Ok(Timing::Late) => {
            Some(Notice::new(Tone::Warning, tr.get("employer-late"), tr.get("employer-review-late")))
        }
        Err(faults) => {
            let why: Vec<String> = faults.iter().map(|fault| in_words(fault, tr)).collect();
            Some(Notice::new(Tone::Error, tr.get("employer-review-refused"), why.join(" ")))
        }
    }
}

/// Who comes back to a draft that has been sent is led to the receipt.
async fn sent_already(
    platform: &Platform,
    visitor: &Visitor,
    id: crate::id::ReportId,
    refusal: Refusal,
) -> Result<Response, Refusal> {
    let (party, person) = (visitor.visit.party(), visitor.visit.person());
    match find(platform, id).await? {
        Some(report) if report.organisation == party && report.reporter == person => {
            Ok(Redirect::to(&path::report(party, id)).into_response())
        }
        _ => Err(refusal),
    }
}

/// Begins the signature on this device or another one.
pub async fn sign(
    Extension(platform): Extension<Platform>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Path(at): Path<At>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, CREATE).await.map_err(no)?;
    let id = at.id().map_err(no)?;
    let device = match sent.answers.only("device") {
        Some("this") => device_of(&headers),
        Some("other") => Device::Other,
        _ => return Err(Problem::of(&codes::UNREADABLE).in_frame(visitor.frame(""))),
    };
    let Some(key) = browser_key(&headers, visitor.page.cookies()) else {
        return Err(Problem::of(&codes::OTHER_BROWSER).in_frame(visitor.frame("")));
    };
    let (draft, kept) = draft(&platform, visitor, id).await.map_err(no)?;
    if sent.answers.only("version") != Some(draft.version.to_string().as_str()) {
        return Err(no(Refusal::Conflict(refusals::DRAFT_CHANGED)));
    }
    if judge(&platform, visitor, &draft).map_err(no)?.is_err() {
        return Err(no(Refusal::Conflict(refusals::RULES)));
    }
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    let user_agent = agent.map(|text| text.chars().take(256).collect());
    let back = path::draft(draft.organisation, id);
    let wanted = Wanted {
        lang: draft.lang.tag(),
        permission: CREATE.to_owned(),
        errand: ERRAND,
        object: id.to_string(),
        text: kept.text,
        back: back.clone(),
    };
    let browser = Browser { key, address, user_agent, device };
    match platform.sign(&visitor.visit, wanted, browser).await.map_err(no)? {
        Begun::Order(order) => Ok(Redirect::to(&format!("/order/{order}")).into_response()),
        Begun::Failed { failure, reference } => {
            let problem =
                Problem::of(kind(failure.outcome.code)).reference(reference.to_string(), visitor.page.now);
            Err(problem.way("employer-back-to-review", back).in_frame(visitor.frame("")))
        }
    }
}

/// The page for an order that the provider would not begin.
const fn kind(code: OutcomeCode) -> &'static codes::Kind {
    match code {
        OutcomeCode::CancelledOther => &codes::LOGIN_REPLACED,
        OutcomeCode::IdUnusable => &codes::ID_UNUSABLE,
        OutcomeCode::ClientTooOld => &codes::APP_TOO_OLD,
        OutcomeCode::RiskBlocked => &codes::RISK_BLOCKED,
        OutcomeCode::OurFault | OutcomeCode::Unverified => &codes::OUR_FAULT,
        _ => &codes::PROVIDER_DOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::PartyId;
    use page::{Lang, Texts};

    /// What a browser makes of the escapes that our templates write (HTML §13.2.5.72).
    fn unescaped(html: &str) -> String {
        let entities = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        entities.iter().fold(html.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
    }

    #[test]
    fn the_page_shows_exactly_the_bytes_that_are_signed() {
        let tr = Texts::new(&crate::texts()).unwrap().tr(Lang::Sv);
        let text = "Sjukanmälan\n\nArbetsplats:  Kök & \"bar\" <b>fet</b> &amp; l'été\n\tslut";
        let body = Body {
            tr: &tr,
            notice: None,
            text,
            lang: "sv",
            change: "/x/change".to_owned(),
            sign: Some("/x/sign".to_owned()),
            guard: FormGuard::new(|_| [0; 32], &[0; 32], PartyId::from_bytes([1; 16])),
            version: 7,
        };
        let html = body.render().unwrap();
        let (_, pre) = html.split_once("<pre ").unwrap();
        let (_, shown) = pre.split_once('>').unwrap();
        let (shown, _) = shown.split_once("</pre>").unwrap();
        assert_eq!(unescaped(shown).as_bytes(), text.as_bytes());
        assert!(!html.contains("<b>") && html.contains(r#"name="version" value="7""#), "{html}");
        assert!(
            html.contains(r#"name="device" value="this""#) && html.contains(r#"name="device" value="other""#)
        );
        assert!(!html.contains('⟦'), "{html}");
    }

    #[test]
    fn what_cannot_be_sent_cannot_be_signed() {
        let tr = Texts::new(&crate::texts()).unwrap().tr(Lang::En);
        let opens = "2026-11-17".parse().unwrap();
        let html = notice(&tr, &Err(vec![Fault::TooEarly { opens }])).unwrap().render().unwrap();
        assert!(html.contains("17 November 2026"), "{html}");
        assert!(notice(&tr, &Ok(Timing::InTime)).is_none());
        assert!(notice(&tr, &Ok(Timing::Late)).unwrap().render().unwrap().contains("marked as late"));
    }
}
