//! Somebody who logs in with the sandbox's phone and goes from party to party: a cookie jar over the plain client.
//! What the measurement knows of the product's routes and forms stands here.

use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use super::http::{Answer, Client, Request};

/// As browsers send it, so that an answer is compressed wherever it would be for them.
pub const ACCEPTS: &str = "Accept-Encoding: gzip, deflate, br";
/// Longer than any order lives.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Browser {
    client: Client,
    phone: Client,
    cookies: BTreeMap<String, String>,
}

/// Somebody to act for, and the token of forms made while acting for them.
#[derive(Debug)]
pub struct Party {
    pub id: String,
    csrf: String,
}

impl Browser {
    pub fn new(public: SocketAddr, phone: SocketAddr) -> Result<Self> {
        Ok(Self {
            client: Client::connect(public)?,
            phone: Client::connect(phone)?,
            cookies: BTreeMap::new(),
        })
    }

    /// A page, asked for as a browser would.
    pub fn page(&self, path: &str) -> Request {
        self.dressed(Request::get(path))
    }

    /// The form that turns the session from one party to the other.
    pub fn switch(&self, from: &Party, to: &Party) -> Request {
        self.dressed(switch(from, to))
    }

    fn dressed(&self, mut request: Request) -> Request {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            request.headers.push(format!("Cookie: {}", jar.join("; ")));
        }
        request.headers.push(ACCEPTS.to_owned());
        request
    }

    /// Logs in with BankID on this device.
    pub fn log_in(&mut self, person: &str) -> Result<()> {
        let begun = self.send(form("/login/bankid", "device=this"))?;
        let order = begun.header("location").context("the login led to no order")?.to_owned();
        // Without the stream that a person's browser would hold open.
        let still = format!("{order}?view=still");
        let token =
            start_token(&self.send(Request::get(&still))?.text()).context("the order has no start link")?;
        self.phone("/phone/start", &format!(r#"{{"person":"{person}","autostart_token":"{token}"}}"#))?;
        self.phone("/phone/approve", &format!(r#"{{"person":"{person}"}}"#))?;
        let begin = Instant::now();
        loop {
            let answer = self.send(Request::get(&still))?;
            if answer.status == 303 {
                let done = answer.header("location").context("the order led nowhere")?.to_owned();
                let arrived = self.send(Request::get(&done))?;
                ensure!(
                    arrived.status == 303,
                    "the login failed: {done} was answered with {}",
                    arrived.status
                );
                return Ok(());
            }
            ensure!(begin.elapsed() < PATIENCE, "the login did not end");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// The two parties that the person can act for: the person, and an employer, for whom the session acts now.
    pub fn parties(&mut self) -> Result<[Party; 2]> {
        let page = self.send(Request::get("/party"))?.text();
        let mut ids = values(&page, "name=\"to\" value=\"");
        ids.dedup();
        let [one, two] = ids.as_slice() else {
            bail!("two parties to act for were expected, not {}", ids.len())
        };
        // A form carries the party that it was made for: the tokens of both are fetched while acting for each.
        Ok([self.acting(one)?, self.acting(two)?])
    }

    fn acting(&mut self, party: &str) -> Result<Party> {
        let page = self.send(Request::get("/party"))?.text();
        let one = |name: &str| {
            values(&page, &format!("name=\"{name}\" value=\""))
                .into_iter()
                .next()
                .context("no form on /party")
        };
        let now = Party { id: one("party")?, csrf: one("csrf")? };
        if now.id == party {
            return Ok(now);
        }
        let wanted = Party { id: party.to_owned(), csrf: String::new() };
        let switched = self.send(switch(&now, &wanted))?;
        ensure!(switched.status == 303, "acting for {party} was answered with {}", switched.status);
        self.acting(party)
    }

    fn phone(&mut self, path: &str, body: &str) -> Result<()> {
        let headers = vec!["Content-Type: application/json".to_owned()];
        self.phone.send(&Request { method: "POST", path: path.into(), headers, body: body.into() }).map(drop)
    }

    fn send(&mut self, request: Request) -> Result<Answer> {
        let answer = self.client.send(&self.dressed(request))?;
        for (_, set) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = set.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

fn switch(from: &Party, to: &Party) -> Request {
    form("/party", &format!("csrf={}&party={}&to={}", from.csrf, from.id, to.id))
}

/// A form of our own pages. The values need no escaping: ids and base64url.
fn form(path: &str, body: &str) -> Request {
    let headers = vec![
        "Content-Type: application/x-www-form-urlencoded".to_owned(),
        "Sec-Fetch-Site: same-origin".to_owned(),
    ];
    Request { method: "POST", path: path.to_owned(), headers, body: body.to_owned() }
}

fn start_token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("autostarttoken=")?;
    Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
}

/// What stands between `before` and the next quotation mark, each time.
fn values(page: &str, before: &str) -> Vec<String> {
    page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_start_links_are_read() {
        let page = r#"<a href="/open?autostarttoken=67df-aa&#38;redirect=null"><input name="csrf" value="x_1"><b name="to" value="p1"><b name="to" value="p2">"#;
        assert_eq!(start_token(page).as_deref(), Some("67df-aa"));
        assert_eq!(values(page, "name=\"to\" value=\""), ["p1", "p2"]);
        assert_eq!(start_token("<p>"), None);
    }
}
