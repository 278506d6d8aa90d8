//! Changes examples, and drives a target with the result.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Inputs per target of the ordinary run, and per round of a long one.
const ROUND: u32 = 1_000;
/// An answer that takes longer is a way to stop a node. Generous: the machine of a test may be busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// Every target, by its name in `targets.md`; they share the time of a long run.
pub const TARGETS: &[&str] = &[
    // crates/app/tests/fuzz
    "personal numbers",
    "personal numbers, typed",
    "organisation numbers",
    "reference codes",
    "catalogues",
    "canonical catalogues",
    "files of services",
    "checkpoints",
    "signed notes",
    "signed checkpoints",
    "keys of logs",
    "receipts",
    "records",
    "backups",
    "lists of erasures",
    "signatures",
    "OCSP answers",
    "XML",
    "started orders",
    "collected orders",
    "completions",
    "hints",
    "refusals of the provider",
    "notices of the register",
    "questions",
    "keys of clients",
    "tokens of clients",
    "assertions of clients",
    "request objects",
    "authorisation requests",
    "token requests",
    "log-out requests",
    "registrations of clients",
    "redirect addresses",
    "names of clients",
    "claims",
    "handles",
    "parameters",
    // crates/web/tests/it/fuzz
    "forms",
    "forms with files",
    "cookies",
    "languages",
    "forwarded addresses",
    "paths",
    "visits",
    "visits with a session",
    "posts with a session",
    "calls of programs",
];
/// The largest input: what the listeners let through at most of any of these.
const LARGEST: usize = 64 * 1024;

/// What parsers stumble over.
const WORDS: &[&str] = &[
    "<!--",
    "-->",
    "<![CDATA[",
    "<!DOCTYPE a>",
    "<?a?>",
    "&#0;",
    "&lt;",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "å",
    "\r\n",
    "\n\n",
    " ",
    "%00",
    "%2e%2e/",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\u0000",
    "\\",
    "/",
    "//",
    "..",
    ".",
    "=",
    "&",
    "?",
    "#",
    "@",
    ":",
    ",",
    "-",
    "+",
    "99999999999999999999",
    "-1",
    "1e999",
    "0",
    "null",
    "true",
    "[[[[[[[[",
    "eyJhbGciOiJub25lIn0",
    "localhost",
    "https://",
    "id=",
];

#[derive(Debug, Clone)]
enum Edit {
    Replace(u8),
    Remove(usize),
    Insert(Vec<u8>),
    Word(&'static str),
    Repeat {
        length: usize,
        times: usize,
    },
    Cut,
    /// The rest of another example.
    Splice(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => any::<u8>().prop_map(Edit::Replace),
        2 => (1usize..48).prop_map(Edit::Remove),
        2 => vec(any::<u8>(), 1..6).prop_map(Edit::Insert),
        4 => select(WORDS).prop_map(Edit::Word),
        1 => (1usize..48, 2usize..200).prop_map(|(length, times)| Edit::Repeat { length, times }),
        1 => Just(Edit::Cut),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(which, at)| Edit::Splice(which, at)),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: Index, edit: &Edit, examples: &[Vec<u8>]) {
    let at = at.index(bytes.len() + 1);
    let rest = |length: usize| (at + length).min(bytes.len());
    match edit {
        Edit::Replace(byte) => bytes.splice(at..rest(1), [*byte]).for_each(drop),
        Edit::Remove(length) => bytes.drain(at..rest(*length)).for_each(drop),
        Edit::Insert(new) => bytes.splice(at..at, new.iter().copied()).for_each(drop),
        Edit::Word(word) => bytes.splice(at..at, word.bytes()).for_each(drop),
        Edit::Repeat { length, times } => {
            let again = bytes[at..rest(*length)].repeat(*times);
            bytes.splice(at..at, again).for_each(drop);
        }
        Edit::Cut => bytes.truncate(at),
        Edit::Splice(which, from) => {
            let other = which.get(examples);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from.index(other.len() + 1)..]);
        }
    }
    bytes.truncate(LARGEST);
}

fn hostile(examples: &[Vec<u8>]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let examples = examples.to_vec();
    (any::<Index>(), vec((any::<Index>(), edit()), 0..8)).prop_map(move |(which, edits)| {
        let mut bytes = which.get(&examples).clone();
        for (at, edit) in &edits {
            apply(&mut bytes, *at, edit, &examples);
        }
        bytes
    })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Gives the target changed examples. `accepts` says whether it took one, and panics where an invariant does not hold: a target
/// that never takes anything tests nothing.
pub fn drive<E: AsRef<[u8]>>(name: &str, weight: u32, examples: &[E], accepts: impl Fn(&[u8]) -> bool) {
    assert!(TARGETS.contains(&name), "{name} has no place in TARGETS");
    let examples: Vec<Vec<u8>> = examples.iter().map(|example| example.as_ref().to_vec()).collect();
    for (number, example) in examples.iter().enumerate() {
        assert!(accepts(example), "{name}: example {number} is refused");
    }
    let end = number("BEHORIG_SOAK_SECONDS")
        .map(|all| Instant::now() + Duration::from_secs(all / TARGETS.len() as u64));
    let mut seed = number("BEHORIG_SOAK_SEED").unwrap_or(1);
    let (mut inputs, taken) = (0, std::cell::Cell::new(0u64));
    loop {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let cases = ROUND / weight;
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let ended = TestRunner::new_with_rng(config, rng).run(&hostile(&examples), |input| {
            let begin = Instant::now();
            taken.set(taken.get() + u64::from(accepts(&input)));
            let took = begin.elapsed();
            if took > PATIENCE { Err(TestCaseError::fail(format!("{took:?}"))) } else { Ok(()) }
        });
        if let Err(TestError::Fail(why, input)) = ended {
            panic!("{name}, seed {seed}: {why}\n{}", shown(&input));
        }
        ended.expect("the run is not given up");
        inputs += u64::from(cases);
        if end.is_none_or(|end| Instant::now() >= end) {
            break;
        }
        seed = seed.wrapping_add(1);
    }
    let taken = taken.get();
    assert!(taken > 0 && taken < inputs, "{name}: {taken} of {inputs} were taken");
    #[expect(clippy::print_stdout, reason = "the long run counts by this line")]
    {
        println!("soak: {name}: {inputs} inputs, {taken} taken");
    }
}

/// The input for a message: escaped, and its bytes where it is no text.
fn shown(input: &[u8]) -> String {
    let mut out = format!("{:?}", String::from_utf8_lossy(input));
    if std::str::from_utf8(input).is_err() {
        let _ = write!(out, "\n{input:?}");
    }
    out
}

/// For parsers of text: bytes that are none never reach them.
pub fn text(input: &[u8]) -> Option<&str> {
    std::str::from_utf8(input).ok()
}
