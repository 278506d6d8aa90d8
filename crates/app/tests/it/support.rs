//! What the tests share: a house with one or more nodes, people with phones, and the log told in lines.

mod house;
mod people;
mod phone;
mod told;

pub use house::{House, MASTER_KEY_OF_ANOTHER, T0, catalogue_with};
pub use people::{ASTRID, BENGT, CECILIA, DAVID, ELIN, FARID, GRANAS, KARIN, OLGA, Person, world};
pub use phone::{Asked, browser};
pub use store::testing::{TestDatabase, TestEntropy};

use app::Refusal;
use std::time::Duration;

/// Runs each named function (`async fn(TestDatabase)`) once per engine.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(store::testing::sqlite().unwrap()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(store::testing::postgres().await.unwrap()).await;
            })*
        }
    };
}
pub(crate) use on_both;

pub const MINUTE: Duration = Duration::from_secs(60);

/// The code of a refusal by a rule.
pub fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    match result {
        Err(Refusal::Conflict(code)) => code,
        other => panic!("a refusal by a rule is expected: {other:?}"),
    }
}

/// The codes of a refusal by the decision.
pub fn not_allowed<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<&'static str> {
    match result {
        Err(Refusal::NotAllowed { decision, .. }) => decision.codes().collect(),
        other => panic!("a refusal by the decision is expected: {other:?}"),
    }
}

/// Field and code of each mistake in a form.
pub fn invalid<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Vec<(&'static str, &'static str)> {
    match result {
        Err(Refusal::Invalid(faults)) => faults.iter().map(|f| (f.field, f.code)).collect(),
        other => panic!("a mistake in a form is expected: {other:?}"),
    }
}

/// Looks until it is there, for at most ten seconds of real time.
pub async fn eventually<T, L>(what: &str, mut look: impl FnMut() -> L) -> T
where
    L: Future<Output = Option<T>>,
{
    let end = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "{what} did not happen in ten seconds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
