//! The decision: every link is evaluated, none is skipped because another is broken.

use crate::decision::{Broken, Decision, Mender, code};
use crate::question::Question;
use crate::view::FactsView;
use catalogue::Catalogue;
use domain::Seq;

/// Answers `question` from what `view` knows and by `catalogue`, which change `catalogue_seq` brought in force.
pub fn decide(
    view: &impl FactsView,
    _catalogue: &Catalogue,
    catalogue_seq: Seq,
    _question: &Question<'_>,
) -> Decision {
    nothing(view.seq(), catalogue_seq)
}

pub(crate) fn nothing(as_of: Seq, catalogue: Seq) -> Decision {
    Decision { allowed: false, links: Vec::new(), chain: Vec::new(), as_of, catalogue }
}

pub(crate) fn unknown() -> Broken {
    Broken { code: code::UNKNOWN_PERMISSION, fact: None, since: None, mender: Mender::Agency }
}
