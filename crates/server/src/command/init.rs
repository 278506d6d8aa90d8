//! `behorig init`: writes a commented configuration, the master key and two one-time invitations.

use crate::carried;
use crate::config::{Config, Mark};
use anyhow::{Context as _, bail};
use app::SystemEntropy;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  behorig init --dir /etc/behorig --name \"Exempelmyndigheten\" --number 202100-5521 --environment test"
)]
pub struct Init {
    /// The folder to write into; made if it does not exist.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// The agency's name.
    #[arg(long)]
    name: String,
    /// The agency's organisation number, NNNNNN-NNNN.
    #[arg(long)]
    number: String,
    /// demo, test or production: the mark that the store bears for life.
    #[arg(long, default_value = "test")]
    environment: String,
    /// The store: sqlite:PATH or postgres://user@host/db. Written into the configuration.
    #[arg(long)]
    store: Option<String>,
    /// The public address, without a trailing slash.
    #[arg(long)]
    url: Option<String>,
}

/// What leads to the simulators in the commented configuration, and what stands there in production.
const FOR_PRODUCTION: [(&str, &str); 9] = [
    (
        include_str!("init/register.toml"),
        "# Who has protected identity is told by the population register and by nobody else. Without this section nobody is\n\
         # known to be protected.\n\
         # [population_register]\n\
         # url = \"https://register.example.se/notices\"\n\
         # token = \"secrets/register.token\"\n",
    ),
    (
        "# Production: https://appapi2.bankid.com/rp/v6.0/ — BankID's own test: https://appapi2.test.bankid.com/rp/v6.0/\n",
        "",
    ),
    (
        "# These are the simulator's, started with `behorig sandbox --data data/sandbox`.\n",
        "# The certificate comes from your bank, the roots from BankID: put them in these places.\n",
    ),
    ("https://localhost:8411/rp/v6.0/", "https://appapi2.bankid.com/rp/v6.0/"),
    ("data/sandbox/pki/server-root.pem", "secrets/bankid-server-root.pem"),
    ("data/sandbox/pki/signing-root.pem", "secrets/bankid-signing-root.pem"),
    ("data/sandbox/pki/relying-party.pem", "secrets/bankid.pem"),
    ("data/sandbox/pki/relying-party.key", "secrets/bankid.key"),
    (
        "# The button \"this device\" leads to the simulator's phone. Take the line away for BankID's own app.\nstart_link = \"http://localhost:8401/phone/open\"\n",
        "",
    ),
];

/// The commented configuration.
pub fn template(environment: &str, name: &str, number: &str) -> String {
    let mut text = include_str!("init/behorig.toml").to_owned();
    if environment == "production" {
        for (simulated, real) in FOR_PRODUCTION {
            text = text.replace(simulated, real);
        }
        text = text.replace("smtp://127.0.0.1:8419", "smtp://127.0.0.1:25");
    }
    text.replace("{environment}", environment)
        .replace("{name}", &name.replace(['\\', '"'], ""))
        .replace("{number}", number)
}

pub async fn run(init: Init) -> anyhow::Result<()> {
    let path = init.dir.join("behorig.toml");
    if path.exists() {
        bail!("{} exists: an installation is made once. Choose another --dir.", path.display());
    }
    if init.environment == "production" && init.url.is_none() {
        bail!("production needs its public address: add --url https://YOUR-ADDRESS");
    }
    let mut text = template(&init.environment, &init.name, &init.number);
    if let Some(store) = &init.store {
        text = text.replace("sqlite:data/behorig.db", store);
    }
    if let Some(url) = &init.url {
        text = text.replace("http://localhost:8400", url);
    }
    let made = finish(&init.dir, &text).await;
    if made.is_err() {
        // Half an installation would stop the next attempt: what was written is taken back.
        drop(std::fs::remove_file(&path));
    }
    made
}

/// Writes the files of an installation into a folder: configuration, master key, catalogue.
pub fn write_files(dir: &Path, text: &str) -> anyhow::Result<Config> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let path = dir.join("behorig.toml");
    write_new(&path, text, Secrecy::Open)?;
    let config = Config::read(&path)?;
    let key_folder = config.master_key.file.parent().unwrap_or(dir);
    std::fs::create_dir_all(key_folder)?;
    if !config.master_key.file.exists() {
        let key = keyring::MasterKey::generate(&SystemEntropy::new());
        write_new(&config.master_key.file, &key.to_text(), Secrecy::Owner)?;
    }
    write_catalogue(&config.catalogue.folder, carried::CATALOGUE)?;
    if config.environment == Mark::Demo {
        write_catalogue(&config.catalogue.folder, carried::DEMO)?;
    }
    if let store::StoreUrl::Sqlite(file) = config.store_url()?
        && let Some(folder) = file.parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    Ok(config)
}

async fn finish(dir: &Path, text: &str) -> anyhow::Result<()> {
    let config = write_files(dir, text)?;
    let path = dir.join("behorig.toml");
    let codes = crate::installing::install(&config).await?;
    crate::out!("Wrote {} and {}.", path.display(), config.master_key.file.display());
    crate::out!(
        "Keep the master key apart from the store and its backup: who has both can read everything.\n"
    );
    crate::out!("Two one-time invitations, for two different people. They are shown only now:\n");
    for (number, code) in (1..).zip(&codes) {
        crate::out!("  {number}. {}", code.grouped());
    }
    crate::out!(
        "\nEach logs in at {}/invitation with BankID and types the code. Neither has any right until",
        config.public.url
    );
    crate::out!("both have done so and the second has confirmed the first.\n");
    crate::out!("Next: check the addresses and certificates in {}, then", path.display());
    if config.environment != Mark::Production {
        // The written configuration leads to the simulators; they make their certificates at their first start.
        let folder = dir.join("data/sandbox");
        crate::out!("  behorig sandbox --data {}     (in a terminal of its own)", folder.display());
    }
    crate::out!("  behorig check --online --config {0}\n  behorig serve --config {0}", path.display());
    Ok(())
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    Open,
    /// Only the owner (mode 0600).
    Owner,
}

fn write_new(path: &Path, text: &str, secrecy: Secrecy) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mode = match secrecy {
        Secrecy::Open => 0o644,
        Secrecy::Owner => 0o600,
    };
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// The catalogue that the binary carries, written out so that the operator can read and change it.
fn write_catalogue(folder: &Path, files: &[(&str, &str)]) -> anyhow::Result<()> {
    for (name, text) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        if !path.exists() {
            write_new(&path, text, Secrecy::Open)?;
        }
    }
    Ok(())
}
