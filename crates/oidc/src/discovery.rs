//! What a client finds out by itself: OpenID Connect Discovery 1.0 §3 and the paths behind it.

use crate::{claims, scope};
use serde_json::{Value, json};

pub const CONFIGURATION: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/oauth/keys";
pub const AUTHORIZE: &str = "/oauth/authorize";
pub const PUSH: &str = "/oauth/par";
pub const TOKEN: &str = "/oauth/token";
pub const USERINFO: &str = "/oauth/userinfo";
pub const INTROSPECT: &str = "/oauth/introspect";
pub const LOGOUT: &str = "/oauth/logout";

/// The document; `issuer` is the public address without a final slash.
pub fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let inbound = ["ES256", "RS256"];
    let private = ["private_key_jwt"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at(AUTHORIZE),
        "pushed_authorization_request_endpoint": at(PUSH),
        "token_endpoint": at(TOKEN),
        "userinfo_endpoint": at(USERINFO),
        "introspection_endpoint": at(INTROSPECT),
        "end_session_endpoint": at(LOGOUT),
        "jwks_uri": at(KEYS),
        "scopes_supported": scope::ALL,
        "claims_supported": claims::ALL,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": claims::acr_values(),
        "id_token_signing_alg_values_supported": ["ES256"],
        "userinfo_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": inbound,
        "introspection_endpoint_auth_methods_supported": private,
        "introspection_endpoint_auth_signing_alg_values_supported": inbound,
        "request_object_signing_alg_values_supported": inbound,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["sv", "en"],
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": false,
        "require_pushed_authorization_requests": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the Swedish OpenID Connect Profile 1.0 wants the document to contain.
    #[test]
    fn the_document_says_what_the_swedish_profile_wants() {
        let document = document("https://e.example");
        for name in [
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "scopes_supported",
            "response_types_supported",
            "acr_values_supported",
            "subject_types_supported",
            "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported",
            "claims_supported",
            "code_challenge_methods_supported",
        ] {
            assert!(!document[name].is_null(), "{name}");
        }
        assert_eq!(document["claims_parameter_supported"], true);
        assert_eq!(document["request_parameter_supported"], true);
        for (name, value) in document.as_object().unwrap() {
            let unsigned = name.contains("alg_values") && value.to_string().contains("none");
            assert!(!unsigned && !value.to_string().contains("plain"), "{name}");
        }
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    }
}
