//! The steps of a trial that need neither the network nor a visitor: registration, service, discovery.

use super::{Step, Taken};
use crate::core::{App, Known};
use crate::oidc::clients::ClientView;
use crate::session::Visit;
use ::oidc::jws::PublicKeys;
use ::oidc::{Authentication, Client, authzen, discovery};
use authority::FactsView as _;
use catalogue::Service;
use domain::Instant;
use domain::fact::MethodPhase;
use serde_json::Value;

impl App {
    /// Whether what was registered can still be registered today, and its keys be read. Addresses are compared and not
    /// called: a server that calls addresses that others name is a tool in the wrong hands.
    pub(super) fn try_registration(&self, view: &ClientView) -> Taken {
        let tried = &view.client;
        let redirects = tried.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>().join(" ");
        let proof = match &tried.authentication {
            Authentication::Public => "none",
            Authentication::PrivateKeyJwt { .. } => "private_key_jwt",
        };
        let mut taken = Taken::new(Step::Registration)
            .sent(&[("client_id", tried.id.as_str()), ("redirect_uris", &redirects)])
            .came("token_endpoint_auth_method", proof);
        if view.disabled_at.is_some() {
            return taken.wrong("CLIENT_DISABLED", "client_id");
        }
        if let Some(bad) = tried.mistakes(self.client_strictness()).first() {
            return taken.wrong(bad.code, bad.field);
        }
        if let Authentication::PrivateKeyJwt { keys } = &tried.authentication {
            taken = taken.came("jwks", keys.kids().collect::<Vec<_>>().join(" "));
            // As a program that starts today would read them.
            if let Err(bad) = PublicKeys::parse(&Value::from(keys.clone()).to_string()) {
                return taken.wrong(bad.code(), "keys");
            }
        }
        taken
    }

    /// Whether the catalogue in force holds the service, with a method of login that is open and a permission to ask about.
    pub(super) fn try_service(&self, visit: &Visit, tried: &Client) -> Taken {
        let taken = Taken::new(Step::Service).sent(&[("service", &tried.service)]);
        let known = &visit.known;
        let Some(service) = known.catalogue.service(&tried.service) else {
            return taken.wrong("UNKNOWN_SERVICE", &tried.service);
        };
        let open = open_methods(known, service, self.now());
        let taken = taken.came("methods", open.join(" "));
        if open.is_empty() {
            return taken.wrong("NO_METHOD", &tried.service);
        }
        match service.permissions.keys().next() {
            Some(_) => taken.came("permissions", service.permissions.len().to_string()),
            None => taken.wrong("NO_PERMISSION", &tried.service),
        }
    }

    /// What the e-service finds out by itself.
    pub(super) fn try_discovery(&self) -> Taken {
        let issuer = self.issuer();
        let (openid, decisions) = (discovery::document(issuer), authzen::document(issuer));
        let at = |document: &Value, name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let keys = self.token_keys();
        let address = format!("{issuer}{}", discovery::CONFIGURATION);
        let taken = Taken::new(Step::Discovery)
            .sent(&[("GET", &address)])
            .came("issuer", at(&openid, "issuer"))
            .came("authorization_endpoint", at(&openid, "authorization_endpoint"))
            .came("access_evaluation_endpoint", at(&decisions, "access_evaluation_endpoint"))
            .came("jwks_uri", at(&openid, "jwks_uri"))
            .came("keys", keys.len().to_string());
        if keys.is_empty() { taken.wrong("NO_KEYS", discovery::KEYS) } else { taken }
    }
}

/// The methods of the service whose time is now, as the decision sees it: a withdrawal wins.
fn open_methods<'k>(known: &'k Known, service: &'k Service, at: Instant) -> Vec<&'k str> {
    let open = |method: &&String| {
        let mut phases = known
            .index
            .method_states(method, &service.id)
            .filter(|state| state.holds_at(at))
            .map(|state| state.says.phase)
            .peekable();
        phases.peek().is_some() && phases.all(|phase| phase == MethodPhase::Active)
    };
    service.methods.iter().filter(open).map(String::as_str).collect()
}
