//! Dates, times and numbers as people in Sweden write them, in Swedish time (*svensk tid*).
//!
//! Swedish form: "23 november 2026 kl. 14.32" (Svenska skrivregler, Språkrådet); English form:
//! "23 November 2026 at 14:32". The time zone is Europe/Stockholm for every reader, as deadlines are.

use std::sync::LazyLock;

use domain::Instant;
use jiff::{civil::Date, tz::TimeZone};

use crate::{Lang, Tr, html_safe};

/// Swedish time; the zone table is compiled in, so that it is there on every machine.
static STOCKHOLM: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));

const MONTHS: [(&str, &str); 12] = [
    ("januari", "January"),
    ("februari", "February"),
    ("mars", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augusti", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
];

fn local(at: Instant) -> jiff::civil::DateTime {
    STOCKHOLM.to_datetime(at.timestamp())
}

/// The day that an instant lies on in Sweden.
pub fn swedish_day(at: Instant) -> Date {
    local(at).date()
}

/// The last day of what ends at this instant, where it ends with a day in Sweden: an end is exclusive, so that it is the first
/// instant of the next day.
pub fn last_day_of(end: Instant) -> Option<Date> {
    let end = local(end);
    (end.time() == jiff::civil::Time::midnight()).then(|| end.date().yesterday().ok()).flatten()
}

impl Tr {
    /// `23 november 2026`.
    pub fn day(&self, day: Date) -> String {
        let index = usize::from(day.month().unsigned_abs()).saturating_sub(1);
        let (sv, en) = MONTHS.get(index).copied().unwrap_or_default();
        let month = match self.lang() {
            Lang::Sv => sv,
            Lang::En => en,
        };
        format!("{} {month} {}", day.day(), day.year())
    }

    /// The day of an instant: `23 november 2026`.
    pub fn date(&self, at: Instant) -> String {
        self.day(swedish_day(at))
    }

    /// The time of day: `14.32`, in English `14:32`.
    pub fn time(&self, at: Instant) -> String {
        let (time, colon) = (local(at), self.colon());
        format!("{:02}{colon}{:02}", time.hour(), time.minute())
    }

    /// `23 november 2026 kl. 14.32`.
    pub fn date_time(&self, at: Instant) -> String {
        self.with("page-date-time", &[("date", self.date(at).into()), ("time", self.time(at).into())])
    }

    /// To the second, for receipts and reference codes: `23 november 2026 kl. 14.32.05`.
    pub fn date_time_exact(&self, at: Instant) -> String {
        let time = format!("{}{}{:02}", self.time(at), self.colon(), local(at).second());
        self.with("page-date-time", &[("date", self.date(at).into()), ("time", time.into())])
    }

    /// The same as [`Tr::date_time`] in a `<time>` element with the machine-readable instant.
    pub fn time_tag(&self, at: Instant) -> TimeTag {
        TimeTag { machine: at.timestamp().to_string(), human: self.date_time(at) }
    }

    /// A whole number with its thousands apart: `10 000`, in English `10,000`.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let apart = match self.lang() {
            Lang::Sv => '\u{a0}',
            Lang::En => ',',
        };
        let mut text = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(apart);
            }
            text.push(digit);
        }
        text
    }

    fn colon(&self) -> char {
        match self.lang() {
            Lang::Sv => '.',
            Lang::En => ':',
        }
    }
}

/// An organisation number as people write it, `NNNNNN-NNNN`; anything but ten digits stays as it is.
pub fn organisation_number(digits: &str) -> String {
    match digits.split_at_checked(6) {
        Some((first, last)) if last.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{first}-{last}")
        }
        _ => digits.to_owned(),
    }
}

/// A day that somebody typed: `2026-11-23`, `20261123`, `2026 11 23`, `2026/11/23` or `2026.11.23`. The
/// year comes first, as Swedish authorities and ISO 8601 write it; `None` for all else.
pub fn parse_day(typed: &str) -> Option<Date> {
    let typed = typed.trim();
    if typed.len() > 20 || !typed.bytes().all(|b| b.is_ascii_digit() || b"-/. ".contains(&b)) {
        return None;
    }
    let mut parts = typed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        (whole, None, None, None) if whole.len() == 8 => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        (year, Some(month), Some(day), None) if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A `<time>` element.
#[derive(Debug, Clone, askama::Template)]
#[template(ext = "html", source = r#"<time datetime="{{ machine }}">{{ human }}</time>"#)]
pub struct TimeTag {
    machine: String,
    human: String,
}
html_safe!(TimeTag);

impl TimeTag {
    /// To the second.
    pub(crate) fn exact(tr: &Tr, at: Instant) -> Self {
        Self { machine: at.timestamp().to_string(), human: tr.date_time_exact(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Texts;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn swedish_time_is_used_in_winter_and_summer() {
        let texts = Texts::new(&[]).unwrap();
        let (sv, en) = (texts.tr(Lang::Sv), texts.tr(Lang::En));
        assert_eq!(sv.date_time(at("2026-11-23T13:32:05Z")), "23 november 2026 kl. 14.32");
        assert_eq!(en.date_time(at("2026-11-23T13:32:05Z")), "23 November 2026 at 14:32");
        assert_eq!(sv.date_time_exact(at("2026-07-01T22:00:09Z")), "2 juli 2026 kl. 00.00.09");
        assert_eq!(swedish_day(at("2026-12-31T23:30:00Z")).to_string(), "2027-01-01");
        let tag = sv.time_tag(at("2026-11-23T13:32:00Z")).to_string();
        assert_eq!(tag, r#"<time datetime="2026-11-23T13:32:00Z">23 november 2026 kl. 14.32</time>"#);
        assert_eq!(sv.number(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(en.number(10_000), "10,000");
        assert_eq!(en.number(999), "999");
    }

    #[test]
    fn an_end_at_midnight_in_sweden_is_told_by_its_last_day() {
        assert_eq!(last_day_of(at("2026-11-25T23:00:00Z")), Some(jiff::civil::date(2026, 11, 25)));
        assert_eq!(last_day_of(at("2026-06-30T22:00:00Z")), Some(jiff::civil::date(2026, 6, 30)));
        assert_eq!(last_day_of(at("2026-11-26T00:00:00Z")), None);
        assert_eq!(last_day_of(at("2026-11-25T23:00:01Z")), None);
    }

    #[test]
    fn organisation_numbers_get_their_hyphen() {
        assert_eq!(organisation_number("5560000001"), "556000-0001");
        for odd in ["556000-0001", "55600000", "", "55600000ö1"] {
            assert_eq!(organisation_number(odd), odd);
        }
    }

    #[test]
    fn days_are_read_as_people_type_them_and_nothing_is_guessed() {
        for typed in ["2026-11-03", "20261103", " 2026-11-3 ", "2026 11 03", "2026.11.03", "2026/11/03"] {
            assert_eq!(parse_day(typed).unwrap().to_string(), "2026-11-03", "{typed}");
        }
        for typed in [
            "",
            "26-11-03",
            "03-11-2026",
            "2026-02-30",
            "2026-13-01",
            "2026-11",
            "i går",
            "2026-11-03-04",
            "-2026-1-1x",
            "２０２６-11-03",
        ] {
            assert_eq!(parse_day(typed), None, "{typed}");
        }
    }
}
