//! The rules of the catalogue that a decision asks: two persons.

use crate::decision::{Broken, Mender, code};
use crate::question::Context;
use catalogue::{Catalogue, RuleKind};
use domain::PartyId;

/// Whether the rules of kind *two persons* let `by` take `step` after what `context` says. `step` is a permission or
/// a rule's own name of a step, such as `invitation.confirm`; where no rule names it, nothing stands against it.
///
/// # Errors
/// `RULE_TWO_PERSONS`: an earlier step is missing, `by` took another step, or `by` gains by it.
pub fn two_persons(
    catalogue: &Catalogue,
    step: &str,
    by: PartyId,
    context: Context<'_>,
) -> Result<(), Broken> {
    for steps in rules(catalogue) {
        let Some(mine) = steps.iter().position(|s| s == step) else { continue };
        let taken_by_anyone = |s: &String| context.taken.iter().any(|taken| taken.step == s);
        let taken_by_me = |s: &String| s != step && context.taken.iter().any(|t| t.step == s && t.by == by);
        let all_before = steps[..mine].iter().all(taken_by_anyone);
        if !all_before || steps.iter().any(taken_by_me) || context.beneficiary == Some(by) {
            return Err(Broken {
                code: code::RULE_TWO_PERSONS,
                fact: None,
                since: None,
                mender: Mender::Agency,
            });
        }
    }
    Ok(())
}

/// Whether any such rule names `step`.
pub(crate) fn bears_on(catalogue: &Catalogue, step: &str) -> bool {
    rules(catalogue).any(|steps| steps.iter().any(|s| s == step))
}

fn rules(catalogue: &Catalogue) -> impl Iterator<Item = &[String]> {
    catalogue.rules().filter_map(|(_, rule)| match &rule.kind {
        RuleKind::TwoPersons { steps } => Some(steps.as_slice()),
        _ => None,
    })
}
