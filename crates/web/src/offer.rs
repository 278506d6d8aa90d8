//! What is offered on the page of login: services by audience (R-002-03), and the methods that are open in them.

use app::Known;
use authority::FactsView as _;
use catalogue::{Lang as In, Method, Service};
use domain::Instant;
use domain::fact::MethodPhase;
use page::{Contact, ContactLine, Lang, Tr};

/// The catalogue's name of a page's language.
pub(crate) const fn spoken(lang: Lang) -> In {
    match lang {
        Lang::Sv => In::Sv,
        Lang::En => In::En,
    }
}

/// The methods of the service whose time is now. What the decision says of the method after the login is the same:
/// a withdrawal wins over everything, and nothing is open without a fact that says so.
pub(crate) fn methods<'k>(known: &'k Known, service: &Service, at: Instant) -> Vec<&'k Method> {
    let open = |method: &&Method| {
        let mut active = false;
        for state in known.index.method_states(&method.id, &service.id).filter(|state| state.holds_at(at)) {
            match state.says.phase {
                MethodPhase::Active => active = true,
                MethodPhase::Withdrawn => return false,
            }
        }
        active && service.methods.contains(&method.id)
    };
    known.catalogue.methods().filter(open).collect()
}

/// Whether the method is open in some service: then it can be logged in with, and the decision says for what.
pub(crate) fn is_open(known: &Known, method: &str, at: Instant) -> bool {
    known.catalogue.services().any(|service| methods(known, service, at).iter().any(|open| open.id == method))
}

/// One audience's part of the page.
#[derive(Debug)]
pub(crate) struct Audience {
    pub name: String,
    pub services: Vec<Offered>,
}

/// A service as it is offered before login.
#[derive(Debug)]
pub(crate) struct Offered {
    pub id: String,
    pub name: String,
    pub says: String,
    /// Names of the methods that are open in it.
    pub methods: String,
    pub help: Vec<Helper>,
}

/// Somebody who helps, in words and links.
#[derive(Debug)]
pub(crate) struct Helper {
    pub name: String,
    pub hours: String,
    pub telephone: Option<String>,
    pub mail: Option<String>,
}

/// Every audience with its services, in the order of the services' ids; the agency's own staff last.
pub(crate) fn audiences(known: &Known, tr: &Tr, at: Instant) -> Vec<Audience> {
    let lang = spoken(tr.lang());
    let mut parts: Vec<(bool, &str, Audience)> = Vec::new();
    for service in known.catalogue.services() {
        let id = service.audience.id.as_str();
        let offered = offered(known, service, lang, at);
        match parts.iter_mut().find(|(_, other, _)| *other == id) {
            Some((_, _, part)) => part.services.push(offered),
            None => {
                let name = service.audience.name.get(lang).to_owned();
                parts.push((
                    service.id == catalogue::PLATFORM,
                    id,
                    Audience { name, services: vec![offered] },
                ));
            }
        }
    }
    parts.sort_by_key(|(own, ..)| *own);
    parts.into_iter().map(|(.., part)| part).collect()
}

fn offered(known: &Known, service: &Service, lang: In, at: Instant) -> Offered {
    let names: Vec<&str> = methods(known, service, at).iter().map(|method| method.name.get(lang)).collect();
    let helper = |contact: &catalogue::Contact| Helper {
        name: contact.name.get(lang).to_owned(),
        hours: contact.hours.get(lang).to_owned(),
        telephone: contact.telephone.clone(),
        mail: contact.address.clone().filter(|address| address.contains('@')),
    };
    Offered {
        id: service.id.clone(),
        name: service.name.get(lang).to_owned(),
        says: service.description.get(lang).to_owned(),
        methods: names.join(", "),
        help: service.contacts.iter().map(helper).collect(),
    }
}

/// Those who help when a login fails: the issuer first where the e-ID itself is at fault (R-004-41), then the services.
pub(crate) fn helpers(known: &Known, method: &str, tr: &Tr, at_fault: AtFault) -> Vec<Contact> {
    let lang = spoken(tr.lang());
    let mut helpers = Vec::new();
    if let (AtFault::Issuer, Some(method)) = (at_fault, known.catalogue.method(method)) {
        let help = ContactLine::Web(tr.get("login-issuer-help"), method.issuer_help.get(lang).to_owned());
        helpers.push(Contact { name: sentence(method.issuer.get(lang)), lines: vec![help] });
    }
    for contact in known.catalogue.services().flat_map(|service| &service.contacts) {
        if contact.help_with != catalogue::ContactFor::Service {
            continue;
        }
        let phone = contact.telephone.clone().map(ContactLine::Phone);
        let lines =
            phone.into_iter().chain([ContactLine::Words(contact.hours.get(lang).to_owned())]).collect();
        helpers.push(Contact { name: contact.name.get(lang).to_owned(), lines });
    }
    helpers.truncate(4);
    helpers
}

/// Whose fault a failed login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtFault {
    /// The e-ID or the person's app.
    Issuer,
    /// We, or nobody.
    Us,
}

/// With a capital letter first.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
