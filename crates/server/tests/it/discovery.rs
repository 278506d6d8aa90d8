//! What discovery says is what the house does: every endpoint answers, every value that is listed is taken, and one that is
//! not listed is refused.

use crate::support::client::{
    BACK, CHALLENGE, ISSUER, Signer, ask, authorize, call, encoded, form, json, now, parameter, redeeming,
    register, request,
};
use crate::support::house::Engine;
use crate::support::{Browser, House};
use serde_json::{Value, json};

/// A document, as anybody gets it.
fn document(house: &House, path: &str) -> Value {
    let page = call(house, "GET", path, &[], "");
    assert_eq!(page.status, 200, "{path}");
    assert_eq!(page.header("content-type").as_deref(), Some("application/json"));
    assert_eq!(page.header("access-control-allow-origin").as_deref(), Some("*"));
    assert!(page.header("set-cookie").is_none());
    json(&page)
}

fn list<'d>(document: &'d Value, name: &str) -> Vec<&'d str> {
    let values = document[name].as_array().unwrap_or_else(|| panic!("no {name}"));
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

#[test]
fn discovery_says_what_the_code_does() {
    let house = House::start(Engine::Sqlite);
    let till = Signer::new();
    register(&house, "shop", None);
    register(&house, "till", Some(&till));
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta");
    let openid = document(&house, "/.well-known/openid-configuration");
    let authzen = document(&house, "/.well-known/authzen-configuration");
    assert_eq!((&openid["issuer"], &authzen["policy_decision_point"]), (&json!(ISSUER), &json!(ISSUER)));
    let known: Vec<&str> = openid.as_object().unwrap().keys().map(String::as_str).collect();
    let mut tried = vec!["issuer"];
    tried.extend(endpoints(&house, &openid, &authzen, &till));
    tried.extend(requests(&mut greta, &openid, &till));
    tried.extend(clients(&house, &openid, &till));
    tried.extend(told(&house, &mut greta, &openid, &till));
    tried.sort_unstable();
    tried.dedup();
    assert_eq!(tried, known, "every statement of the document is tried, and nothing else");
}

/// Every endpoint is there: it answers as its protocol says, and not as a page that does not exist.
fn endpoints(house: &House, openid: &Value, authzen: &Value, till: &Signer) -> Vec<&'static str> {
    let path = |document: &Value, name: &str| {
        let address = document[name].as_str().unwrap_or_else(|| panic!("no {name}"));
        address.strip_prefix(ISSUER).expect("an address of ours").to_owned()
    };
    let shop = [("client_id", "shop")];
    let machine = form(
        house,
        &path(openid, "token_endpoint"),
        &[("client_id", "till"), ("grant_type", "client_credentials")],
        &till.proof("till"),
    );
    assert_eq!(machine.status, 200, "{}", machine.html);
    let machine = json(&machine)["access_token"].as_str().unwrap().to_owned();
    let keys = call(house, "GET", &path(openid, "jwks_uri"), &[], "");
    assert!(!json(&keys)["keys"].as_array().unwrap().is_empty());
    let login = authorize(&mut house.browser(), &request("shop", &[]));
    assert_eq!(login.status, 303);
    let asked = format!("{}?{}", path(openid, "authorization_endpoint"), encoded(&shop));
    assert_eq!(call(house, "GET", &asked, &[], "").status, 400, "told here: no redirect_uri");
    let leaving = call(house, "GET", &path(openid, "end_session_endpoint"), &[], "");
    assert_eq!((leaving.status, leaving.header("location").as_deref()), (303, Some("/logout")));
    let pushed = form(
        house,
        &path(openid, "pushed_authorization_request_endpoint"),
        &request("till", &[]),
        &till.proof("till"),
    );
    assert_eq!(pushed.status, 201, "{}", pushed.html);
    let uri = json(&pushed)["request_uri"].as_str().unwrap().to_owned();
    // A request may be pushed and may be not; by value at an address of the client's own it is never fetched.
    assert_eq!(openid["require_pushed_authorization_requests"], json!(false));
    let taken = authorize(&mut house.browser(), &[("client_id", "till"), ("request_uri", &uri)]);
    assert_eq!(taken.status, 303);
    assert_eq!(openid["request_uri_parameter_supported"], json!(false));
    let fetched =
        authorize(&mut house.browser(), &request("till", &[("request_uri", "https://till.example/request")]));
    assert_eq!(fetched.status, 400);
    assert_eq!(call(house, "GET", &path(openid, "userinfo_endpoint"), &[], "").status, 401);
    let introspected = form(
        house,
        &path(openid, "introspection_endpoint"),
        &[("client_id", "till"), ("token", &machine)],
        &till.proof("till"),
    );
    assert_eq!(json(&introspected)["active"], json!(true));

    let question = json!({"subject": {"type": "person", "id": "x"}, "action": {"name": "employer.mandate.read"},
        "resource": {"type": "organisation", "id": "x"}});
    let one = ask(house, &path(authzen, "access_evaluation_endpoint"), &machine, &question.to_string());
    assert_eq!((one.status, &json(&one)["decision"]), (200, &json!(false)));
    let mut batch = question;
    batch["evaluations"] = json!([{}, {}]);
    let many = ask(house, &path(authzen, "access_evaluations_endpoint"), &machine, &batch.to_string());
    assert_eq!(json(&many)["evaluations"].as_array().map(Vec::len), Some(2));
    assert_eq!(authzen.as_object().unwrap().len(), 3, "nothing else is promised");
    vec![
        "authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "introspection_endpoint",
        "end_session_endpoint",
        "jwks_uri",
        "require_pushed_authorization_requests",
        "request_uri_parameter_supported",
    ]
}

/// What a request for a login may hold: each listed value leads to a code, to a login or to a choice.
fn requests(greta: &mut Browser, openid: &Value, till: &Signer) -> Vec<&'static str> {
    let mut error = |changed: &[(&str, &str)]| {
        let page = authorize(greta, &request("shop", changed));
        assert_eq!(page.status, 303, "{changed:?}: {}", page.text());
        let to = page.header("location").unwrap();
        // Whoever answers is told with every answer (RFC 9207).
        let answers = to.starts_with(BACK);
        assert_eq!(answers, parameter(&page, "iss").is_some(), "{to}");
        parameter(&page, "error")
    };
    let lists = [
        ("response_types_supported", "response_type", "token"),
        ("response_modes_supported", "response_mode", "form_post"),
        ("code_challenge_methods_supported", "code_challenge_method", "plain"),
        ("prompt_values_supported", "prompt", "create"),
    ];
    for (list_name, name, unlisted) in lists {
        for value in list(openid, list_name) {
            assert_eq!(error(&[(name, value)]), None, "{name}={value}");
        }
        assert!(error(&[(name, unlisted)]).is_some(), "{name}={unlisted}");
    }
    for scope in list(openid, "scopes_supported") {
        assert_eq!(error(&[("scope", &format!("openid {scope}"))]), None, "{scope}");
    }
    assert_eq!(error(&[("scope", "profile")]).as_deref(), Some("invalid_scope"));
    // Levels: a listed one can be met by some login, another one by none. BankID's is 3.
    assert_eq!(openid["claims_parameter_supported"], json!(true));
    let essential =
        |value: &str| json!({"id_token": {"acr": {"essential": true, "value": value}}}).to_string();
    for level in list(openid, "acr_values_supported") {
        let met = error(&[("claims", &essential(level))]).is_none();
        assert_eq!(met, level.ends_with("loa3"), "{level}");
        assert_eq!(error(&[("acr_values", level)]), None);
    }
    let unknown = error(&[("claims", &essential("urn:mace:incommon:iap:silver"))]);
    assert_eq!(unknown.as_deref(), Some("unmet_authentication_requirements"));
    for lang in list(openid, "ui_locales_supported") {
        assert_eq!(error(&[("ui_locales", lang)]), None);
    }
    assert_eq!(openid["authorization_response_iss_parameter_supported"], json!(true));
    // A request as a signed object, by the algorithms that are listed.
    assert_eq!(openid["request_parameter_supported"], json!(true));
    let claims = json!({"iss": "till", "aud": ISSUER, "exp": now() + 300, "response_type": "code", "redirect_uri": BACK,
        "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256"});
    assert!(list(openid, "request_object_signing_alg_values_supported").contains(&"ES256"));
    let signed = authorize(greta, &[("client_id", "till"), ("request", &till.sign(&claims))]);
    assert!(parameter(&signed, "code").is_some(), "{}", signed.text());
    let unsigned = authorize(greta, &[("client_id", "till"), ("request", &Signer::unsigned(&claims))]);
    assert_eq!(unsigned.status, 400);
    vec![
        "response_types_supported",
        "response_modes_supported",
        "code_challenge_methods_supported",
        "prompt_values_supported",
        "scopes_supported",
        "acr_values_supported",
        "claims_parameter_supported",
        "ui_locales_supported",
        "authorization_response_iss_parameter_supported",
        "request_parameter_supported",
        "request_object_signing_alg_values_supported",
    ]
}

/// How a client proves itself, and what it may ask for at the token endpoint.
fn clients(house: &House, openid: &Value, till: &Signer) -> Vec<&'static str> {
    assert_eq!(list(openid, "token_endpoint_auth_methods_supported"), ["private_key_jwt", "none"]);
    assert_eq!(list(openid, "introspection_endpoint_auth_methods_supported"), ["private_key_jwt"]);
    let word = |fields: &[(&str, &str)], proof: &[(&'static str, String)]| {
        let said = json(&form(house, "/oauth/token", fields, proof));
        said["error"].as_str().map(str::to_owned)
    };
    for grant in list(openid, "grant_types_supported") {
        // A code of nobody: the grant is known, the code is not.
        let fields = [
            ("client_id", "till"),
            ("grant_type", grant),
            ("code", "x"),
            ("redirect_uri", BACK),
            ("code_verifier", "x"),
        ];
        let said = word(&fields, &till.proof("till"));
        let known = if grant == "authorization_code" { Some("invalid_grant") } else { None };
        assert_eq!(said.as_deref(), known, "{grant}");
    }
    for grant in ["password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"] {
        let said = word(&[("client_id", "till"), ("grant_type", grant)], &till.proof("till"));
        assert_eq!(said.as_deref(), Some("unsupported_grant_type"), "{grant}");
    }
    // By no method at all: a public client redeems codes and nothing else.
    let said = word(&redeeming("shop", "x"), &[]);
    assert_eq!(said.as_deref(), Some("invalid_grant"));
    let secret = [("client_id", "till"), ("client_secret", "x"), ("grant_type", "client_credentials")];
    assert_eq!(word(&secret, &[]).as_deref(), Some("invalid_client"));
    let introspected = form(house, "/oauth/introspect", &[("client_id", "shop"), ("token", "x")], &[]);
    assert_eq!(json(&introspected)["error"], json!("unauthorized_client"));
    // ES256 in these tests; RS256 by the client that others wrote.
    for name in [
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
    ] {
        assert_eq!(list(openid, name), ["ES256", "RS256"]);
    }
    let unsigned = crate::support::client::asserted(Signer::unsigned(&till.claims("till")));
    let fields = [("client_id", "till"), ("grant_type", "client_credentials")];
    assert_eq!(word(&fields, &unsigned).as_deref(), Some("invalid_client"));
    vec![
        "token_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
        "grant_types_supported",
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
    ]
}

/// What is told: claims of the list only, signed as the lists say, under names of the kind that they say.
fn told(house: &House, greta: &mut Browser, openid: &Value, till: &Signer) -> Vec<&'static str> {
    use base64::Engine as _;
    let part = |token: &str, n: usize| -> Value {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(token.split('.').nth(n).unwrap())
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let everything = list(openid, "scopes_supported").join(" ");
    let mut names = std::collections::BTreeSet::new();
    let mut id_token = String::new();
    for id in ["shop", "till"] {
        let page = authorize(greta, &request(id, &[("scope", &everything)]));
        let code = parameter(&page, "code").unwrap();
        let proof = if id == "till" { till.proof("till") } else { Vec::new() };
        let said = json(&form(house, "/oauth/token", &redeeming(id, &code), &proof));
        id_token = said["id_token"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {}", said["access_token"].as_str().unwrap());
        let userinfo = json(&call(house, "GET", "/oauth/userinfo", &[("authorization", &bearer)], ""));
        for told in [part(&id_token, 1), userinfo] {
            names.extend(told.as_object().unwrap().keys().cloned());
        }
    }
    let listed = list(openid, "claims_supported");
    let unlisted: Vec<_> = names.iter().filter(|name| !listed.contains(&name.as_str())).collect();
    assert!(unlisted.is_empty(), "told, and not listed: {unlisted:?}");
    for always in ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "sid", "at_hash", "name"] {
        assert!(names.contains(always), "{always} is not told");
    }
    for name in ["id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"] {
        assert_eq!(list(openid, name), ["ES256"]);
    }
    assert_eq!(part(&id_token, 0)["alg"], json!("ES256"));
    let keys = document(house, "/oauth/keys");
    let kids: Vec<_> = keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
    assert!(kids.contains(&part(&id_token, 0)["kid"]), "signed by a key that is published");
    assert!(
        keys["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none() && key["alg"] == "ES256")
    );
    // One name in one service: two of its clients see the same; what another service sees is shown in the use-case tests.
    assert_eq!(list(openid, "subject_types_supported"), ["pairwise"]);
    // The session's name stands in the ID token, as log-out at the back names it.
    assert_eq!(openid["backchannel_logout_supported"], json!(true));
    assert_eq!(openid["backchannel_logout_session_supported"], json!(true));
    assert!(part(&id_token, 1)["sid"].is_string());
    vec![
        "claims_supported",
        "id_token_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
        "subject_types_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
    ]
}
