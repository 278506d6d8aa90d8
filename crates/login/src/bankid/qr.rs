//! The animated QR code: a new text every second, from a secret that never leaves the server.
//!
//! BankID Relying Party API v6.0: `bankid.` + start token + `.` + T + `.` + HMAC-SHA256(start secret, T in
//! decimal) in lower-case hexadecimal; T is the whole seconds since *we received* the answer to the start.

use aws_lc_rs::hmac;

use crate::random;

/// The text of the code to show at `seconds` after the start answer came.
pub fn text(start_token: &str, start_secret: &str, seconds: u64) -> String {
    let t = seconds.to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, start_secret.as_bytes());
    let tag = hmac::sign(&key, t.as_bytes());
    format!("bankid.{start_token}.{t}.{}", random::hex(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(token: &str, secret: &str, vectors: &[(u64, &str)]) {
        for (t, tag) in vectors {
            assert_eq!(text(token, secret, *t), format!("bankid.{token}.{t}.{tag}"));
        }
    }

    /// Published by BankID with its sample code.
    #[test]
    fn vector_a_of_the_issuer() {
        check(
            "67df3917-fa0d-44e5-b327-edcc928297f8",
            "d28db9a7-4cde-429e-a983-359be676944c",
            &[
                (0, "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8"),
                (1, "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2"),
                (2, "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3"),
            ],
        );
    }

    /// Computed apart from this code; T = 9 begins with a zero.
    #[test]
    fn vector_b_keeps_leading_zeros() {
        check(
            "3f2a9c64-5b1e-4d07-9a83-0c6e51d7f2b8",
            "a1b2c3d4-e5f6-4789-8abc-def012345678",
            &[
                (0, "1a513f632f5a874f9db52b19a348c92f451d418473a940514a3df732a0353d27"),
                (1, "eebd05694f45161ecd6c2c95aaad9741e9907aac88e31168795a9d1e19dc82ab"),
                (2, "ffdb5e862c712281a1a903854a70339e71e484c9ac2d6b7b7ea8a6244995d40d"),
                (9, "030a941f5da6b755d2f1e8d292b6477dfe7641f39af454242b5f1e64574da17f"),
                (29, "db34a442340744d087d5d77c76796aa332de0269c346e913de5a22c78a4767eb"),
                (30, "242ae470f4c7837d1cbc2b2301fc507bd09cb155a8e75633fb9682fadabfd227"),
            ],
        );
    }
}
