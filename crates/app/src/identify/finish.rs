//! From verified evidence to a session. There is no other way to open one.

use super::collect::put;
use super::{Body, COLLECTED, DONE, End, FAILED, Purpose, own_row};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::{ABSOLUTE, IDLE, SecretKey};
use activity::{FaultClass, Record, RecordClass};
use domain::{Instant, OrderId, PartyId, SessionId};
use login::bankid::{Completed, verify_login};
use login::{BrowserHash, VerifiedLogin};
use std::collections::BTreeMap;
use store::Tx;
use store::parties::Identifier;
use store::sessions::Session;
use store::vault::Field;

/// A session that has just been opened.
#[derive(Debug)]
pub struct Opened {
    /// For the cookie; a new one at every login.
    pub key: SecretKey,
    /// The browser's own secret from now on. Whoever knows the one from before the login, because they had the browser in
    /// their hands then, knows none that any later order belongs to. This order stays with the old one: whose answer was
    /// lost on the way is told that the login is used.
    pub browser: SecretKey,
    pub person: PartyId,
    /// Where the visitor was going.
    pub next: Option<String>,
}

/// Media type of a kept BankID answer: the body of `/collect`, byte for byte.
pub const BANKID_ANSWER: &str = "application/vnd.bankid.collect+json";

impl App {
    /// Opens the session of a collected login, for the browser that began it and once.
    ///
    /// The evidence is verified again from its bytes here: a session never rests on a note that somebody verified it.
    pub async fn finish_login(&self, id: OrderId, browser: &SecretKey) -> Result<Opened, Refusal> {
        let (app, hash) = (self.clone(), browser.hash());
        let opened = self
            .write_plain(move |tx| {
                let row = own_row(&app, tx, id, &hash)?;
                if row.state != COLLECTED {
                    return Err(Refusal::Conflict("ORDER_NOT_READY").into());
                }
                let mut body = Body::of(&row)?;
                let Purpose::Login { next } = body.purpose.clone() else {
                    return Err(Refusal::NotFound.into());
                };
                let now = app.now();
                // Evidence is dated by the issuer's clock, which nobody moves.
                let wall = app.wall_now();
                let verified = body
                    .answer
                    .clone()
                    .and_then(|bytes| Completed::parse(bytes).ok())
                    .ok_or("answer")
                    .and_then(|answer| {
                        let browser = BrowserHash::from_bytes(row.browser_hash);
                        verify_login(&body.order, &browser, &answer, app.bankid().rules(), wall)
                            .map_err(|_| "evidence")
                    });
                let Ok(verified) = verified else {
                    // Refused and recorded in this same transaction; no session.
                    let record =
                        super::begin::failure_record(&app, "login.refused", "evidence", FaultClass::Us);
                    body.end = Some(End::Failed {
                        text: "bankid-unverified".into(),
                        code: "unverified".into(),
                        reference: Some(record.reference.to_string()),
                    });
                    body.answer = None;
                    put(tx, &app, &row, FAILED, &body)?;
                    app.append(tx, &record)?;
                    return Ok(None);
                };
                let (key, person) = open_session(&app, tx, &verified, body.client.take(), now)?;
                body.answer = None;
                body.end = Some(End::Opened);
                put(tx, &app, &row, DONE, &body)?;
                let browser = SecretKey::new(app.entropy());
                Ok(Some(Opened { key, browser, person, next }))
            })
            .await?;
        self.recorded();
        opened.ok_or(Refusal::Conflict("EVIDENCE_REFUSED"))
    }
}

/// Opens a session. Asks for a [`VerifiedLogin`], which only verified evidence makes.
///
fn open_session(
    app: &App,
    tx: &mut Tx<'_>,
    login: &VerifiedLogin,
    client: Option<String>,
    now: Instant,
) -> Result<(SecretKey, PartyId), Stop> {
    let ring = app.ring();
    let person = store::parties::find_or_create(
        tx,
        &ring,
        app.entropy(),
        Identifier::PersonalNumber(login.personal_number().as_str()),
        now,
    )?;
    let display = format!("{} {}", login.given_name(), login.surname());
    for (field, value) in [
        (Field::GivenName, login.given_name()),
        (Field::Surname, login.surname()),
        (Field::DisplayName, display.as_str()),
    ] {
        if store::vault::field(tx, &ring, person, field)?.as_ref().map(|plain| plain.as_str()) != Some(value)
        {
            store::vault::set_field(tx, &ring, app.entropy(), person, field, value)?;
        }
    }
    let answer = login.evidence().answer();
    let evidence = store::evidence::put(tx, &ring, app.entropy(), person, BANKID_ANSWER, answer, now)?;
    let key = SecretKey::new(app.entropy());
    store::sessions::open(
        tx,
        &Session {
            key_hash: key.hash(),
            id: Some(SessionId::new(app.entropy())),
            person,
            party: person,
            method: login.method().to_owned(),
            assurance: login.assurance(),
            evidence,
            opened_at: now,
            seen_at: now,
            ends_at: now + ABSOLUTE,
            idle: IDLE,
            lang: None,
            client,
            ended_at: None,
        },
    )?;
    let record = Record {
        actor: Some(person),
        party: Some(person),
        evidence: vec![evidence],
        detail: BTreeMap::from([
            ("method".to_owned(), login.method().to_owned()),
            ("assurance".to_owned(), login.assurance().to_string()),
            ("provider_reference".to_owned(), login.provider_reference().to_owned()),
            ("address".to_owned(), format!("{:?}", login.address_match()).to_lowercase()),
        ]),
        ..Record::new(app.entropy(), now, RecordClass::Login, "login.done")
    };
    app.append(tx, &record)?;
    Ok((key, person))
}
