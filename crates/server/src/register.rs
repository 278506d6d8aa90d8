//! Asking the population register for notices of protected identity: a short GET with the authority's token, again and
//! again. What comes is read strictly by `app::protected`; nothing of it is ever written to the technical log.

use crate::config::RegisterPlace;
use anyhow::{Context as _, bail};
use app::App;
use app::protected::Batch;
use reqwest::{header, redirect};
use std::time::Duration;
use tokio::sync::watch;

/// How long we wait before asking again, and after a failure at most.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(60);
/// One call, in all.
const CALL: Duration = Duration::from_secs(5);
/// A hundred notices fit well.
const LARGEST: usize = 64 * 1024;

/// The register as this node asks it.
pub struct Register {
    client: reqwest::Client,
    url: String,
    token: login::secret::Secret,
}

/// Nothing of the token.
impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Register {
    pub fn new(place: &RegisterPlace) -> anyhow::Result<Self> {
        let token = std::fs::read_to_string(&place.token).with_context(|| {
            format!(
                "cannot read {}: put the population register's token there, or correct population_register.token",
                place.token.display()
            )
        })?;
        // The process has one provider; whoever comes first names the same.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .timeout(CALL)
            .user_agent("behorig")
            .build()?;
        Ok(Self {
            client,
            url: place.url.clone(),
            token: login::secret::Secret::new(token.trim().to_owned()),
        })
    }

    /// Takes all that has come since the last time.
    pub async fn read(&self, app: &App) -> anyhow::Result<()> {
        loop {
            let refused = |refusal| anyhow::anyhow!("{refusal:?}");
            let from = app.register_position().await.map_err(refused)?;
            let batch = Batch::parse(from, &self.ask(from).await?)?;
            if batch.is_empty() {
                return Ok(());
            }
            app.take_notices(batch).await.map_err(refused)?;
        }
    }

    async fn ask(&self, from: u64) -> anyhow::Result<Vec<u8>> {
        let call = self.client.get(format!("{}?after={from}", self.url));
        let call = call.header(header::AUTHORIZATION, format!("Bearer {}", self.token.expose()));
        let mut answer = call.send().await.map_err(|error| anyhow::anyhow!(reason(&error)))?;
        if answer.status() != reqwest::StatusCode::OK {
            bail!("the population register answers with HTTP {}", answer.status().as_u16());
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| anyhow::anyhow!(reason(&error)))? {
            if body.len() + piece.len() > LARGEST {
                bail!("the population register's answer is longer than agreed on");
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// Without the address, which names the position.
fn reason(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the population register does not answer in time"
    } else {
        "the population register cannot be reached: name, network, firewall or certificate"
    }
}

/// Asks until `stop` says so.
pub async fn run(register: Register, app: App, mut stop: watch::Receiver<bool>) {
    let mut wait = PAUSE;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
        wait = match register.read(&app).await {
            Ok(()) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "notices of protected identity could not be read; they are asked for again");
                (wait * 2).min(LONGEST)
            }
        };
    }
}
