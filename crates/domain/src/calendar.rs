//! The Swedish calendar: public holidays, working days, months of notice, days in Stockholm.
//!
//! Public holidays: lagen (1989:253) om allmänna helgdagar. When the last day of a period is no working day, the
//! act may be done on the next one: lagen (1930:173) om beräkning av lagstadgad tid 2 §, which counts Saturdays,
//! Midsummer Eve, Christmas Eve and New Year's Eve (*midsommarafton, julafton, nyårsafton*) with the holidays.

use crate::Instant;
use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, ToSpan};
use std::sync::LazyLock;

/// Stockholm's time out of the bundled database, whatever the machine has installed.
#[expect(clippy::expect_used, reason = "the database is compiled in; a test reads the zone")]
static STOCKHOLM: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled().get("Europe/Stockholm").expect("the bundled time zones hold Stockholm")
});

/// Whether `date` is a working day (*vardag* that is no Saturday, 2 § lagen 1930:173).
pub fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_weekday_off(date)
}

/// The `n`th working day after `date`; `date` itself, working day or not, for 0.
/// Stops at jiff's last date (9999-12-31).
pub fn add_working_days(date: Date, n: u16) -> Date {
    let (mut day, mut left) = (date, n);
    while left > 0 && day < Date::MAX {
        day = day.saturating_add(1.day());
        left -= u16::from(is_working_day(day));
    }
    day
}

/// The same day of the month `n` months on; where that month is shorter, its last day: 31 January and three
/// months give 30 April (R-004-60). Stops at jiff's last date (9999-12-31).
pub fn add_months(date: Date, n: u16) -> Date {
    date.saturating_add(Span::new().months(n))
}

/// The end of `date` in Stockholm: the first instant of the next day, so that a half-open validity that ends
/// there holds the whole day.
pub fn end_of_day_stockholm(date: Date) -> Instant {
    let next = date.saturating_add(1.day()).to_datetime(jiff::civil::Time::midnight());
    // Clocks in Sweden change at 02:00 and 03:00, never at midnight: nothing here is ambiguous.
    STOCKHOLM.to_ambiguous_timestamp(next).compatible().unwrap_or(jiff::Timestamp::MAX).into()
}

/// The day it is in Stockholm at that instant.
pub fn date_in_stockholm(at: Instant) -> Date {
    at.timestamp().to_zoned_datetime(STOCKHOLM.clone()).date()
}

/// Holidays and eves that can fall on Monday to Friday. Those that are always a Saturday or Sunday (Easter
/// Sunday, Whit Sunday, Midsummer Day, All Saints' Day) need no rule here.
fn is_weekday_off(date: Date) -> bool {
    match (date.month(), date.day()) {
        // New Year's Day, Epiphany, May Day, Christmas Eve, Christmas Day, Boxing Day, New Year's Eve.
        (1, 1 | 6) | (5, 1) | (12, 24..=26 | 31) => true,
        // National Day (*nationaldagen*), a holiday since 2005 (lagen 2004:1320) in Whit Monday's place.
        (6, 6) => date.year() >= 2005,
        // Midsummer Eve: the Friday before Midsummer Day, which is the Saturday of 20–26 June.
        (6, 19..=25) if date.weekday() == Weekday::Friday => true,
        _ => {
            let after_easter = (date - easter_sunday(date.year())).get_days();
            // Good Friday, Easter Monday, Ascension Day; Whit Monday (*annandag pingst*) until 2004.
            matches!(after_easter, -2 | 1 | 39) || (after_easter == 50 && date.year() < 2005)
        }
    }
}

/// Easter Sunday of a Gregorian year, by the anonymous algorithm (Meeus, Jones, Butcher).
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let (century, in_century) = (y.div_euclid(100), y.rem_euclid(100));
    let leap = century.div_euclid(4);
    let lunar = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - leap - lunar + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * in_century.div_euclid(4) - epact - in_century % 4)
        .rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday).div_euclid(451);
    // Days after 22 March, the earliest Easter.
    Date::constant(0, 3, 22)
        .with()
        .year(year)
        .build()
        .unwrap_or(Date::MIN)
        .saturating_add((epact + to_sunday - 7 * late).days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for (y, m, d) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (1954, 4, 18),
            (1981, 4, 19),
            (2000, 4, 23),
            (2004, 4, 11),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2038, 4, 25),
        ] {
            assert_eq!(easter_sunday(y), date(y, m, d));
        }
    }

    /// All days off on Monday to Friday, 2024–2028, from the almanac.
    #[test]
    fn the_days_off_of_five_years_are_known() {
        let almanac: [(i16, &[(i8, i8)]); 5] = [
            (
                2024,
                &[
                    (1, 1),
                    (3, 29),
                    (4, 1),
                    (5, 1),
                    (5, 9),
                    (6, 6),
                    (6, 21),
                    (12, 24),
                    (12, 25),
                    (12, 26),
                    (12, 31),
                ],
            ),
            (
                2025,
                &[
                    (1, 1),
                    (1, 6),
                    (4, 18),
                    (4, 21),
                    (5, 1),
                    (5, 29),
                    (6, 6),
                    (6, 20),
                    (12, 24),
                    (12, 25),
                    (12, 26),
                    (12, 31),
                ],
            ),
            (2026, &[(1, 1), (1, 6), (4, 3), (4, 6), (5, 1), (5, 14), (6, 19), (12, 24), (12, 25), (12, 31)]),
            (2027, &[(1, 1), (1, 6), (3, 26), (3, 29), (5, 6), (6, 25), (12, 24), (12, 31)]),
            (2028, &[(1, 6), (4, 14), (4, 17), (5, 1), (5, 25), (6, 6), (6, 23), (12, 25), (12, 26)]),
        ];
        for (year, expected) in almanac {
            let off: Vec<_> = date(year, 1, 1)
                .series(1.day())
                .take_while(|d| d.year() == year)
                .filter(|d| {
                    !matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_working_day(*d)
                })
                .map(|d| (d.month(), d.day()))
                .collect();
            assert_eq!(off, expected, "{year}");
        }
    }

    #[test]
    fn national_day_took_whit_mondays_place() {
        assert!(!is_working_day(date(2004, 5, 31)) && is_working_day(date(2005, 5, 16)));
        assert!(!is_working_day(date(2005, 6, 6)) && is_working_day(date(2003, 6, 6)));
    }

    #[test]
    fn working_days_are_counted_past_holidays() {
        // Good Friday, the weekend and Easter Monday lie between.
        assert_eq!(add_working_days(date(2026, 4, 2), 1), date(2026, 4, 7));
        assert_eq!(add_working_days(date(2026, 12, 23), 3), date(2026, 12, 30));
        assert_eq!(add_working_days(date(2026, 12, 30), 1), date(2027, 1, 4));
        assert_eq!(add_working_days(date(2026, 11, 21), 0), date(2026, 11, 21));
        assert_eq!(add_working_days(date(9999, 12, 30), 5), Date::MAX);
    }

    #[test]
    fn months_end_where_the_shorter_month_ends() {
        for (from, n, to) in [
            (date(2026, 1, 31), 3, date(2026, 4, 30)),
            (date(2026, 2, 28), 3, date(2026, 5, 28)),
            (date(2025, 11, 30), 3, date(2026, 2, 28)),
            (date(2027, 11, 30), 3, date(2028, 2, 29)),
            (date(2026, 11, 23), 3, date(2027, 2, 23)),
            (date(2026, 11, 23), 0, date(2026, 11, 23)),
            (date(9999, 11, 23), 3, Date::MAX),
        ] {
            assert_eq!(add_months(from, n), to);
        }
    }

    #[test]
    fn days_begin_at_midnight_in_stockholm() {
        let end = |y, m, d| end_of_day_stockholm(date(y, m, d)).to_string();
        assert_eq!(end(2026, 1, 15), "2026-01-15T23:00:00Z");
        assert_eq!(end(2026, 7, 15), "2026-07-15T22:00:00Z");
        // The clocks change in the night before and after these days.
        assert_eq!(end(2026, 3, 28), "2026-03-28T23:00:00Z");
        assert_eq!(end(2026, 3, 29), "2026-03-29T22:00:00Z");
        assert_eq!(end(2026, 10, 25), "2026-10-25T23:00:00Z");
    }

    proptest! {
        #[test]
        fn the_end_of_a_day_is_the_first_instant_of_the_next(days in 0i32..40_000) {
            let day = date(1970, 1, 1).saturating_add(days.days());
            let end = end_of_day_stockholm(day);
            prop_assert_eq!(date_in_stockholm(end), day.tomorrow().unwrap());
            prop_assert_eq!(date_in_stockholm(Instant::from_micros(end.micros() - 1)), day);
        }

        #[test]
        fn counted_days_are_working_days_in_order(days in 0i32..40_000, n in 1u16..60) {
            let day = date(1970, 1, 1).saturating_add(days.days());
            let (one, many) = (add_working_days(day, 1), add_working_days(day, n));
            prop_assert!(is_working_day(many) && many > day);
            prop_assert_eq!(add_working_days(one, n - 1), many);
        }
    }
}
