//! The service's own tables. The only place of the service that sees SQL, and it names no table but its own.

pub mod drafts;
pub mod reports;
#[cfg(test)]
mod tests;

use crate::rules::{Absence, Degree};
use app::rows::{Migration, MigrationSet, Row, StoreError, Value};
use jiff::civil::Date;
use page::Lang;

/// All steps of the tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: crate::SERVICE,
    migrations: &[Migration {
        number: 1,
        name: "sickness_reports",
        sql: include_str!("../migrations/0001_sickness_reports.sql"),
    }],
};

/// Three columns from `at`: first sick day, last sick-pay day, degree.
fn absence(row: &Row, at: usize) -> Result<Absence, StoreError> {
    Ok(Absence {
        first_sick_day: day(row, at)?,
        last_sick_pay_day: day(row, at + 1)?,
        degree: Degree::from_percent(row.get(at + 2)?).ok_or_else(|| corrupt("degree"))?,
    })
}

fn absence_values(absence: &Absence) -> [Value; 3] {
    [
        absence.first_sick_day.to_string().into(),
        absence.last_sick_pay_day.to_string().into(),
        i64::from(absence.degree.percent()).into(),
    ]
}

fn day(row: &Row, at: usize) -> Result<Date, StoreError> {
    row.get::<String>(at)?.parse().map_err(|_| corrupt("day"))
}

fn lang(row: &Row, at: usize) -> Result<Lang, StoreError> {
    Lang::ALL
        .into_iter()
        .find(|lang| row.get(at) == Ok(lang.tag().to_owned()))
        .ok_or_else(|| corrupt("language"))
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(format!("a sickness report has a {what} that is none"))
}
