//! The client of the example e-service, and of whoever tries to connect one of their own on this machine.

use super::ports::Ports;
use catalogue::Text;
use oidc::client::{Loopback, UserinfoForm};
use oidc::{Authentication, Client, ClientId, RedirectUri};

/// Public, so that nobody needs a key, and with any address on loopback.
pub fn client(ports: Ports) -> Client {
    let here = |path: &str| RedirectUri::parse(&format!("{}{path}", ports.example_url())).ok();
    Client {
        id: ClientId::example(),
        name: Text { sv: "Exempeltjänsten".to_owned(), en: "The example service".to_owned() },
        service: "example".to_owned(),
        authentication: Authentication::Public,
        redirect_uris: here("/back").into_iter().collect(),
        post_logout_redirect_uris: here("/").into_iter().collect(),
        backchannel_logout_uri: here("/backchannel-logout"),
        home: here("/"),
        userinfo: UserinfoForm::Json,
        loopback: Loopback::Any,
    }
}
