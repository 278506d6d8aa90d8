//! The pieces of a request that every page reads before its handler: form, cookies, languages, addresses.

use super::mutate::{drive, text};
use app::session::SecretKey;
use axum::body::Body;
use axum::extract::FromRequest as _;
use domain::PartyId;
use http::{HeaderMap, HeaderValue, Request, header};
use page::door::ClientAddress;
use page::{
    Cookies, FormGuard, Lang, MAX_FILES, MAX_FORM, Posted, Transport, codes, local_path, negotiate, parse_day,
};
use std::net::IpAddr;

const SESSION: [u8; 32] = [7; 32];
const PARTY: PartyId = PartyId::from_bytes([1; 16]);

/// Any function of a key will do: the guard is judged, not the key.
fn mac(message: &[u8]) -> [u8; 32] {
    let mut sum = [3u8; 32];
    for (at, byte) in message.iter().enumerate() {
        sum[at % 32] = sum[at % 32].rotate_left(3) ^ byte;
    }
    sum
}

fn read(kind: &str, body: &[u8]) -> Result<Posted, &'static str> {
    let request = Request::post("/x").header(header::CONTENT_TYPE, kind).body(Body::from(body.to_vec()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let read = runtime.block_on(Posted::from_request(request.unwrap(), &()));
    read.map_err(|problem| problem.code())
}

fn encoded(posted: &Posted) -> String {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    posted.answers.pairs().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&")
}

fn bounded(posted: &Posted) {
    let pairs: Vec<(&str, &str)> = posted.answers.pairs().collect();
    assert!(pairs.len() <= 300 && pairs.iter().map(|(_, value)| value.len()).sum::<usize>() <= MAX_FORM);
    let clean = |text: &str| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    assert!(pairs.iter().all(|(name, value)| clean(&name.replace('\r', "")) && clean(value)), "{pairs:?}");
    for upload in &posted.files {
        assert!(
            !upload.file_name.contains(['/', '\\', '\0', '\n']) && upload.file_name.chars().count() <= 200
        );
    }
    assert!(posted.files.len() <= MAX_FILES);
    // A log tells the names of fields, and no answers.
    let named = pairs.iter().any(|(name, _)| name.contains("2385"));
    assert!(named || !format!("{posted:?}").contains("2385"), "{posted:?}");
}

#[test]
fn fuzz_forms() {
    const URLENCODED: &str = "application/x-www-form-urlencoded";
    let guard = FormGuard::new(mac, &SESSION, PARTY);
    let form = format!(
        "csrf={}&party={PARTY}&number=19920505-2385&name=%C3%85sa+B&day=2026-11-03&why=rad%0D%0Arad&tom=",
        guard.token()
    );
    drive("forms", 1, &[form], |input| {
        let posted = match read(URLENCODED, input) {
            Ok(posted) => posted,
            Err(code) => {
                assert!([codes::UNREADABLE.code, codes::TOO_LARGE.code].contains(&code), "{code}");
                return false;
            }
        };
        bounded(&posted);
        assert!(posted.files.is_empty());
        // Shown again and sent again it is the same, unless a name in it is no name of ours.
        let again = encoded(&posted);
        if again.len() <= MAX_FORM {
            assert_eq!(read(URLENCODED, again.as_bytes()).unwrap().answers, posted.answers);
        }
        if let Some(day) = parse_day(posted.answers.get("day")) {
            assert_eq!(parse_day(&day.to_string()), Some(day));
        }
        let passes = FormGuard::check(mac, &SESSION, PARTY, &posted.answers).is_ok();
        let party = posted.answers.only("party").and_then(|party| party.parse().ok());
        let genuine = posted.answers.only("csrf") == Some(guard.token()) && party == Some(PARTY);
        assert_eq!(passes, genuine, "nothing but its own token and party carries a form");
        passes
    });
}

#[test]
fn fuzz_forms_with_files() {
    let part =
        |head: &str, body: &str| format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = part("name=\"number\"", "19920505-2385")
        + &part("name=\"scan\"; filename=\"C:\\hemma\\blankett.pdf\"", "%PDF-1.7")
        + &part("name=\"tom\"; filename=\"\"", "")
        + "--b--\r\n";
    drive("forms with files", 2, &[body], |input| match read("multipart/form-data; boundary=b", input) {
        Ok(posted) => {
            bounded(&posted);
            assert!(posted.files.iter().all(|upload| upload.bytes.len() <= input.len()));
            true
        }
        Err(code) => {
            assert!([codes::UNREADABLE.code, codes::TOO_LARGE.code].contains(&code), "{code}");
            false
        }
    });
}

#[test]
fn fuzz_cookies() {
    let key = SecretKey::new(&app::SystemEntropy::new()).to_cookie();
    let jars = [format!("lang=en; session={key}; browser=x"), format!("__Host-session={key}; session=other")];
    drive("cookies", 1, &jars, |input| {
        let Ok(jar) = HeaderValue::from_bytes(input) else { return false };
        let mut headers = HeaderMap::from_iter([(header::COOKIE, jar)]);
        let mut found = 0;
        for transport in [Transport::PlainLoopback, Transport::Tls] {
            let cookies = Cookies::new(transport);
            let Some(value) = cookies.read(&headers, "session").map(str::to_owned) else { continue };
            let set =
                cookies.set("session", &value, page::Lifetime::Browser).expect("what is read can be set");
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            assert!(text(input).is_some_and(|jar| jar.contains(&pair)), "{pair} was not sent");
            if let Some(key) = SecretKey::parse(&value) {
                assert_eq!(key.to_cookie(), value, "a key is written in one way");
            }
            // Whoever sets one beside it takes it away, and gets nothing for it.
            headers.append(header::COOKIE, HeaderValue::from_str(&pair).unwrap());
            assert_eq!(cookies.read(&headers, "session"), None);
            found += 1;
        }
        found > 0
    });
}

#[test]
fn fuzz_languages() {
    let values = ["en-GB,en;q=0.9,sv;q=0.8", "de, en;q=0.3", "sv;q=0, en"];
    drive("languages", 1, &values, |input| {
        let Ok(value) = HeaderValue::from_bytes(input) else { return false };
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]);
        let lang = negotiate(&headers, Cookies::new(Transport::PlainLoopback));
        let named = |word: &str| input.to_ascii_lowercase().windows(2).any(|two| two == word.as_bytes());
        assert!(lang == Lang::Sv || named("en"), "nobody is given a language that was not named");
        lang == Lang::En
    });
}

#[test]
fn fuzz_forwarded_addresses() {
    let proxies = [IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2])];
    let values = ["203.0.113.9, 198.51.100.1, 10.0.0.1", "2001:db8::1,10.0.0.2", "198.51.100.7"];
    drive("forwarded addresses", 1, &values, |input| {
        let Ok(value) = HeaderValue::from_bytes(input) else { return false };
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value)]);
        let stranger = IpAddr::from([192, 0, 2, 7]);
        assert_eq!(
            ClientAddress::of(&headers, stranger, &proxies).0,
            stranger,
            "a stranger's header is ignored"
        );
        let ClientAddress(seen) = ClientAddress::of(&headers, proxies[0], &proxies);
        if seen == proxies[0] {
            return false;
        }
        // The last that a proxy added, and not one that somebody wrote before it.
        let words: Vec<&str> = text(input).unwrap().split(',').map(str::trim).collect();
        let at = words.iter().rposition(|word| word.parse() == Ok(seen)).expect("it was told");
        let behind = words.iter().skip(at + 1).filter_map(|word| word.parse::<IpAddr>().ok());
        assert!(!proxies.contains(&seen) && behind.into_iter().all(|address| proxies.contains(&address)));
        true
    });
}

#[test]
fn fuzz_paths() {
    let paths = ["/login?tjanst=employer&x=%C3%A5", "/for/0192/employer#a", "/a//b"];
    drive("paths", 1, &paths, |input| {
        let Some(path) = text(input).and_then(local_path) else { return false };
        assert_eq!(path.as_bytes(), input);
        // As a browser reads it: behind our own host, whatever it holds. The library refuses more than browsers do.
        let read = format!("http://localhost:8400{path}").parse::<http::Uri>();
        assert!(read.is_err() || read.unwrap().authority().is_some_and(|host| host == "localhost:8400"));
        assert!(HeaderValue::from_str(path).is_ok() && !path.starts_with("//") && !path.contains('\\'));
        true
    });
}
