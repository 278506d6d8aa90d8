//! `behorig check`: is this installation fit to run? `--online` asks the e-ID provider too.

use crate::config::Config;
use crate::wiring;
use app::SystemClock;
use app::expiries::{Expiring, FAILS_WITHIN};
use clap::Args;
use domain::{Clock as _, Instant};
use login::bankid::check::{Finding, Severity};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig check --online --config /etc/behorig/behorig.toml\n\nExit code 1 when something has to be mended."
)]
pub struct Check {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
    /// Ask BankID over the network: roots, certificates, clock, answer.
    #[arg(long)]
    online: bool,
}

pub async fn run(check: Check) -> anyhow::Result<ExitCode> {
    let config = Config::read(&check.config)?;
    let mut faults = 0;
    let mut told = |what: &str, result: Result<String, String>| match result {
        Ok(said) => crate::out!("ok    {what}: {said}"),
        Err(fault) => {
            faults += 1;
            crate::out!("FAULT {what}: {fault}");
        }
    };
    told("configuration", Ok(check.config.display().to_string()));
    told("master key", wiring::master_key(&config).map(|_| "readable".into()).map_err(|e| format!("{e:#}")));
    told("store", store_fit(&config).await.map_err(|e| format!("{e:#}")));
    told(
        "catalogue",
        crate::command::catalogue::read_folder(&config.catalogue.folder)
            .map(|c| format!("{} services", c.services().count()))
            .map_err(|e| format!("{e:#}")),
    );
    told(
        "bankid files",
        wiring::bankid(&config)
            .map(|_| "certificate, key and roots fit".into())
            .map_err(|e| format!("{e:#}")),
    );
    match expiries(&config).await {
        Ok(all) => all.into_iter().for_each(|(what, said)| told(&what, said)),
        Err(error) => told("what runs out", Err(format!("{error:#}"))),
    }
    if check.online {
        for finding in online(&config).await {
            told("bankid online", finding);
        }
    }
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn store_fit(config: &Config) -> anyhow::Result<String> {
    let store = store::Store::open(&config.store_url()?).await?;
    let head = store.read(store::seq::head).await?;
    let installation = store
        .read(store::installation::find)
        .await?
        .ok_or_else(|| anyhow::anyhow!("no installation in it: run `behorig init`"))?;
    Ok(format!("{:?}, change {}", installation.environment, head.seq))
}

/// A line for everything that runs out; a fault from thirty days before.
async fn expiries(config: &Config) -> anyhow::Result<Vec<(String, Result<String, String>)>> {
    let mut all = crate::certificates::expiries(config)?;
    let store = store::Store::open(&config.store_url()?).await?;
    all.extend(app::expiries::of_store(&store).await.map_err(wiring::stopped)?);
    all.sort();
    let now = SystemClock.now();
    Ok(all
        .iter()
        .map(|expiring| (format!("{} runs out", expiring.what.word()), left(expiring, now)))
        .collect())
}

fn left(expiring: &Expiring, now: Instant) -> Result<String, String> {
    let (days, at, todo) = (expiring.days_left(now), expiring.at, expiring.what.remedy());
    match expiring.passed(now) {
        None => Ok(format!("{at}, in {days} days")),
        Some(_) if days >= FAILS_WITHIN => Ok(format!("take care: {at}, in {days} days: {todo}")),
        Some(0) => Err(format!("it ran out {at}: {todo}")),
        Some(_) => Err(format!("{at}, in {days} days: {todo}")),
    }
}

async fn online(config: &Config) -> Vec<Result<String, String>> {
    match wiring::bankid(config) {
        Ok(bankid) => bankid.check().await.into_iter().map(told).collect(),
        Err(error) => vec![Err(format!("{error:#}"))],
    }
}

fn told(finding: Finding) -> Result<String, String> {
    match finding.severity() {
        Severity::Good => Ok(finding.to_string()),
        Severity::Warning => Ok(format!("take care: {finding}")),
        Severity::Failure => Err(finding.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::expiries::What;

    #[test]
    fn a_month_before_the_end_it_is_a_fault_and_says_what_to_do() {
        let day = |days: i64| Instant::from_micros(days * 24 * 3600 * 1_000_000);
        let expiring = Expiring { at: day(1000), what: What::BankidCertificate };
        assert!(left(&expiring, day(900)).unwrap().contains("in 100 days"));
        assert!(left(&expiring, day(950)).unwrap().starts_with("take care: "));
        for (now, says) in [(971, "in 29 days: order a new"), (1001, "it ran out")] {
            let told = left(&expiring, day(now)).unwrap_err();
            assert!(told.contains(says), "{told}");
        }
    }
}
