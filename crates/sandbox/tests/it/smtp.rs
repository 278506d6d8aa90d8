//! The mail sink by a hand-made SMTP dialogue.

use crate::bed::Bed;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

struct Talk(BufReader<TcpStream>);

impl Talk {
    async fn new(bed: &Bed) -> Self {
        let mut talk = Self(BufReader::new(TcpStream::connect(bed.sandbox.smtp).await.expect("connect")));
        assert!(talk.hear().await.starts_with("220 "));
        talk
    }

    /// The last line of an answer.
    async fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).await.expect("line"), 0, "the sink hung up");
            if line.as_bytes().get(3) == Some(&b' ') {
                return line.trim_end().to_owned();
            }
        }
    }

    async fn say(&mut self, line: &str) -> String {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.expect("write");
        self.hear().await
    }

    async fn codes(&mut self, dialogue: &[(&str, &str)]) {
        for (line, code) in dialogue {
            let answer = self.say(line).await;
            assert!(answer.starts_with(code), "{}: {answer}", &line[..line.len().min(60)]);
        }
    }
}

async fn inbox(bed: &Bed, query: &str) -> Vec<Value> {
    bed.get(&format!("/inbox{query}")).await.json().await.expect("inbox")
}

#[tokio::test]
async fn mail_ends_up_in_the_inbox_decoded() {
    let bed = Bed::new().await;
    let mut talk = Talk::new(&bed).await;
    talk.codes(&[
        ("EHLO test", "250"),
        ("MAIL FROM:<noreply@example.se> SIZE=400 BODY=8BITMIME", "250"),
        ("RCPT TO:<cecilia@granas.example>", "250"),
        ("RCPT TO:<David@granas.example>", "250"),
        ("DATA", "354"),
        (
            "From: Myndigheten <noreply@example.se>\r\nSubject: =?utf-8?Q?Beh=C3=B6righet?=\r\nMessage-ID: <7@example.se>\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             Hej!\r\n..en punkt\r\nhttp://localhost:8400/x?a=3D1&b=3D2\r\n.",
            "250",
        ),
        ("QUIT", "221"),
    ])
    .await;
    let all = inbox(&bed, "").await;
    assert_eq!(all.len(), 2);
    let one = &inbox(&bed, "?to=david@granas.example").await[0];
    assert_eq!(one["to"], "David@granas.example");
    assert_eq!(one["from"], "Myndigheten <noreply@example.se>");
    assert_eq!(one["subject"], "Behörighet");
    assert_eq!(one["text"], "Hej!\n.en punkt\nhttp://localhost:8400/x?a=1&b=2");
    assert_eq!(one["message_id"], "<7@example.se>");
    assert!(one["received_at"].as_str().expect("time").ends_with('Z'));
    let page = bed.get("/inbox.html").await.text().await.expect("page");
    assert!(
        page.contains("Behörighet") && page.contains("href=\"http://localhost:8400/x?a=1&#38;b=2\""),
        "{page}"
    );
    let url = format!("{}/inbox", bed.sandbox.control_url());
    assert_eq!(bed.http.delete(url).send().await.expect("answer").status(), 204);
    assert!(inbox(&bed, "").await.is_empty());
}

#[tokio::test]
async fn newest_first() {
    let bed = Bed::new().await;
    let mut talk = Talk::new(&bed).await;
    talk.codes(&[("HELO test", "250")]).await;
    for n in 1..=3 {
        let body = format!("Subject: {n}\r\n\r\n{n}\r\n.");
        talk.codes(&[
            ("MAIL FROM:<>", "250"),
            ("RCPT TO:<a@b.example>", "250"),
            ("DATA", "354"),
            (&body, "250"),
        ])
        .await;
    }
    let subjects: Vec<_> = inbox(&bed, "").await.iter().map(|m| m["subject"].clone()).collect();
    assert_eq!(subjects, ["3", "2", "1"]);
}

#[tokio::test]
async fn the_order_of_commands_and_the_limits_are_kept() {
    let bed = Bed::new().await;
    let mut talk = Talk::new(&bed).await;
    let long = format!("NOOP {}", "x".repeat(3000));
    talk.codes(&[
        ("DATA", "503"),
        ("RCPT TO:<a@b.example>", "503"),
        ("MAIL to nobody", "501"),
        ("MAIL FROM:<a@b.example> SIZE=99999999", "552"),
        ("MAIL FROM:<a@b.example>", "250"),
        ("RCPT TO:<nobody>", "553"),
        ("RCPT TO nobody", "501"),
        ("DATA", "503"),
        ("RCPT TO:<a@b.example>", "250"),
        ("RSET", "250"),
        ("DATA", "503"),
        ("NOOP", "250"),
        ("STARTTLS", "502"),
        (&long, "500"),
        ("MAIL FROM:<a@b.example>", "250"),
        ("RCPT TO:<a@b.example>", "250"),
        ("DATA", "354"),
    ])
    .await;
    let huge = format!("Subject: huge\r\n\r\n{}.", format!("{}\r\n", "x".repeat(1000)).repeat(1100));
    assert!(talk.say(&huge).await.starts_with("552"));
    talk.codes(&[("NOOP", "250"), ("QUIT", "221")]).await;
    assert!(inbox(&bed, "").await.is_empty());
}
