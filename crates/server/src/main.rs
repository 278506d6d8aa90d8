//! `behorig`: the front door of a public agency's e-services, in one binary.

mod carried;
mod certificates;
mod command;
mod config;
mod installing;
mod letters;
mod listen;
mod operations;
mod print;
mod shop;
mod wiring;

use clap::{CommandFactory as _, Parser, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(
    name = "behorig",
    version,
    about = "The front door of a public agency's e-services: who you are, for whom you may act, what you may do, and the proof.",
    after_help = "Begin with:\n  behorig demo                      everything on this machine, with synthetic people\n  behorig init --help               a real installation\n\nExit codes: 0 done, 1 it could not be done, 2 the command was not understood."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything on this machine: pages, simulated BankID, mailbox, synthetic people.
    Demo(command::demo::Demo),
    /// Write configuration, keys and two invitations for a new installation.
    Init(command::init::Init),
    /// Run the service.
    Serve(command::serve::Serve),
    /// Run the simulators alone: BankID, phone, mailbox (demo and test only).
    Sandbox(command::sandbox::SandboxCommand),
    /// Check configuration, keys, store and, with --online, the e-ID provider.
    Check(command::check::Check),
    /// Bring the store's tables up to this version.
    Migrate(command::migrate::Migrate),
    /// Copy everything into one file while the service runs.
    Backup(command::backup::Backup),
    /// Put a backup in the place of the store.
    Restore(command::restore::Restore),
    /// Erase a person: the key of the person's data is destroyed.
    Erase(command::erase::Erase),
    /// Apply or print the catalogue of services.
    #[command(subcommand)]
    Catalogue(command::catalogue::CatalogueCommand),
    /// Connect e-services by OpenID Connect, list them, switch them off.
    #[command(subcommand)]
    Client(command::client::ClientCommand),
    /// List and turn keys.
    #[command(subcommand)]
    Keys(command::keys::KeysCommand),
    /// Verify the activity log, or prove one record.
    #[command(subcommand)]
    Log(command::log::LogCommand),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    let Some(command) = cli.command else {
        // `behorig` alone explains what it can do.
        drop(Cli::command().print_help());
        return ExitCode::SUCCESS;
    };
    // Two cryptographic providers must never race for the process: this is the one.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::anyhow!("no runtime: {error}")),
    };
    match runtime.block_on(run(command)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => command::demo::run(demo).await?,
        Command::Init(init) => command::init::run(init).await?,
        Command::Serve(serve) => command::serve::run(serve).await?,
        Command::Sandbox(sandbox) => command::sandbox::run(sandbox).await?,
        Command::Check(check) => return command::check::run(check).await,
        Command::Migrate(migrate) => command::migrate::run(migrate).await?,
        Command::Backup(backup) => command::backup::run(backup).await?,
        Command::Restore(restore) => return command::restore::run(restore).await,
        Command::Erase(erase) => command::erase::run(erase).await?,
        Command::Catalogue(catalogue) => return command::catalogue::run(catalogue).await,
        Command::Client(client) => command::client::run(client).await?,
        Command::Keys(keys) => command::keys::run(keys).await?,
        Command::Log(log) => return command::log::run(log).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn fail(error: &anyhow::Error) -> ExitCode {
    print::err(&format!("behorig: {error:#}"));
    ExitCode::from(1)
}
