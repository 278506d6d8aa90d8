//! The project's own commands, run as `cargo xtask …`: what a newcomer, a contributor and the build server use.
//!
//! Everything here works on the checkout around it and needs no tool beyond Cargo and Git; what the tests
//! need besides is found, or installed, by [`needs`].

mod bench;
mod check;
mod needs;
mod process;
mod repo;
mod requirements;
mod rust_source;
mod say;
mod soak;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Behörig's own commands", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Get what the tests need and run all of them, stage by stage.
    ///
    /// Example: `cargo xtask test`, or `cargo xtask test --stage fmt --stage check`
    Test {
        /// Run only this stage; may be given several times.
        #[arg(long = "stage", value_name = "STAGE")]
        stages: Vec<String>,
    },
    /// Check the checkout itself: layers, SQL, requirements, licences, links. Needs no network.
    ///
    /// Example: `cargo xtask check`, or `cargo xtask check layers sql`
    Check {
        /// Run only these checks.
        #[arg(value_name = "CHECK")]
        names: Vec<String>,
    },
    /// The list of requirements: how many have a test.
    ///
    /// Example: `cargo xtask requirements --scan`
    Requirements {
        /// Look through the tests for citations such as `// R-000-07` and fill the columns of the list.
        #[arg(long)]
        scan: bool,
    },
    /// Measure the release build and print the figures, as Markdown for docs/performance.md or as JSON.
    ///
    /// Example: `cargo xtask bench`, or `cargo xtask bench --engine sqlite --json`
    Bench(bench::Arguments),
    /// Run what takes longer than a test may: kill storms and generated worlds.
    ///
    /// Example: `cargo xtask soak --minutes 30`
    Soak(soak::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Test { stages } => test::run(&stages),
        Command::Check { names } => check::run(&names),
        Command::Requirements { scan } => {
            if scan {
                requirements::scan_and_write()
            } else {
                requirements::summary()
            }
        }
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Soak(arguments) => soak::run(&arguments),
    };
    match done {
        Ok(Outcome::Green) => ExitCode::SUCCESS,
        Ok(Outcome::Red) => ExitCode::FAILURE,
        Err(error) => {
            say::line(format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// How a command ended: what it looked at is in order, or it is not. An error is neither: it could not look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Green,
    Red,
}
