//! `behorig client add`: reads what was typed, tells every mistake at once, registers.

use super::{opened, stopped};
use crate::command::catalogue::{bring_in_force, read_folder_with};
use crate::config::Config;
use anyhow::{Context as _, bail};
use app::oidc::{add_client, preview_client};
use app::{FieldFault, Refusal, Stop, SystemClock, SystemEntropy};
use catalogue::Source;
use clap::Args;
use oidc::client::{Loopback, UserinfoForm};
use oidc::draft::{Draft, Proof};
use oidc::{ClientId, RedirectUri};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("proof").required(true))]
pub struct Add {
    #[arg(long, default_value = "behorig.toml")]
    config: PathBuf,
    /// Its client_id: 3 to 40 of a-z, 0-9 and hyphen, beginning with a letter.
    #[arg(long)]
    id: String,
    /// The service of the catalogue that it is.
    #[arg(long)]
    service: String,
    /// Its name as visitors read it, in Swedish.
    #[arg(long)]
    name_sv: String,
    /// Its name as visitors read it, in English.
    #[arg(long)]
    name_en: String,
    /// Where visitors are sent back to after the login, letter by letter; may be repeated.
    #[arg(long, value_name = "URI")]
    redirect: Vec<String>,
    /// Where visitors may be sent back to after logging out; may be repeated.
    #[arg(long, value_name = "URI")]
    post_logout: Vec<String>,
    /// Where it is told that a session has ended.
    #[arg(long, value_name = "URI", default_value = "")]
    backchannel_logout: String,
    /// Its own start page.
    #[arg(long, value_name = "URI", default_value = "")]
    home: String,
    /// A program in its users' hands, which keeps no secret: it proves itself by PKCE alone.
    #[arg(long, group = "proof")]
    public: bool,
    /// It proves itself by a private key; this file holds the public ones, as a JWK Set.
    #[arg(long, value_name = "FILE", group = "proof")]
    jwks: Option<PathBuf>,
    /// Answers of userinfo come signed, as a JWT.
    #[arg(long)]
    signed_userinfo: bool,
    /// Any address on the developer's own machine will do (demo and test only, with --public).
    #[arg(long)]
    loopback_any: bool,
    /// Bring this file of the catalogue in force first, together with those of the catalogue's folder; it is copied there.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
}

pub async fn run(add: Add) -> anyhow::Result<()> {
    let (store, config) = opened(&add.config).await?;
    let draft = add.draft()?;
    if let Some(file) = &add.catalogue {
        let more = More::read(file, &config)?;
        let all = read_folder_with(&config.catalogue.folder, more.source())?;
        // Nothing is changed before everything is known to be good.
        told(preview_client(&store, draft.clone(), all.clone()).await, &draft)?;
        let copied = more.copy()?;
        if let Err(error) = bring_in_force(&config, all).await {
            copied.take_back();
            return Err(error);
        }
    }
    let clock = crate::wiring::clock_of(&store).await?;
    let (wall, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::new()));
    let done = add_client(&store, draft.clone(), clock, wall, entropy).await;
    told(done, &draft)?;
    crate::out!("{} is registered. Running nodes know it at once.", draft.id.trim());
    crate::out!(
        "It finds everything else at {}/.well-known/openid-configuration",
        config.public.url.trim_end_matches('/')
    );
    Ok(())
}

impl Add {
    fn draft(&self) -> anyhow::Result<Draft> {
        let proof = match &self.jwks {
            Some(file) => Proof::Keys(std::fs::read_to_string(file).with_context(|| {
                format!("cannot read {}: --jwks names a file with the public keys", file.display())
            })?),
            None => Proof::Public,
        };
        Ok(Draft {
            id: self.id.clone(),
            service: self.service.clone(),
            name_sv: self.name_sv.clone(),
            name_en: self.name_en.clone(),
            redirect_uris: self.redirect.clone(),
            post_logout_redirect_uris: self.post_logout.clone(),
            backchannel_logout_uri: self.backchannel_logout.clone(),
            home: self.home.clone(),
            proof: Some(proof),
            userinfo: if self.signed_userinfo { UserinfoForm::Signed } else { UserinfoForm::Json },
            loopback: if self.loopback_any { Loopback::Any } else { Loopback::Listed },
        })
    }
}

/// The file of a service that is not in force yet.
struct More {
    /// Where it is to lie, and what it says; `None` if it lies there already.
    new: Option<(PathBuf, String, String)>,
}

impl More {
    fn read(file: &Path, config: &Config) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| {
            format!("cannot read {}: --catalogue names a file that describes a service", file.display())
        })?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.ends_with(".toml") {
            bail!("{}: a file of the catalogue is called SERVICE.toml", file.display());
        }
        let place = config.catalogue.folder.join(&name);
        match std::fs::read_to_string(&place) {
            Ok(same) if same == text => Ok(Self { new: None }),
            Ok(_) => bail!(
                "{} exists and says something else: change it there and run `behorig catalogue apply`, or give the new file another name",
                place.display()
            ),
            Err(_) => Ok(Self { new: Some((place, name, text)) }),
        }
    }

    fn source(&self) -> Option<Source> {
        self.new.as_ref().map(|(_, name, text)| Source { file: name.clone(), text: text.clone() })
    }

    fn copy(self) -> anyhow::Result<Copied> {
        let Some((place, _, text)) = self.new else { return Ok(Copied(None)) };
        std::fs::write(&place, text)
            .with_context(|| format!("cannot write {}: nothing was changed", place.display()))?;
        Ok(Copied(Some(place)))
    }
}

/// The file in the catalogue's folder, which must not stay there if it did not come in force.
struct Copied(Option<PathBuf>);

impl Copied {
    fn take_back(self) {
        if let Some(place) = self.0 {
            drop(std::fs::remove_file(place));
        }
    }
}

/// Every mistake as a line with its option and what to do.
fn told(done: Result<(), Stop>, draft: &Draft) -> anyhow::Result<()> {
    let faults = match done {
        Ok(()) => return Ok(()),
        Err(Stop::No(Refusal::Invalid(faults))) => faults,
        Err(stop) => return Err(stopped(stop)),
    };
    let lines = faults.iter().map(|fault| line(fault, draft)).collect::<Vec<_>>().join("\n");
    bail!("{} mistake(s); nothing was registered\n{lines}", faults.len())
}

fn line(fault: &FieldFault, draft: &Draft) -> String {
    let (option, typed): (&str, Vec<&str>) = match fault.field {
        "id" => ("--id", vec![&draft.id]),
        "service" => ("--service", vec![&draft.service]),
        "name_sv" => ("--name-sv", vec![]),
        "name_en" => ("--name-en", vec![]),
        "redirect_uris" => ("--redirect", draft.redirect_uris.iter().map(String::as_str).collect()),
        "post_logout_redirect_uris" => {
            ("--post-logout", draft.post_logout_redirect_uris.iter().map(String::as_str).collect())
        }
        "backchannel_logout_uri" => ("--backchannel-logout", vec![&draft.backchannel_logout_uri]),
        "home" => ("--home", vec![&draft.home]),
        "keys" => ("--jwks", vec![]),
        "loopback" => ("--loopback-any", vec![]),
        other => (other, vec![]),
    };
    let wrong = |text: &&str| match fault.code {
        "REDIRECT_FORM" => RedirectUri::parse(text.trim()).is_err(),
        "REDIRECT_TLS" => text.trim().starts_with("http://"),
        "CLIENT_ID_FORM" => ClientId::parse(text.trim()).is_err(),
        "UNKNOWN_SERVICE" | "CLIENT_ID_RESERVED" => true,
        _ => false,
    };
    let typed = typed.into_iter().filter(wrong).collect::<Vec<_>>().join(", ");
    let what = if typed.is_empty() { option.to_owned() } else { format!("{option} {typed}") };
    format!("  {what}\n    → {} ({})", way_forward(fault.code), fault.code)
}

/// What to do about a mistake.
fn way_forward(code: &str) -> &'static str {
    match code {
        "FIELD_MISSING" | "CHOOSE" => "is missing: write it",
        "CLIENT_ID_FORM" => "write 3 to 40 of a-z, 0-9 and hyphen, beginning with a letter",
        "CLIENT_ID_RESERVED" => "this id is ours: choose another one, which does not begin with trial-",
        "UNKNOWN_SERVICE" => {
            "the catalogue in force has no such service: correct the id, or bring its file in force with --catalogue FILE"
        }
        "CLIENT_NAME_FORM" => "write 1 to 100 characters on one line",
        "REDIRECT_FORM" => {
            "write https://host/path in small letters, or http:// on 127.0.0.1, [::1] or localhost; without user, # and wildcards"
        }
        "REDIRECT_TLS" => {
            "in production use https://; plain http:// on loopback is for public programs' redirects only"
        }
        "TOO_MANY" => "give ten at most",
        "LOOPBACK_ANY" => "works in demo and test stores and for --public only: name the addresses instead",
        "KEYS_FORM" => "the file is no JWK Set: write {\"keys\": [...]} with 1 to 10 keys",
        "KEYS_PRIVATE" => {
            "the file holds a private key: give only the public half, and make a new pair, for this one is no longer secret"
        }
        "KEYS_KIND" => "each key must be EC on P-256, or RSA of 2048 bits or more",
        "KEYS_KID" => "give each key a kid of its own, of 1 to 200 characters",
        _ => "cannot be used: see `behorig client add --help`",
    }
}
