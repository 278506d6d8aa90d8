//! A blocking HTTP/1.1 client (RFC 9112) over one kept connection, for loopback only. It follows no redirect
//! and keeps no cookie: a measured request is the one that was written down.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// No answer of ours is longer.
const LONGEST: usize = 4 << 20;

#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    /// Whole lines without their end, such as `Cookie: a=b`.
    pub headers: Vec<String>,
    pub body: String,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), ..Self::default() }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self { address, stream: BufReader::new(open(address)?) })
    }

    /// Asks for a page and demands 200.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        let answer = self.send(&Request::get(path))?;
        answer.expect(200).with_context(|| format!("GET {path}"))?;
        Ok(answer)
    }

    /// Any status below 400 is an answer; a page that sends one on is 303.
    pub fn send(&mut self, request: &Request) -> Result<Answer> {
        let mut text = format!(
            "{} {} HTTP/1.1\r\nHost: localhost:{}\r\n",
            request.method,
            request.path,
            self.address.port()
        );
        for header in &request.headers {
            text.push_str(&format!("{header}\r\n"));
        }
        if !request.body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", request.body.len()));
        }
        text.push_str("\r\n");
        text.push_str(&request.body);
        self.stream.get_mut().write_all(text.as_bytes())?;
        let answer = self.answer()?;
        if answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = BufReader::new(open(self.address)?);
        }
        if answer.status >= 400 {
            bail!("{} {} was answered with {}", request.method, request.path, answer.status);
        }
        Ok(answer)
    }

    fn answer(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.with_context(|| format!("no HTTP answer: {first}"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').with_context(|| format!("no header: {line}"))?;
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if answer.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            loop {
                let size =
                    usize::from_str_radix(self.line()?.split(';').next().unwrap_or_default().trim(), 16)?;
                let piece = self.take(size)?;
                self.line()?;
                if size == 0 {
                    break;
                }
                answer.body.extend(piece);
                if answer.body.len() > LONGEST {
                    bail!("the answer is too long");
                }
            }
        } else {
            let length = answer.header("content-length").map(str::parse).transpose()?.unwrap_or(0);
            answer.body = self.take(length)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if (&mut self.stream).take(64 << 10).read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>> {
        if length > LONGEST {
            bail!("the answer is too long");
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }
}

impl Answer {
    /// An answer of another status is no measurement of this one.
    pub fn expect(&self, status: u16) -> Result<()> {
        if self.status == status { Ok(()) } else { bail!("answered with {}, not {status}", self.status) }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn open(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::TcpListener, thread};

    /// Answers one connection with these bytes, one answer for each request head.
    fn serve(answers: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut stream = BufReader::new(stream);
            for answer in answers {
                let mut line = String::new();
                while stream.read_line(&mut line).unwrap() > 2 {
                    line.clear();
                }
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    #[test]
    fn answers_with_a_length_and_in_chunks_are_read_over_one_connection() {
        let address = serve(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 303 See Other\r\nTransfer-Encoding: chunked\r\nLocation: /x\r\n\r\n3\r\nabc\r\n1;a=b\r\nd\r\n0\r\n\r\n",
        ]);
        let mut client = Client::connect(address).unwrap();
        assert_eq!(client.get("/a").unwrap().body, b"hi");
        let answer =
            client.send(&Request { method: "POST", path: "/b".into(), ..Request::default() }).unwrap();
        assert_eq!(
            (answer.status, answer.body.as_slice(), answer.header("location")),
            (303, &b"abcd"[..], Some("/x"))
        );
    }

    #[test]
    fn refusals_and_silence_are_errors() {
        let mut client =
            Client::connect(serve(&["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"])).unwrap();
        assert!(client.get("/a").unwrap_err().to_string().contains("404"));
        let mut client = Client::connect(serve(&[])).unwrap();
        assert!(client.get("/a").is_err());
    }
}
