//! Numbers for many invented people and organisations.
//!
//! Personal numbers are of the tax agency's published test series (serials 238 and 239 from 1990 on); organisation numbers
//! begin with 4, the group of no legal form. Nobody has them.

/// So many different people there are.
pub const PEOPLE: u32 = 23_000;

/// The `index`-th test number: two a day, days 1–28 of each month from 1990 on. Good for [`PEOPLE`].
pub fn personal_number(index: u32) -> String {
    let (day, serial) = (index / 2, 238 + index % 2);
    let (month, day) = (day / 28, day % 28 + 1);
    let (year, month) = (1990 + month / 12, month % 12 + 1);
    let short = format!("{:02}{month:02}{day:02}{serial}", year % 100);
    format!("{year}{month:02}{day:02}{serial}{}", luhn(&short))
}

/// The `index`-th organisation number, below a million; none of them is one of the demo's own.
pub fn organisation_number(index: u32) -> String {
    let nine = format!("409{index:06}");
    format!("{nine}{}", luhn(&nine))
}

/// The check digit (SS 614331; weights 2, 1, 2 …).
fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 } else { digit })
        .map(|product| product / 10 + product % 10)
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_right_and_of_the_test_series() {
        assert_eq!(personal_number(0), "199001012385");
        assert_eq!(personal_number(1), "199001012393");
        for index in [0, 1, 57, 12_345, PEOPLE - 1] {
            assert!(ident::PersonalNumber::parse(&personal_number(index)).is_ok(), "{index}");
        }
        for index in [0, 9, 99_999, 999_999] {
            assert!(ident::OrganisationNumber::parse(&organisation_number(index)).is_ok(), "{index}");
        }
    }
}
