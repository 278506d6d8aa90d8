//! One SMTP session: commands, envelope, DATA with dot-stuffing.

use super::mime;
use crate::{inbox::Mail, world::World};
use std::{io, time::Duration};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// RFC 5321 §4.5.3.1.4 says 512; extensions lengthen it.
const COMMAND_LIMIT: usize = 2_048;
/// Our limit of one message, announced with SIZE (RFC 1870).
const MESSAGE_LIMIT: usize = 1024 * 1024;
/// RFC 5321 §4.5.3.1.8: at least 100.
const RECIPIENTS: usize = 100;
const COMMANDS: usize = 10_000;
const LINE_TIME: Duration = Duration::from_secs(60);

/// The envelope so far.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

/// A line, or what is wrong with it.
enum Line {
    Text(Vec<u8>),
    TooLong,
    End,
}

/// Talks until QUIT, the end of the stream, or a limit.
pub async fn run<R, W>(world: &World, mut input: R, mut output: W) -> io::Result<()>
where
    R: AsyncBufRead + Unpin,
    W: AsyncWrite + Unpin,
{
    say(&mut output, "220 sandbox.localhost ESMTP mail goes nowhere from here").await?;
    let mut envelope = Envelope::default();
    for _ in 0..COMMANDS {
        let line = match line(&mut input, COMMAND_LIMIT).await? {
            Line::Text(line) => String::from_utf8_lossy(&line).into_owned(),
            Line::TooLong => {
                say(&mut output, "500 5.5.2 Line too long").await?;
                continue;
            }
            Line::End => return Ok(()),
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = Envelope::default();
                let size = format!("250-SIZE {MESSAGE_LIMIT}");
                for line in ["250-sandbox.localhost", &size, "250-8BITMIME", "250 SMTPUTF8"] {
                    say(&mut output, line).await?;
                }
            }
            "HELO" => {
                envelope = Envelope::default();
                say(&mut output, "250 sandbox.localhost").await?;
            }
            "MAIL" => say(&mut output, mail(&mut envelope, rest)).await?,
            "RCPT" => say(&mut output, recipient(&mut envelope, rest)).await?,
            "DATA" if envelope.to.is_empty() => {
                say(&mut output, "503 5.5.1 MAIL and RCPT come first").await?;
            }
            "DATA" => {
                say(&mut output, "354 End with a dot on a line of its own").await?;
                match message(&mut input).await? {
                    None => return Ok(()),
                    Some(Err(())) => say(&mut output, "552 5.3.4 The message is too large").await?,
                    Some(Ok(message)) => {
                        deliver(world, &envelope, &message);
                        say(&mut output, "250 2.0.0 Taken").await?;
                    }
                }
                envelope = Envelope::default();
            }
            "RSET" => {
                envelope = Envelope::default();
                say(&mut output, "250 2.0.0 Forgotten").await?;
            }
            "NOOP" => say(&mut output, "250 2.0.0 Here").await?,
            "VRFY" => say(&mut output, "252 2.5.0 Every address is taken").await?,
            "QUIT" => return say(&mut output, "221 2.0.0 Bye").await,
            _ => say(&mut output, "502 5.5.1 No such command").await?,
        }
    }
    say(&mut output, "421 4.7.0 Too many commands").await
}

fn mail(envelope: &mut Envelope, rest: &str) -> &'static str {
    let Some((address, parameters)) = path(rest, "FROM:") else {
        return "501 5.5.4 MAIL FROM:<address>";
    };
    let size = parameters.split(' ').find_map(|p| p.to_ascii_uppercase().strip_prefix("SIZE=")?.parse().ok());
    if size.is_some_and(|size: usize| size > MESSAGE_LIMIT) {
        return "552 5.3.4 The message is too large";
    }
    *envelope = Envelope { from: Some(address), to: Vec::new() };
    "250 2.1.0 Sender taken"
}

fn recipient(envelope: &mut Envelope, rest: &str) -> &'static str {
    if envelope.from.is_none() {
        return "503 5.5.1 MAIL comes first";
    }
    match path(rest, "TO:") {
        Some((address, _)) if address.contains('@') => {
            if envelope.to.len() >= RECIPIENTS {
                return "452 4.5.3 Too many recipients";
            }
            envelope.to.push(address);
            "250 2.1.5 Recipient taken"
        }
        Some(_) => "553 5.1.3 That is no address",
        None => "501 5.5.4 RCPT TO:<address>",
    }
}

/// `FROM:<a@b> PARAMETERS` → (`a@b`, `PARAMETERS`).
fn path(rest: &str, word: &str) -> Option<(String, String)> {
    let (head, tail) = rest.split_at_checked(word.len())?;
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    let (address, parameters) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    if address.len() > 256 || address.chars().any(|c| c.is_control() || c == ' ') {
        return None;
    }
    Some((address.to_owned(), parameters.trim().to_owned()))
}

/// The message up to the lonely dot; `Err` if it is too large (then it has still been read to its end).
async fn message<R: AsyncBufRead + Unpin>(input: &mut R) -> io::Result<Option<Result<Vec<u8>, ()>>> {
    let mut message = Vec::new();
    let mut too_large = false;
    let mut read = 0usize;
    loop {
        let line = match line(input, MESSAGE_LIMIT).await? {
            Line::Text(line) => line,
            Line::TooLong => {
                too_large = true;
                continue;
            }
            Line::End => return Ok(None),
        };
        if line == b"." {
            return Ok(Some(if too_large { Err(()) } else { Ok(message) }));
        }
        read += line.len() + 2;
        if read > 16 * MESSAGE_LIMIT {
            return Err(io::Error::other("the message does not end"));
        }
        // RFC 5321 §4.5.2: a leading dot was doubled.
        let text = line.strip_prefix(b".").unwrap_or(&line);
        too_large |= message.len() + text.len() + 2 > MESSAGE_LIMIT;
        if !too_large {
            message.extend_from_slice(text);
            message.extend_from_slice(b"\r\n");
        }
    }
}

fn deliver(world: &World, envelope: &Envelope, message: &[u8]) {
    let parsed = mime::read(message);
    let received_at = world.real_now();
    let mut inbox = world.inbox();
    for to in &envelope.to {
        inbox.add(Mail {
            to: to.clone(),
            from: parsed.from.clone().or_else(|| envelope.from.clone()).unwrap_or_default(),
            subject: parsed.subject.clone(),
            text: parsed.text.clone(),
            message_id: parsed.message_id.clone(),
            written_at: parsed.written_at,
            received_at,
        });
    }
}

/// One line without its line break. A line over the limit is read to its end and thrown away.
async fn line<R: AsyncBufRead + Unpin>(input: &mut R, limit: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let buffer = tokio::time::timeout(LINE_TIME, input.fill_buf())
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        if buffer.is_empty() {
            return Ok(Line::End);
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let part = &buffer[..end.unwrap_or(buffer.len())];
        too_long |= line.len() + part.len() > limit;
        if !too_long {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(if too_long { Line::TooLong } else { Line::Text(line) });
        }
    }
}

async fn say<W: AsyncWrite + Unpin>(output: &mut W, line: &str) -> io::Result<()> {
    output.write_all(format!("{line}\r\n").as_bytes()).await?;
    output.flush().await
}
