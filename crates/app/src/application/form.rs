//! What an officer types from the paper form, parsed into values that are their own proof.

use crate::refusal::FieldFault;
use ident::{OrganisationNumber, PersonalNumber};
use jiff::civil::Date;

/// The largest scan that is taken: 10 MiB, as large as any file of a form and any piece of evidence.
pub const SCAN_LIMIT: usize = store::evidence::MAX_LEN;

/// A parsed form.
#[derive(Debug, Clone)]
pub struct ApplicationForm {
    pub organisation_number: OrganisationNumber,
    pub organisation_name: String,
    pub organisation_email: String,
    pub administrator_number: PersonalNumber,
    pub administrator_name: String,
    pub administrator_email: String,
    pub terms_version: String,
    pub arrived: Date,
    pub scan: PaperScan,
}

/// The scanned form: a PDF, PNG or JPEG by its first bytes, whatever its name says.
#[derive(Clone)]
pub struct PaperScan {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for PaperScan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PaperScan({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

impl PaperScan {
    pub fn parse(bytes: Vec<u8>) -> Result<Self, FieldFault> {
        if bytes.is_empty() {
            return Err(FieldFault::new("scan", "FIELD_MISSING"));
        }
        if bytes.len() > SCAN_LIMIT {
            return Err(FieldFault::new("scan", "SCAN_TOO_LARGE"));
        }
        let media_type = match bytes.as_slice() {
            [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            _ => return Err(FieldFault::new("scan", "SCAN_TYPE")),
        };
        Ok(Self { media_type, bytes })
    }
}

/// The fields as typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub organisation_number: String,
    pub organisation_name: String,
    pub organisation_email: String,
    pub administrator_number: String,
    pub administrator_name: String,
    pub administrator_email: String,
    pub terms_version: String,
    pub arrived: String,
}

impl ApplicationForm {
    /// Parses all fields and tells every fault at once. `today` is the date in Sweden.
    pub fn parse(typed: &Typed, scan: Vec<u8>, today: Date) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let organisation_number = OrganisationNumber::parse(&typed.organisation_number)
            .map_err(|e| faults.push(FieldFault::new("organisation_number", e.code())))
            .ok();
        let administrator_number = PersonalNumber::parse_typed(
            &typed.administrator_number,
            (today.year(), today.month(), today.day()),
        )
        .map_err(|e| faults.push(FieldFault::new("administrator_number", e.code())))
        .ok();
        let organisation_name = name("organisation_name", &typed.organisation_name, &mut faults);
        let administrator_name = name("administrator_name", &typed.administrator_name, &mut faults);
        let organisation_email = mail("organisation_email", &typed.organisation_email, &mut faults);
        let administrator_email = mail("administrator_email", &typed.administrator_email, &mut faults);
        let arrived = date("arrived", &typed.arrived, &mut faults);
        if arrived.is_some_and(|day| day > today) {
            faults.push(FieldFault::new("arrived", "DATE_FUTURE"));
        }
        let scan = PaperScan::parse(scan).map_err(|f| faults.push(f)).ok();
        match (organisation_number, administrator_number, arrived, scan) {
            (Some(organisation_number), Some(administrator_number), Some(arrived), Some(scan))
                if faults.is_empty() =>
            {
                Ok(Self {
                    organisation_number,
                    organisation_name,
                    organisation_email,
                    administrator_number,
                    administrator_name,
                    administrator_email,
                    terms_version: typed.terms_version.trim().to_owned(),
                    arrived,
                    scan,
                })
            }
            _ => Err(faults),
        }
    }
}

/// A name of 1–200 characters without control characters, trimmed.
pub(crate) fn name(field: &'static str, text: &str, faults: &mut Vec<FieldFault>) -> String {
    let text = text.trim();
    if text.is_empty() {
        faults.push(FieldFault::new(field, "FIELD_MISSING"));
    } else if text.chars().count() > 200 || text.chars().any(char::is_control) {
        faults.push(FieldFault::new(field, "NAME_FORM"));
    }
    text.to_owned()
}

fn mail(field: &'static str, text: &str, faults: &mut Vec<FieldFault>) -> String {
    email(text).unwrap_or_else(|| {
        faults.push(FieldFault::new(field, "EMAIL_FORM"));
        String::new()
    })
}

/// A date as `YYYY-MM-DD`.
pub(crate) fn date(field: &'static str, text: &str, faults: &mut Vec<FieldFault>) -> Option<Date> {
    let parsed = text.trim().parse::<Date>().ok().filter(|_| text.trim().len() == 10);
    if parsed.is_none() {
        faults.push(FieldFault::new(field, "DATE_FORM"));
    }
    parsed
}

/// An e-mail address of the ordinary form `local@domain.tld`, at most 254 characters (RFC 5321 §4.5.3.1.3).
/// Line breaks and spaces are refused, so that no address can add a header to a message.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
    let fits = text.len() <= 254 && !local.is_empty() && local.len() <= 64 && local.chars().all(plain);
    let labels = domain.split('.').collect::<Vec<_>>();
    let host = labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty() && label.len() <= 63 && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    (fits && host).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            organisation_number: "202100-5521".into(),
            organisation_name: "Granåsens Åkeri AB".into(),
            organisation_email: "info@granasen.example".into(),
            administrator_number: "19121212-1212".into(),
            administrator_name: "Cecilia Dahl".into(),
            administrator_email: "cecilia@granasen.example".into(),
            terms_version: "2024-12-20".into(),
            arrived: "2026-11-20".into(),
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = Typed { organisation_number: "1".into(), arrived: "2026-11-31".into(), ..typed() };
        let faults =
            ApplicationForm::parse(&bad, b"hello".to_vec(), "2026-11-23".parse().unwrap()).unwrap_err();
        let fields = faults.iter().map(|f| f.field).collect::<Vec<_>>();
        assert_eq!(fields, ["organisation_number", "arrived", "scan"]);
    }

    #[test]
    fn a_form_from_tomorrow_is_refused() {
        let faults = ApplicationForm::parse(&typed(), b"%PDF-1.7".to_vec(), "2026-11-19".parse().unwrap())
            .unwrap_err();
        assert_eq!(faults, [FieldFault::new("arrived", "DATE_FUTURE")]);
    }

    #[test]
    fn an_address_cannot_carry_a_header() {
        assert_eq!(email(" a@b.example "), Some("a@b.example".into()));
        for bad in [
            "a@b",
            "@b.example",
            "a b@c.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@b..example",
            "a,b@c.example",
        ] {
            assert_eq!(email(bad), None, "{bad:?}");
        }
    }
}
