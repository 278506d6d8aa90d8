//! When an employer may report an employee's sickness (*sjukanmälan*), and what such a report may say of days.
//!
//! Lag (1991:1047) om sjuklön: 7 § the sick-pay period (*sjuklöneperiod*) is the first day of sickness and the
//! thirteen calendar days after it; 12 § the employer reports within seven calendar days from its end, what goes on
//! longer: sick day 15 to 21. The numbers come from the catalogue. Days are days in Sweden; day 1 is the first sick day.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The numbers of the rules, from the catalogue in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The first sick day on which a report can be sent.
    first_report_day: i32,
    /// The last sick day on which it is in time.
    last_report_day: i32,
    /// The length of the sick-pay period in days.
    sick_pay_days: i32,
}

impl Limits {
    /// From the catalogue's limits by their keys. `None` if one is missing or makes no sense: nothing can be sent then.
    pub fn read(limit: impl Fn(&str) -> Option<u32>) -> Option<Self> {
        let days = |key| {
            limit(key).filter(|days| (1..=365).contains(days)).and_then(|days| i32::try_from(days).ok())
        };
        let limits = Self {
            first_report_day: days("sickness_report_first_day")?,
            last_report_day: days("sickness_report_last_day")?,
            sick_pay_days: days("sick_pay_days")?,
        };
        (limits.first_report_day <= limits.last_report_day).then_some(limits)
    }

    /// The sick days of the rules, for telling them: first for a report, last in time, last of the sick-pay period.
    pub fn sick_days(&self) -> [i32; 3] {
        [self.first_report_day, self.last_report_day, self.sick_pay_days]
    }

    /// The last day of a sick-pay period that begins on `first`.
    pub fn end_of_sick_pay(&self, first: Date) -> Date {
        sick_day(first, self.sick_pay_days)
    }
}

/// How much of the capacity for work is lost (*omfattning*): quarters, as sickness benefit is paid
/// (socialförsäkringsbalken 27 kap. 45 §).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    Quarter,
    Half,
    ThreeQuarters,
    Full,
}

impl Degree {
    pub const ALL: [Degree; 4] = [Self::Quarter, Self::Half, Self::ThreeQuarters, Self::Full];

    /// In per cent.
    pub const fn percent(self) -> u8 {
        match self {
            Self::Quarter => 25,
            Self::Half => 50,
            Self::ThreeQuarters => 75,
            Self::Full => 100,
        }
    }

    pub fn from_percent(percent: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|degree| degree.percent() == percent)
    }
}

/// What a report says of the absence (*sjukfrånvaro*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    pub first_sick_day: Date,
    /// The last day for which the employer pays sick pay (*sista dag med sjuklön*).
    pub last_sick_pay_day: Date,
    pub degree: Degree,
}

/// Whether a report comes in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    InTime,
    /// After the last day for it: it is taken, and marked.
    Late,
}

/// Why a report cannot be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The first sick day lies after today.
    FirstInFuture,
    /// It lies more than a year back: most likely a slip in the year.
    FirstTooOld { earliest: Date },
    /// The sick-pay period is not over: this is the day on which a report can be sent.
    TooEarly { opens: Date },
    /// The last sick-pay day lies outside the sick-pay period, which is these days.
    LastSickPayDay { from: Date, to: Date },
}

/// Whether a report of this absence can be sent today, and how it comes; every fault, in the order of the form.
pub fn check(absence: &Absence, today: Date, limits: &Limits) -> Result<Timing, Vec<Fault>> {
    let mut faults = Vec::new();
    let (first, last) = (absence.first_sick_day, absence.last_sick_pay_day);
    let earliest = today.saturating_sub(1.year());
    let opens = sick_day(first, limits.first_report_day);
    if first > today {
        faults.push(Fault::FirstInFuture);
    } else if first < earliest {
        faults.push(Fault::FirstTooOld { earliest });
    } else if today < opens {
        faults.push(Fault::TooEarly { opens });
    }
    let to = limits.end_of_sick_pay(first);
    if last < first || last > to {
        faults.push(Fault::LastSickPayDay { from: first, to });
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(if today > sick_day(first, limits.last_report_day) { Timing::Late } else { Timing::InTime })
}

/// The date of sick day `number`, counted from 1.
fn sick_day(first: Date, number: i32) -> Date {
    first.saturating_add(Span::new().days(number.saturating_sub(1)))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// As in the catalogue's file.
    pub fn limits() -> Limits {
        Limits::read(|key| match key {
            "sickness_report_first_day" => Some(15),
            "sickness_report_last_day" => Some(21),
            "sick_pay_days" => Some(14),
            _ => None,
        })
        .unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn absence(first: &str, last: &str) -> Absence {
        Absence { first_sick_day: day(first), last_sick_pay_day: day(last), degree: Degree::Half }
    }

    fn on(today: &str) -> Result<Timing, Vec<Fault>> {
        check(&absence("2026-11-03", "2026-11-16"), day(today), &limits())
    }

    #[test]
    fn a_report_can_be_sent_from_sick_day_15_and_is_late_after_sick_day_21() {
        let opens = day("2026-11-17");
        // Sick days 1, 13 and 14.
        for early in ["2026-11-03", "2026-11-15", "2026-11-16"] {
            assert_eq!(on(early), Err(vec![Fault::TooEarly { opens }]), "{early}");
        }
        // Sick days 15 and 21, then 22 and 100.
        assert_eq!(on("2026-11-17"), Ok(Timing::InTime));
        assert_eq!(on("2026-11-23"), Ok(Timing::InTime));
        assert_eq!(on("2026-11-24"), Ok(Timing::Late));
        assert_eq!(on("2027-02-10"), Ok(Timing::Late));
    }

    #[test]
    fn the_first_sick_day_is_today_or_at_most_a_year_back() {
        assert_eq!(on("2026-11-02"), Err(vec![Fault::FirstInFuture]));
        assert_eq!(on("2027-11-03"), Ok(Timing::Late));
        assert_eq!(on("2027-11-04"), Err(vec![Fault::FirstTooOld { earliest: day("2026-11-04") }]));
        // A year back from a leap day.
        let of = |first: &str, last: &str| check(&absence(first, last), day("2028-02-29"), &limits());
        assert_eq!(of("2027-02-28", "2027-03-13"), Ok(Timing::Late));
        assert_eq!(
            of("2027-02-27", "2027-03-12"),
            Err(vec![Fault::FirstTooOld { earliest: day("2027-02-28") }])
        );
    }

    #[test]
    fn the_last_sick_pay_day_lies_in_the_fourteen_days() {
        let today = day("2026-11-20");
        let says = |last: &str| check(&absence("2026-11-03", last), today, &limits());
        let outside = Fault::LastSickPayDay { from: day("2026-11-03"), to: day("2026-11-16") };
        assert_eq!(says("2026-11-02"), Err(vec![outside]));
        assert_eq!(says("2026-11-03"), Ok(Timing::InTime));
        assert_eq!(says("2026-11-16"), Ok(Timing::InTime));
        assert_eq!(says("2026-11-17"), Err(vec![outside]));
        assert_eq!(limits().end_of_sick_pay(day("2026-12-25")), day("2027-01-07"));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let faults = check(&absence("2026-11-10", "2026-11-09"), day("2026-11-20"), &limits()).unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn the_numbers_are_the_catalogues_and_none_is_guessed() {
        let moved =
            Limits::read(|key| Some(if key == "sickness_report_first_day" { 8 } else { 10 })).unwrap();
        let early = absence("2026-11-03", "2026-11-12");
        assert_eq!(check(&early, day("2026-11-10"), &moved), Ok(Timing::InTime));
        assert_eq!(check(&early, day("2026-11-13"), &moved), Ok(Timing::Late));
        assert_eq!(Limits::read(|key| (key != "sick_pay_days").then_some(15)), None);
        assert_eq!(Limits::read(|_| Some(0)), None);
        assert_eq!(Limits::read(|key| Some(if key == "sickness_report_first_day" { 22 } else { 21 })), None);
    }

    #[test]
    fn the_edges_of_the_calendar_hold() {
        let end = Absence { first_sick_day: Date::MAX, last_sick_pay_day: Date::MAX, degree: Degree::Full };
        assert_eq!(check(&end, Date::MIN, &limits()), Err(vec![Fault::FirstInFuture]));
        assert_eq!(limits().end_of_sick_pay(Date::MAX), Date::MAX);
    }

    #[test]
    fn degrees_are_quarters() {
        assert_eq!(Degree::ALL.map(Degree::percent), [25, 50, 75, 100]);
        assert_eq!(Degree::from_percent(75), Some(Degree::ThreeQuarters));
        assert_eq!(Degree::from_percent(60), None);
    }
}
