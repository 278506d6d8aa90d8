//! What a connected e-service asks: discovery, tokens, userinfo, one decision, at a store with many mandates.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::browser::Browser;
use super::http::{Client, Request};
use super::installation::Installation;
use super::report::Row;
use super::times;
use crate::process;

/// As the program `bench` registers it.
pub const BACK: &str = "http%3A%2F%2F127.0.0.1%3A9%2Fback";
const TOKEN: &str = "/oauth/token";
// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The rows; `person` is logged in and acts for the employer `party`.
pub fn rows(
    house: &Installation,
    client: &mut Client,
    person: &Browser,
    party: &str,
    count: u32,
) -> Result<Vec<Row>> {
    let discovery = Request::get("/.well-known/openid-configuration");
    let found = times("discovery", count, || client.send(&discovery).and_then(|answer| answer.expect(200)))?;

    let authorize = person.page(&format!(
        "/oauth/authorize?client_id=bench-app&response_type=code&scope=openid+urn%3Abehorig%3Ascope%3Aparty\
         &redirect_uri={BACK}&code_challenge={CHALLENGE}&code_challenge_method=S256&state=s&nonce=n"
    ));
    let authorized = times("an authorisation", count, || code(client, &authorize).map(drop))?;
    let needed = count + count / 10 + 1;
    let mut codes = (0..needed).map(|_| code(client, &authorize)).collect::<Result<Vec<_>>>()?;
    let token = redeem(client, TOKEN, &codes.pop().context("a code")?)?;
    let redeemed = times("a code redeemed", count, || {
        redeem(client, TOKEN, &codes.pop().context("codes have run out")?).map(drop)
    })?;

    let mut assertions = assertions(house, needed)?;
    let told_machine = times("a machine's token", count, || {
        let assertion = assertions.pop().context("assertions have run out")?;
        answered(client, &machine(TOKEN, &assertion)).map(drop)
    })?;

    let bearer = format!("Authorization: Bearer {token}");
    let userinfo = Request { headers: vec![bearer.clone()], ..Request::get("/oauth/userinfo") };
    let told = answered(client, &userinfo)?;
    let subject = told["sub"].as_str().context("no sub")?.to_owned();
    ensure!(told["urn:behorig:claim:party"]["id"] == party, "another party than the session's: {told}");
    let told = times("userinfo", count, || client.send(&userinfo).and_then(|answer| answer.expect(200)))?;

    let mut ask = |permission: &str, decision: bool| {
        let asked = json!({
            "subject": {"type": "person", "id": subject}, "action": {"name": permission},
            "resource": {"type": "organisation", "id": party},
        });
        let headers = vec![bearer.clone(), "Content-Type: application/json".to_owned()];
        let path = "/access/v1/evaluation".to_owned();
        let request = Request { method: "POST", path, headers, body: asked.to_string() };
        ensure!(answered(client, &request)?["decision"] == decision, "{permission} was decided otherwise");
        times("a decision", count, || client.send(&request).and_then(|answer| answer.expect(200)))
    };
    let (plain, recorded) =
        (ask("employer.mandate.read", false)?, ask("employer.sickness_report.create", true)?);
    Ok(vec![
        Row::over_handler("discovery (`GET /.well-known/openid-configuration`)", found),
        Row::over_handler("an authorisation of somebody logged in (`GET /oauth/authorize`)", authorized),
        Row::over_sync("a code redeemed, public client, with its record (`POST /oauth/token`)", redeemed),
        Row::over_sync("a machine's token, `private_key_jwt` (`POST /oauth/token`)", told_machine),
        Row::over_handler("userinfo with the party (`GET /oauth/userinfo`)", told),
        Row::over_handler("one AuthZEN evaluation, of a class that is not recorded", plain),
        Row::over_sync("one AuthZEN evaluation, recorded", recorded),
    ])
}

/// The code that an authorisation ends in.
fn code(client: &mut Client, authorize: &Request) -> Result<String> {
    let answer = client.send(authorize)?;
    answer.expect(303)?;
    let location = answer.header("location").context("no location")?;
    let rest = location.split_once("code=").with_context(|| format!("no code: {location}"))?.1;
    Ok(rest.split('&').next().unwrap_or_default().to_owned())
}

/// So many assertions of the client `bench-machine`.
pub fn assertions(house: &Installation, count: u32) -> Result<Vec<String>> {
    let mut sign = process::command(&house.bench, &house.folder);
    sign.args(["sign", "--config-folder", ".", "--count", &count.to_string()]);
    Ok(process::output(&mut sign)?.lines().map(str::to_owned).collect())
}

/// A machine's request for a token, with its assertion (RFC 7523).
pub fn machine(path: &str, assertion: &str) -> Request {
    let body = format!(
        "grant_type=client_credentials&client_id=bench-machine&client_assertion={assertion}\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    );
    form(path, &body)
}

/// The access token for a code.
pub fn redeem(client: &mut Client, path: &str, code: &str) -> Result<String> {
    let body = format!(
        "grant_type=authorization_code&client_id=bench-app&code={code}&code_verifier={VERIFIER}&redirect_uri={BACK}"
    );
    let answer = answered(client, &form(path, &body))?;
    answer["access_token"].as_str().map(str::to_owned).context("no access token")
}

fn form(path: &str, body: &str) -> Request {
    let headers = vec!["Content-Type: application/x-www-form-urlencoded".to_owned()];
    Request { method: "POST", path: path.to_owned(), headers, body: body.to_owned() }
}

fn answered(client: &mut Client, request: &Request) -> Result<Value> {
    let answer = client.send(request)?;
    answer.expect(200)?;
    Ok(serde_json::from_slice(&answer.body)?)
}
