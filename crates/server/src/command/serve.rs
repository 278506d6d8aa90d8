//! `behorig serve`: the service by its configuration.

use crate::config::Config;
use crate::wiring;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::watch;

/// How long a node that a newer release has outgrown goes on with what is under way.
const SHORT: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig serve --config /etc/behorig/behorig.toml\n\nStops on SIGTERM or Ctrl-C after finishing what is under way. Tables are brought up to date at start."
)]
pub struct Serve {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
    /// Listen here instead of at public.listen; port 0 takes any free port.
    #[arg(long)]
    listen: Option<std::net::SocketAddr>,
    /// Listen here instead of at operations.listen.
    #[arg(long)]
    operations: Option<std::net::SocketAddr>,
}

pub async fn run(serve: Serve) -> anyhow::Result<()> {
    wiring::logging();
    let mut config = Config::read(&serve.config)?;
    if let Some(listen) = serve.listen {
        config.public.listen = listen;
    }
    if let Some(operations) = serve.operations {
        config.operations.listen = operations;
    }
    let (stop, stopped) = watch::channel(false);
    let house = wiring::open(&config, None).await?;
    let running = house.listen(&config, stopped).await?;
    crate::out!("operations http://{}", running.operations);
    let asked = wiring::asked_to_stop();
    crate::out!(
        "ready http{}://{}",
        if config.public.certificate.is_some() { "s" } else { "" },
        running.public
    );
    let outgrown = tokio::select! {
        () = asked => None,
        why = running.outgrown() => Some(why),
    };
    let _ = stop.send(true);
    match outgrown {
        None => running.finished().await,
        // Nobody is to be served by rules that the tables no longer bear: what is under way has little time.
        Some(why) => {
            drop(tokio::time::timeout(SHORT, running.finished()).await);
            anyhow::bail!(why);
        }
    }
    Ok(())
}
