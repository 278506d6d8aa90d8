//! Why a text is not the number it should be. The texts say what to do and never repeat what was typed.

/// One variant per cause. [`IdentError::code`] is stable; pages look up their own text by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdentError {
    /// Too few or too many characters once spaces and hyphen are gone.
    #[error("wrong number of digits: a personal number has 12, an organisation number 10")]
    Length,
    /// Something else than digits, or a hyphen in an unusual place.
    #[error("only digits and one hyphen before the last four are allowed")]
    Digits,
    /// A number of another kind, such as an organisation number where a person is asked for.
    #[error("this is a number of another kind: check which number is asked for")]
    Type,
    /// The part that should be a date is none.
    #[error("the date in the number does not exist: check year, month and day")]
    Date,
    /// The century is none in which a living person was born, or the date lies after today.
    #[error("the year is not possible: write the number with the year in four digits")]
    Century,
    /// Serial number 000 is never given out.
    #[error("the last four digits are not possible: check them")]
    Serial,
    /// The check digit does not match the others.
    #[error("the check digit does not match: one of the digits is wrong or two have changed places")]
    Checksum,
}

impl IdentError {
    /// The stable code under which pages, logs and tests know this cause.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "IDENT_LENGTH",
            Self::Digits => "IDENT_DIGITS",
            Self::Type => "IDENT_TYPE",
            Self::Date => "IDENT_DATE",
            Self::Century => "IDENT_CENTURY",
            Self::Serial => "IDENT_SERIAL",
            Self::Checksum => "IDENT_CHECKSUM",
        }
    }
}
