//! What a person's app does with an order: pick it up, approve it, refuse it.
//!
//! One person has one order in hand: picking up another cancels the first (`cancelled`).

use super::{
    completion::{self, Approval},
    order::{Order, Phase, PickUp},
    qr::{self, Code},
    request::Risk,
    signature::Operation,
};
use crate::{
    people::{BankIdState, Person},
    pki::POLICY_MOBILE,
    world::World,
};
use serde::Serialize;
use uuid::Uuid;

/// Why the app does not take or finish an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    UnknownPerson,
    QrSyntax,
    QrForeign,
    QrWrong,
    QrStale,
    TokenSyntax,
    TokenForeign,
    AlreadyPickedUp,
    OrderOver,
    WrongPerson,
    NoMatchingBankId,
    NoOrder,
    /// The evidence could not be made: a fault of the simulator.
    Internal,
}

/// The order as the person sees it.
#[derive(Clone, Serialize)]
pub struct Shown {
    /// `auth` or `sign`.
    pub order: &'static str,
    /// The relying party's display name.
    pub relying_party: String,
    /// The text for the user, plain.
    pub text: Option<String>,
    /// Where the app sends the browser afterwards; only after a start on the same device.
    pub return_url: Option<String>,
}

/// How an approval ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Complete,
    Failed { hint: String },
}

/// What names the order on the phone.
#[derive(Debug, Clone, Copy)]
pub enum Way<'a> {
    Qr(&'a str),
    AutostartToken(&'a str),
    /// The phone page of the sandbox, which sees every open order.
    Page(Uuid),
}

impl Shown {
    pub fn of(order: &Order) -> Self {
        Self {
            order: match order.start.operation {
                Operation::Identification => "auth",
                Operation::Signing => "sign",
            },
            relying_party: order.party.display_name().to_owned(),
            text: order.start.visible.as_ref().map(|v| v.plain.clone()),
            return_url: order.start.return_url.clone(),
        }
    }
}

/// The person's app takes the order.
pub fn pick_up(world: &World, person: &str, way: Way<'_>) -> Result<Shown, Refusal> {
    let person = world.people.get(person).ok_or(Refusal::UnknownPerson)?;
    let now = world.now();
    let mut orders = world.orders();
    orders.settle(now);
    let (reference, by) = match way {
        Way::Qr(text) => {
            let code = Code::parse(text).ok_or(Refusal::QrSyntax)?;
            let order = orders.find(|o| o.qr_start_token == code.token).ok_or(Refusal::QrForeign)?;
            let secret = order.qr_start_secret.to_string();
            code.check(&secret, now.since(order.created)).map_err(|wrong| match wrong {
                qr::Wrong::Mac => Refusal::QrWrong,
                // An order that has ended says so; an old picture of a living one is just old.
                qr::Wrong::Second if order.is_pending() => Refusal::QrStale,
                qr::Wrong::Second => Refusal::OrderOver,
            })?;
            (order.reference, PickUp::Qr)
        }
        Way::AutostartToken(text) => {
            let token = Uuid::try_parse(text).map_err(|_| Refusal::TokenSyntax)?;
            let order = orders.find(|o| o.autostart_token == token).ok_or(Refusal::TokenForeign)?;
            (order.reference, PickUp::Autostart)
        }
        Way::Page(reference) => (reference, PickUp::Qr),
    };
    let order = orders.find(|o| o.reference == reference).ok_or(Refusal::NoOrder)?;
    match (&order.phase, by) {
        (Phase::Outstanding, _) | (Phase::Started, PickUp::Autostart) => {}
        (Phase::Started, PickUp::Qr) if matches!(way, Way::Page(_)) => {}
        (Phase::Started | Phase::InHand { .. }, _) => return Err(Refusal::AlreadyPickedUp),
        (Phase::Complete { .. } | Phase::Failed { .. }, _) => return Err(Refusal::OrderOver),
    }
    let requirement = &order.start.requirement;
    if requirement.personal_number.as_ref().is_some_and(|n| *n != person.personal_number) {
        return Err(Refusal::WrongPerson);
    }
    if !requirement.policies.is_empty() && !requirement.policies.iter().any(|p| p.matches(POLICY_MOBILE)) {
        return Err(Refusal::NoMatchingBankId);
    }
    let hint = match by {
        PickUp::Autostart => "started",
        PickUp::Qr => "userSign",
    };
    order.phase = Phase::InHand { person: person.id.clone(), by, hint: hint.to_owned() };
    let shown = Shown::of(order);
    for other in orders.iter_mut().filter(|o| o.reference != reference && o.is_in_hand_of(&person.id)) {
        if other.is_pending() {
            other.fail("cancelled", now);
        }
    }
    Ok(shown)
}

/// The app is started by the start link; nobody has been chosen yet. Returns the order's reference, what is
/// shown, and the person whom the order names.
pub fn open(world: &World, token: &str) -> Result<(Uuid, Shown, Option<String>), Refusal> {
    let token = Uuid::try_parse(token).map_err(|_| Refusal::TokenSyntax)?;
    let mut orders = world.orders();
    orders.settle(world.now());
    let order = orders.find(|o| o.autostart_token == token).ok_or(Refusal::TokenForeign)?;
    match order.phase {
        Phase::Outstanding => order.phase = Phase::Started,
        Phase::Started => {}
        Phase::InHand { .. } => return Err(Refusal::AlreadyPickedUp),
        Phase::Complete { .. } | Phase::Failed { .. } => return Err(Refusal::OrderOver),
    }
    Ok((order.reference, Shown::of(order), order.start.requirement.personal_number.clone()))
}

/// The person confirms the order in hand.
pub fn approve(world: &World, person: &str) -> Result<Outcome, Refusal> {
    let person = world.people.get(person).ok_or(Refusal::UnknownPerson)?;
    let risk = world.risk_of(&person.id);
    let somebody_else = other_than(world, person);
    in_hand(world, person, |order, by, now| {
        let too_risky = order.start.requirement.risk.is_some_and(|most| risk > most);
        if person.bankid == BankIdState::Unusable || too_risky {
            let hint = if too_risky { "transactionRiskBlocked" } else { "certificateErr" };
            order.fail(hint, now);
            return Ok(Outcome::Failed { hint: hint.to_owned() });
        }
        let lie = world.faults().lie();
        let approval = Approval { order, by, person, somebody_else, risk, lie, at: world.real_now() };
        let completion = completion::complete(&approval, &world.pki, &*world.entropy).map_err(|e| {
            tracing::error!(error = %e, "the evidence could not be made");
            Refusal::Internal
        })?;
        order.phase = Phase::Complete { at: now, completion: Box::new(completion) };
        Ok(Outcome::Complete)
    })
}

/// The person declines the order in hand.
pub fn refuse(world: &World, person: &str) -> Result<(), Refusal> {
    let person = world.people.get(person).ok_or(Refusal::UnknownPerson)?;
    in_hand(world, person, |order, _, now| {
        order.fail("userCancel", now);
        Ok(())
    })
}

/// Whether a forced hint ends the order or is only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    Failed,
    Pending,
}

/// Forces a hint on the person's current order: in hand, or naming them.
pub fn force(world: &World, person: &str, hint: &str, how: Force) -> Result<(), Refusal> {
    let person = world.people.get(person).ok_or(Refusal::UnknownPerson)?;
    let now = world.now();
    let mut orders = world.orders();
    orders.settle(now);
    let order = orders
        .find(|o| o.is_pending() && o.concerns(&person.id, &person.personal_number))
        .ok_or(Refusal::NoOrder)?;
    match how {
        Force::Failed => order.fail(hint, now),
        Force::Pending => {
            let by = match order.phase {
                Phase::InHand { by, .. } => by,
                _ => PickUp::Qr,
            };
            order.phase = Phase::InHand { person: person.id.clone(), by, hint: hint.to_owned() };
        }
    }
    Ok(())
}

/// The risk that BankID sees in the person's orders from now on.
pub fn set_risk(world: &World, person: &str, risk: Risk) -> Result<(), Refusal> {
    let person = world.people.get(person).ok_or(Refusal::UnknownPerson)?;
    world.set_risk(&person.id, risk);
    Ok(())
}

fn in_hand<T>(
    world: &World,
    person: &Person,
    act: impl FnOnce(&mut Order, PickUp, domain::Instant) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let now = world.now();
    let mut orders = world.orders();
    orders.settle(now);
    let order = orders.find(|o| o.is_in_hand_of(&person.id)).ok_or(Refusal::NoOrder)?;
    let Phase::InHand { by, .. } = order.phase else { return Err(Refusal::NoOrder) };
    act(order, by, now)
}

fn other_than<'a>(world: &'a World, person: &'a Person) -> &'a Person {
    world.people.all().iter().find(|p| p.id != person.id).unwrap_or(person)
}
