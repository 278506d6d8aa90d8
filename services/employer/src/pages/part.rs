//! Small parts that several pages share: a report's state in words, the next page of a list.

use crate::id::ReportId;
use crate::rules::Timing;
use crate::store::reports::{After, PAGE, Report, State};
use domain::Instant;
use page::{Badge, Tone, Tr};
use serde::Deserialize;

/// The state as a badge.
pub fn badge(tr: &Tr, state: State) -> Badge {
    match state {
        State::Received => Badge::new(Tone::Info, tr.get("employer-state-received")),
        State::Opened { .. } => Badge::new(Tone::Success, tr.get("employer-state-opened")),
        State::Withdrawn { .. } => Badge::plain(tr.get("employer-state-withdrawn")),
    }
}

/// The mark of a report that came late.
pub fn late(tr: &Tr, timing: Timing) -> Option<Badge> {
    (timing == Timing::Late).then(|| Badge::new(Tone::Warning, tr.get("employer-late")))
}

/// The state in a sentence, with its time.
pub fn state_in_words(tr: &Tr, state: State) -> String {
    let dated = |key: &str, at: Instant| tr.with(key, &[("time", tr.date_time(at).into())]);
    match state {
        State::Received => tr.get("employer-state-received"),
        State::Opened { at, .. } => dated("employer-state-opened-at", at),
        State::Withdrawn { at } => dated("employer-state-withdrawn-at", at),
    }
}

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `all`, or nothing.
    pub show: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
}

impl Asked {
    /// `Err` for what no list of ours has linked to.
    pub fn after(&self) -> Result<Option<After>, app::Refusal> {
        self.after.as_deref().map(|text| cursor(text).ok_or(app::Refusal::NotFound)).transpose()
    }
}

fn cursor(text: &str) -> Option<After> {
    let (at, id) = text.split_once('-')?;
    let plain = at.len() <= 18 && at.bytes().all(|b| b.is_ascii_digit());
    let at = at.parse().ok().filter(|_| plain)?;
    Some((Instant::from_micros(at), id.parse::<ReportId>().ok()?))
}

/// Cuts a list to its page; gives the query of the next one, if there is one.
pub fn cut(reports: &mut Vec<Report>) -> Option<String> {
    let more = reports.len() > PAGE;
    reports.truncate(PAGE);
    let last = reports.last().filter(|_| more)?;
    Some(format!("after={}-{}", last.received_at.micros(), last.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cursors_are_taken() {
        let id = ReportId::from_bytes([7; 16]);
        assert_eq!(
            cursor(&format!("1795438920000000-{id}")),
            Some((Instant::from_micros(1_795_438_920_000_000), id))
        );
        for bad in [
            "",
            "1",
            "1-2",
            "-1-07070707070707070707070707070707",
            "9999999999999999999-07070707070707070707070707070707",
        ] {
            assert_eq!(cursor(bad), None, "{bad}");
        }
    }
}
