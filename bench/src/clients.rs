//! Two clients of the employers' services, and the assertions of the one that has a key.

use anyhow::{Context as _, anyhow};
use app::oidc::{NewClient, add_client};
use app::{SystemClock, SystemEntropy};
use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalogue::Text;
use domain::Clock as _;
use oidc::client::{Loopback, UserinfoForm};
use oidc::jws::{OwnKey, PublicKeys, Unsigned};
use oidc::{Authentication, Client, ClientId, RedirectUri};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;

const MACHINE: &str = "bench-machine";
const KEY_FILE: &str = "bench-client.key";

#[derive(Debug, clap::Args)]
pub struct Sign {
    /// The folder of `behorig.toml`.
    #[arg(long)]
    config_folder: PathBuf,
    #[arg(long)]
    count: u32,
}

/// Registers `bench-app`, public, and `bench-machine`, whose key is kept beside the master key.
pub async fn register(store: &Store, master_key: &Path) -> anyhow::Result<()> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let private: aws_lc_rs::encoding::EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes()?;
    let kept = [private.as_ref(), pair.public_key().as_ref()].concat();
    std::fs::write(master_key.with_file_name(KEY_FILE), URL_SAFE_NO_PAD.encode(kept))?;
    let own = OwnKey { kid: "bench".to_owned(), point: pair.public_key().as_ref().try_into()? };
    let keys = PublicKeys::parse(&json!({"keys": [own.jwk()]}).to_string())?;
    for (id, authentication) in
        [("bench-app", Authentication::Public), (MACHINE, Authentication::PrivateKeyJwt { keys })]
    {
        let client = Client {
            id: ClientId::parse(id)?,
            name: Text { sv: "Mätning".to_owned(), en: "Measurement".to_owned() },
            service: "employer".to_owned(),
            authentication,
            redirect_uris: vec![RedirectUri::parse("http://127.0.0.1:9/back")?],
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            home: None,
            userinfo: UserinfoForm::Json,
            loopback: Loopback::Listed,
        };
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::new()));
        add_client(store, NewClient { client, ends_at: None }, clock.clone(), clock, entropy)
            .await
            .map_err(|stop| anyhow!("{stop:?}"))?;
    }
    Ok(())
}

/// Prints assertions that are good for five minutes.
pub fn sign(sign: &Sign) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(sign.config_folder.join("secrets").join(KEY_FILE))?;
    let kept = URL_SAFE_NO_PAD.decode(text)?;
    let (private, public) = kept.split_at_checked(32).context("the key file is short")?;
    let pair =
        EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, private, public)?;
    let config = std::fs::read_to_string(sign.config_folder.join("behorig.toml"))?;
    let issuer = config.lines().find_map(|line| line.strip_prefix("url = \"")).context("public.url")?;
    let issuer = issuer.trim_end_matches('"');
    let (random, now) = (SystemRandom::new(), SystemClock.now().seconds());
    let mut out = String::new();
    for _ in 0..sign.count {
        let mut jti = [0; 16];
        fill(&mut jti)?;
        let claims = json!({
            "iss": MACHINE, "sub": MACHINE, "aud": issuer, "jti": URL_SAFE_NO_PAD.encode(jti),
            "iat": now, "exp": now + 300,
        });
        let unsigned = Unsigned::new("bench", "JWT", claims.as_object().context("claims")?);
        let signature = pair.sign(&random, unsigned.bytes())?;
        out.push_str(&unsigned.signed(signature.as_ref().try_into()?));
        out.push('\n');
    }
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}
