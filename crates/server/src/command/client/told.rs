//! A registered e-service as a line, as a page of text and as JSON. It holds no secret: its keys are public.

use app::oidc::ClientView;
use oidc::{Authentication, RedirectUri};
use serde_json::{Value, json};

pub fn json(value: &Value) -> anyhow::Result<()> {
    crate::out!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

pub fn value(view: &ClientView) -> Value {
    let client = &view.client;
    json!({
        "id": client.id,
        "service": client.service,
        "name": client.name,
        "authentication": proof(view),
        "kids": kids(view),
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "home": client.home,
        "userinfo": client.userinfo,
        "loopback": client.loopback,
        "registered_at": view.registered_at.to_string(),
        "disabled_at": view.disabled_at.map(|at| at.to_string()),
    })
}

pub fn line(view: &ClientView) -> String {
    let state = if view.disabled_at.is_some() { "off" } else { "on" };
    format!(
        "{:<24} {:<4} {:<16} {:<16} {}",
        view.client.id,
        state,
        view.client.service,
        proof(view),
        view.client.name.sv
    )
}

pub fn page(view: &ClientView) -> String {
    let client = &view.client;
    let list = |uris: &[RedirectUri]| {
        uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>().join("\n                      ")
    };
    let one = |uri: &Option<RedirectUri>| uri.as_ref().map(|uri| uri.as_str().to_owned()).unwrap_or_default();
    let rows = [
        ("id", client.id.to_string()),
        ("name", format!("{} / {}", client.name.sv, client.name.en)),
        ("service", client.service.clone()),
        ("proves itself by", proof(view).to_owned()),
        ("keys", kids(view).join(", ")),
        ("redirects", list(&client.redirect_uris)),
        ("after log-out", list(&client.post_logout_redirect_uris)),
        ("back channel", one(&client.backchannel_logout_uri)),
        ("start page", one(&client.home)),
        ("registered", view.registered_at.to_string()),
        ("switched off", view.disabled_at.map(|at| at.to_string()).unwrap_or_default()),
    ];
    rows.iter()
        .filter(|(_, said)| !said.is_empty())
        .map(|(what, said)| format!("{what:<20}  {said}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// As OpenID Connect names it in `token_endpoint_auth_method`.
fn proof(view: &ClientView) -> &'static str {
    match view.client.authentication {
        Authentication::PrivateKeyJwt { .. } => "private_key_jwt",
        Authentication::Public => "none",
    }
}

fn kids(view: &ClientView) -> Vec<&str> {
    match &view.client.authentication {
        Authentication::PrivateKeyJwt { keys } => keys.kids().collect(),
        Authentication::Public => Vec::new(),
    }
}
