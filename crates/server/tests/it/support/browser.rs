//! A browser without JavaScript: cookies, redirects, forms. It sends what a browser sends, and nothing more.

use super::phone::Phone;
use std::collections::BTreeMap;
use std::time::Duration;

/// A client without proxies, redirects and trust: all of it is plain HTTP on loopback.
pub fn client() -> reqwest::Client {
    patient(Duration::from_secs(30))
}

fn patient(longest: Duration) -> reqwest::Client {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest::redirect::Policy::none())
        // A browser tries again when a kept connection has been closed; this one keeps none.
        .pool_max_idle_per_host(0)
        .no_proxy()
        .timeout(longest)
        .build()
        .unwrap()
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Fields as a browser encodes them (URL Standard §5).
fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                    char::from(byte).to_string()
                }
                b' ' => "+".to_owned(),
                _ => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    fields.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&")
}

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    /// The path that answered, after redirects.
    pub path: String,
    pub html: String,
    pub headers: Vec<(String, String)>,
}

/// What a browser does when no answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The test fails.
    Fails,
    /// What it is doing is unwound with [`GivenUp`], also when the server is busy: whoever kills servers expects that.
    GivesUp,
}

/// Why an act was given up. Not a panic: nothing is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenUp {
    /// The server died before it had answered.
    Gone,
    /// It said that it is busy.
    Busy,
}

pub struct Browser {
    pub base: String,
    pub cookies: BTreeMap<String, String>,
    pub unanswered: Unanswered,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Browser {
    pub fn at(base: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (cookies, unanswered) = (BTreeMap::new(), Unanswered::Fails);
        Self { base: base.to_owned(), cookies, unanswered, client: client(), runtime }
    }

    /// For what may take minutes: a clock whose moving sends all letters that become due.
    pub fn patient_at(base: &str) -> Self {
        Self { client: patient(Duration::from_secs(600)), ..Self::at(base) }
    }

    /// The same browser at another node: cookies ignore ports.
    pub fn over_at(&self, base: &str) -> Self {
        Self { cookies: self.cookies.clone(), unanswered: self.unanswered, ..Self::at(base) }
    }

    /// What came, or the end that is meant for no answer.
    fn answered<T>(&self, came: Result<T, reqwest::Error>) -> T {
        match (came, self.unanswered) {
            (Ok(came), _) => came,
            (Err(_), Unanswered::GivesUp) => std::panic::resume_unwind(Box::new(GivenUp::Gone)),
            (Err(error), Unanswered::Fails) => panic!("no answer: {error:?}"),
        }
    }

    fn send(&mut self, mut request: reqwest::RequestBuilder) -> (u16, Vec<(String, String)>, String) {
        let jar = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        if !jar.is_empty() {
            request = request.header("cookie", jar);
        }
        self.deliver(request.header("accept", "text/html").header("sec-fetch-site", "same-origin"))
    }

    /// Sends a request as it is, and keeps the cookies of the answer.
    fn deliver(&mut self, request: reqwest::RequestBuilder) -> (u16, Vec<(String, String)>, String) {
        let came = self.runtime.block_on(async {
            let answer = request.send().await?;
            let headers = answer
                .headers()
                .iter()
                .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
                .collect::<Vec<_>>();
            Ok((answer.status().as_u16(), headers, answer.text().await?))
        });
        let (status, headers, html) = self.answered(came);
        if status == 503 && self.unanswered == Unanswered::GivesUp {
            std::panic::resume_unwind(Box::new(GivenUp::Busy));
        }
        for (_, set) in headers.iter().filter(|(k, _)| k == "set-cookie") {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || set.to_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        (status, headers, html)
    }

    fn follow(&mut self, path: &str, first: (u16, Vec<(String, String)>, String)) -> Page {
        let (mut path, mut answer) = (path.to_owned(), first);
        for _ in 0..10 {
            let target = answer.1.iter().find(|(k, _)| k == "location").map(|(_, v)| v.clone());
            match target {
                Some(target) if (300..400).contains(&answer.0) => {
                    path = target.strip_prefix(&self.base).unwrap_or(&target).to_owned();
                    let request = self.client.get(format!("{}{path}", self.base));
                    answer = self.send(request);
                }
                _ => return Page { status: answer.0, path, headers: answer.1, html: answer.2 },
            }
        }
        panic!("redirects without end at {path}");
    }

    pub fn get(&mut self, path: &str) -> Page {
        let request = self.client.get(format!("{}{path}", self.base));
        let first = self.send(request);
        self.follow(path, first)
    }

    /// A form as a browser sends it: what is hidden in the page, and what is typed.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", FORM)
            .body(encoded(fields));
        let first = self.send(request);
        self.follow(path, first)
    }

    /// Without following where it leads.
    pub fn post_once(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", FORM)
            .body(encoded(fields));
        let (status, headers, html) = self.send(request);
        Page { status, path: path.to_owned(), headers, html }
    }

    /// Exactly this request: these headers and nothing that a browser adds but the jar's cookies (and those not, where
    /// a cookie header is given). Redirects are not followed.
    pub fn exactly(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Page {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.base)).body(body.into());
        let jar = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        if !jar.is_empty() && !headers.iter().any(|(name, _)| *name == "cookie") {
            request = request.header("cookie", jar);
        }
        for (name, value) in headers {
            request =
                request.header(*name, reqwest::header::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let (status, headers, html) = self.deliver(request);
        Page { status, path: path.to_owned(), headers, html }
    }

    /// A page without following where it leads.
    pub fn get_once(&mut self, path: &str) -> Page {
        self.exactly("GET", path, &[("accept", "text/html")], "")
    }

    /// Fills and sends the form of a page whose action ends with `action`.
    pub fn submit(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
        let (target, mut fields) = page.form(action);
        for (name, value) in typed {
            fields.retain(|(had, _)| had != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>();
        self.post(&target, &fields)
    }

    /// The same with a file, as `multipart/form-data`.
    pub fn submit_file(
        &mut self,
        page: &Page,
        action: &str,
        typed: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Page {
        let (target, mut fields) = page.form(action);
        for (name, value) in typed {
            fields.retain(|(had, _)| had != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--b0undary\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            );
        }
        let (name, file_name, bytes) = file;
        body.extend_from_slice(format!("--b0undary\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\ncontent-type: application/octet-stream\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b0undary--\r\n");
        let request = self
            .client
            .post(format!("{}{target}", self.base))
            .header("content-type", "multipart/form-data; boundary=b0undary")
            .body(body);
        let first = self.send(request);
        self.follow(&target, first)
    }

    /// Logs in with BankID on this device and lands where that leads.
    pub fn log_in(&mut self, phone: &Phone, person: &str) -> Page {
        let login = self.get("/login");
        let order = self.begin(&login);
        phone.start_and_approve(person, &order.autostart_token());
        self.arrive(&order)
    }

    /// Begins a login on this device and shows the order's page once.
    pub fn begin(&mut self, login: &Page) -> Page {
        let begun = self.submit_to_order(login, "/login/bankid", &[("device", "this")]);
        self.peek(&begun)
    }

    /// Sends a form that leads to an order, without waiting for the order's page to end.
    pub fn submit_to_order(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> String {
        let answer = self.submit_once(page, action, typed);
        answer.header("location").unwrap_or_else(|| panic!("no order: {} {}", answer.status, answer.text()))
    }

    /// Fills and sends a form without following where it leads.
    pub fn submit_once(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
        let (target, mut fields) = page.form(action);
        for (name, value) in typed {
            fields.retain(|(had, _)| had != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>();
        self.post_once(&target, &fields)
    }

    /// The order's page as it stands now: the stream is read for a moment and left.
    pub fn peek(&mut self, path: &str) -> Page {
        let jar = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let request = self
            .client
            .get(format!("{}{path}", self.base))
            .header("cookie", jar)
            .header("accept", "text/html");
        let came = self.runtime.block_on(async {
            let mut answer = request.send().await?;
            let mut html = Vec::new();
            while let Ok(Ok(Some(chunk))) =
                tokio::time::timeout(Duration::from_millis(400), answer.chunk()).await
            {
                html.extend_from_slice(&chunk);
            }
            Ok((answer.status().as_u16(), String::from_utf8_lossy(&html).into_owned()))
        });
        let (status, html) = self.answered(came);
        Page { status, path: path.to_owned(), headers: Vec::new(), html }
    }

    /// Waits on the order's page as a browser does, and goes where it leads.
    pub fn arrive(&mut self, order: &Page) -> Page {
        self.try_to_arrive(order).expect("the order's page moves on")
    }

    /// The same; `None` where the page has not moved on after some seconds.
    pub fn try_to_arrive(&mut self, order: &Page) -> Option<Page> {
        let path = order.path.clone();
        // On a slow machine the page's stream may end first: it then goes on as a page that loads itself anew.
        let is_the_order = |other: &str| other.split('?').next() == path.split('?').next();
        for _ in 0..100 {
            let page = self.get(&path);
            if let Some(next) = page.refresh_target() {
                if !is_the_order(&next) {
                    return Some(self.get(&next));
                }
            } else if !is_the_order(&page.path) {
                return Some(page);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        None
    }
}

impl Page {
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone())
    }

    /// The text without tags, for messages of tests.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.html.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push(' ');
                }
                c if !inside => out.push(c),
                _ => {}
            }
        }
        unescape(&out.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The reference code that the page shows: two groups of five.
    pub fn reference(&self) -> String {
        let code = |word: &&str| {
            let plain = word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
            word.len() == 11
                && plain
                && word.as_bytes()[5] == b'-'
                && word.bytes().filter(|b| *b == b'-').count() == 1
        };
        let text = self.text();
        text.split_whitespace()
            .map(|word| word.trim_end_matches(['.', ',']))
            .find(code)
            .unwrap_or_else(|| panic!("no reference code: {text}"))
            .to_owned()
    }

    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    #[track_caller]
    pub fn expect(&self, status: u16, words: &str) -> &Self {
        assert!(
            self.status == status && self.has(words),
            "{status} “{words}” expected at {}; got {}: {}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// Where `<meta http-equiv="refresh">` leads.
    pub fn refresh_target(&self) -> Option<String> {
        let at = self.html.rfind("http-equiv=\"refresh\"")?;
        let content = self.html[at..].split("content=\"").nth(1)?.split('"').next()?;
        let (_, url) = content.split_once("url=")?;
        Some(unescape(url))
    }

    pub fn autostart_token(&self) -> String {
        let html = unescape(&self.html);
        let token =
            html.split("autostarttoken=").nth(1).unwrap_or_else(|| panic!("no start link: {}", self.text()));
        token.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    }

    /// The action and the hidden (and prefilled) fields of the form whose action ends with `action`.
    pub fn form(&self, action: &str) -> (String, Vec<(String, String)>) {
        for part in self.html.split("<form").skip(1) {
            let form = part.split("</form>").next().unwrap_or_default();
            let head = form.split('>').next().unwrap_or_default();
            let target = attribute(head, "action").unwrap_or_else(|| self.path.clone());
            if !target.split('?').next().unwrap_or_default().ends_with(action) {
                continue;
            }
            let mut fields = Vec::new();
            for input in form.split("<input").skip(1) {
                let input = input.split('>').next().unwrap_or_default();
                let kind = attribute(input, "type").unwrap_or_default();
                let skip = matches!(kind.as_str(), "radio" | "checkbox" | "file" | "submit")
                    && !input.contains("checked");
                if let (Some(name), false) = (attribute(input, "name"), skip) {
                    fields.push((name, attribute(input, "value").unwrap_or_default()));
                }
            }
            return (target, fields);
        }
        panic!("no form with action …{action} at {}: {}", self.path, self.text());
    }

    /// The first link whose address contains `part`.
    pub fn link(&self, part: &str) -> String {
        self.html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(unescape)
            .find(|href| href.contains(part))
            .unwrap_or_else(|| panic!("no link with {part} at {}: {}", self.path, self.text()))
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(unescape(value))
}

pub fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&lt;", "<")
        .replace("&#62;", ">")
        .replace("&gt;", ">")
}
