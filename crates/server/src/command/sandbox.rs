//! `behorig sandbox`: the simulators alone, for tests of a real `serve`.

use crate::wiring;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig sandbox --data data/sandbox\n\nPort 0 takes any free port; the addresses are printed."
)]
pub struct SandboxCommand {
    /// Where its certificates are kept; made at the first start.
    #[arg(long, default_value = "data/sandbox")]
    data: PathBuf,
    /// The phone, the mailbox and the clock (HTTP).
    #[arg(long, default_value = "127.0.0.1:8401")]
    control: SocketAddr,
    /// BankID's relying-party API (mutual TLS).
    #[arg(long, default_value = "127.0.0.1:8411")]
    bankid: SocketAddr,
    /// The mailbox's SMTP.
    #[arg(long, default_value = "127.0.0.1:8419")]
    smtp: SocketAddr,
}

pub async fn run(command: SandboxCommand) -> anyhow::Result<()> {
    wiring::logging();
    let options = sandbox::Options {
        control: command.control,
        bankid: command.bankid,
        smtp: command.smtp,
        ..sandbox::Options::new(command.data)
    };
    let running =
        sandbox::start(options, Arc::new(app::SystemClock), Arc::new(app::SystemEntropy::new())).await?;
    crate::out!("bankid https://localhost:{}/rp/v6.0/", running.bankid.port());
    crate::out!("smtp 127.0.0.1:{}", running.smtp.port());
    let asked = wiring::asked_to_stop();
    crate::out!("ready http://{}", running.control);
    asked.await;
    Ok(())
}
