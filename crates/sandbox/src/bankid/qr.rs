//! The animated QR code: `bankid.<qrStartToken>.<T>.<hex HMAC-SHA-256(qrStartSecret, T)>`.
//!
//! `T` is whole seconds since the order was made; the simulated scanner accepts it within five seconds of its
//! own clock.

use aws_lc_rs::hmac;
use std::time::Duration;
use uuid::Uuid;

/// How far the code's second may be from the scanner's.
pub const TOLERANCE_SECONDS: u64 = 5;

/// A code that has the right form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub token: Uuid,
    pub second: u64,
    mac: [u8; 32],
}

/// What is wrong with a code whose form is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Not made with the order's secret.
    Mac,
    /// Older or newer than the tolerance allows.
    Second,
}

impl Code {
    /// Strict: the form that the algorithm gives, and no other.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("bankid.")?.splitn(4, '.');
        let (token, second, mac) = (parts.next()?, parts.next()?, parts.next()?);
        let canonical = second == "0" || !second.starts_with('0');
        if parts.next().is_some()
            || token.len() != 36
            || !canonical
            || !(1..=5).contains(&second.len())
            || !second.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        Some(Self { token: Uuid::try_parse(token).ok()?, second: second.parse().ok()?, mac: hex32(mac)? })
    }

    /// Checks the code against the order's secret and age.
    pub fn check(&self, secret: &str, age: Duration) -> Result<(), Wrong> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        hmac::verify(&key, self.second.to_string().as_bytes(), &self.mac).map_err(|_| Wrong::Mac)?;
        if self.second.abs_diff(age.as_secs()) > TOLERANCE_SECONDS {
            return Err(Wrong::Second);
        }
        Ok(())
    }
}

/// Exactly 64 lower-case hexadecimal digits.
fn hex32(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "d28db9a7-4cde-429e-a983-359be676944c";

    fn code(second: u64, mac: &str) -> Code {
        Code::parse(&format!("bankid.67df3917-fa0d-44e5-b327-edcc928297f8.{second}.{mac}")).expect("form")
    }

    #[test]
    fn the_issuers_published_codes_are_right() {
        for (second, mac) in [
            (0, "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8"),
            (1, "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2"),
            (2, "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3"),
        ] {
            assert_eq!(code(second, mac).check(SECRET, Duration::from_secs(second)), Ok(()));
            assert_eq!(code(second + 1, mac).check(SECRET, Duration::from_secs(second)), Err(Wrong::Mac));
        }
    }

    #[test]
    fn a_code_with_leading_zeroes_in_its_hash_is_right() {
        let mac = "030a941f5da6b755d2f1e8d292b6477dfe7641f39af454242b5f1e64574da17f";
        let secret = "a1b2c3d4-e5f6-4789-8abc-def012345678";
        assert_eq!(code(9, mac).check(secret, Duration::from_secs(9)), Ok(()));
    }

    #[test]
    fn a_code_lives_five_seconds_each_way() {
        let mac = "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3";
        assert_eq!(code(2, mac).check(SECRET, Duration::from_secs(7)), Ok(()));
        assert_eq!(code(2, mac).check(SECRET, Duration::from_secs(8)), Err(Wrong::Second));
    }

    #[test]
    fn another_form_is_no_code() {
        let mac = "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8";
        let token = "67df3917-fa0d-44e5-b327-edcc928297f8";
        for text in [
            String::new(),
            "bankid.".into(),
            format!("bankid.{token}.0"),
            format!("bankid.{token}.00.{mac}"),
            format!("bankid.{token}.-1.{mac}"),
            format!("bankid.{token}.123456.{mac}"),
            format!("bankid.{token}.0.{}", mac.to_uppercase()),
            format!("bankid.{token}.0.{mac}.x"),
            format!("bankid.{}.0.{mac}", token.replace('-', "")),
            format!(" bankid.{token}.0.{mac}"),
            format!("bankid.{token}.0.{}é", &mac[..62]),
        ] {
            assert_eq!(Code::parse(&text), None, "{text}");
        }
    }
}
