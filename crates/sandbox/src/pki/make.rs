//! Makes the test PKI once. It is written beside and moved into place, so that a broken run leaves nothing half.

use super::{
    PERSON_KEYS, files,
    profile::{self, Authority, RelyingParty},
};
use crate::{SandboxError, people::People};
use domain::Instant;
use rcgen::{CertificateParams, Issuer, KeyPair, PKCS_RSA_SHA256, PKCS_RSA_SHA512, RsaKeySize};
use rustls_pki_types::PrivatePkcs8KeyDer;
use std::{fs, path::Path, thread};

/// A new RSA-2048 key that signs with SHA-256.
pub fn rsa_key() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
}

/// The organisation number of the simulator's relying party: the demo's agency.
pub const RELYING_PARTY: &str = "agency";

/// Makes everything under `folder`, which does not exist yet.
pub fn make(folder: &Path) -> Result<(), SandboxError> {
    // Two programs may start on one empty data folder at once: each writes its own, one is moved into place.
    let beside = folder.with_extension(format!("new-{}", std::process::id()));
    let result = fs::create_dir_all(&beside)
        .map_err(|source| SandboxError::File { path: beside.clone(), source })
        .and_then(|()| write(&beside));
    let moved = result.and_then(|()| match fs::rename(&beside, folder) {
        Ok(()) => Ok(()),
        Err(_) if folder.exists() => Ok(()),
        Err(source) => Err(SandboxError::File { path: folder.to_path_buf(), source }),
    });
    // After a good move there is nothing left to remove.
    let _ = fs::remove_dir_all(&beside);
    moved
}

fn write(folder: &Path) -> Result<(), SandboxError> {
    let fault = |e: rcgen::Error| SandboxError::Pki { path: folder.to_path_buf(), what: e.to_string() };
    let agency = People::load()?
        .organisation(RELYING_PARTY)
        .map(|o| RelyingParty { name: o.name.clone(), number: o.number.clone() })
        .ok_or_else(|| SandboxError::People { what: format!("no organisation `{RELYING_PARTY}`") })?;

    let mut keys = keys(9 + PERSON_KEYS).map_err(fault)?.into_iter();
    let mut key = || keys.next().ok_or(rcgen::Error::CouldNotParseKeyPair);
    let mut serials = 1u8..;
    let mut serial = || [1, 0, 0, 0, 0, 0, 0, serials.next().unwrap_or(0)];
    let save =
        |name: &str, params: &CertificateParams, key: &KeyPair, issuer: Option<&Issuer<'_, KeyPair>>| {
            let certificate = match issuer {
                Some(issuer) => params.signed_by(key, issuer),
                None => params.self_signed(key),
            };
            files::write(folder, name, &files::pem("CERTIFICATE", certificate.map_err(fault)?.der()))
        };
    // Private keys of roots are not kept: nothing more is to be issued by them.
    let secret = |name: &str, key: &KeyPair| files::write_secret(folder, name, &key.serialize_pem());

    let root_key = sha512(&key().map_err(fault)?).map_err(fault)?;
    let params = profile::authority(Authority::InfrastructureRoot, serial());
    save(files::SERVER_ROOT, &params, &root_key, None)?;
    let issuer = Issuer::new(params, root_key);
    let server_key = key().map_err(fault)?;
    save(files::SERVER, &profile::server(serial()).map_err(fault)?, &server_key, Some(&issuer))?;
    secret(files::SERVER_KEY, &server_key)?;

    let ca_key = key().map_err(fault)?;
    let params = profile::authority(Authority::RelyingParty, serial());
    save(files::RELYING_PARTY_CA, &params, &ca_key, None)?;
    secret(files::RELYING_PARTY_CA_KEY, &ca_key)?;
    let issuer = Issuer::new(params, ca_key);
    let party_key = key().map_err(fault)?;
    // From 2020-01-01 to 2044-12-31: the demo shall not stop one day.
    let years = Instant::from_micros(1_577_836_800_000_000)..Instant::from_micros(2_366_755_200_000_000);
    let params = profile::relying_party(&agency, years, serial());
    save(files::CLIENT, &params, &party_key, Some(&issuer))?;
    secret(files::CLIENT_KEY, &party_key)?;
    files::append(folder, files::CLIENT, files::RELYING_PARTY_CA)?;
    files::write(folder, files::CLIENT_NUMBER, &agency.number)?;

    let root_key = sha512(&key().map_err(fault)?).map_err(fault)?;
    let params = profile::authority(Authority::SigningRoot, serial());
    save(files::SIGNING_ROOT, &params, &root_key, None)?;
    let root = Issuer::new(params, root_key);
    let bank_key = sha512(&key().map_err(fault)?).map_err(fault)?;
    let params = profile::authority(Authority::Bank, serial());
    save(files::BANK_CA, &params, &bank_key, Some(&root))?;
    let bank = Issuer::new(params, bank_key);
    let customer_key = key().map_err(fault)?;
    let params = profile::authority(Authority::Customer, serial());
    save(files::CUSTOMER_CA, &params, &customer_key, Some(&bank))?;
    secret(files::CUSTOMER_CA_KEY, &customer_key)?;
    let customer = Issuer::new(params, customer_key);
    let ocsp_key = key().map_err(fault)?;
    save(files::OCSP, &profile::ocsp_signer(serial()), &ocsp_key, Some(&customer))?;
    secret(files::OCSP_KEY, &ocsp_key)?;

    for nth in 0..PERSON_KEYS {
        secret(&files::person_key(nth), &key().map_err(fault)?)?;
    }
    Ok(())
}

/// RSA keys, made on as many threads as there are processors.
fn keys(count: usize) -> Result<Vec<KeyPair>, rcgen::Error> {
    let threads = thread::available_parallelism().map_or(1, |n| n.get().min(count));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|n| {
                let share = count / threads + usize::from(n < count % threads);
                scope.spawn(move || (0..share).map(|_| rsa_key()).collect::<Result<Vec<_>, _>>())
            })
            .collect();
        let mut all = Vec::with_capacity(count);
        for worker in workers {
            all.extend(worker.join().map_err(|_| rcgen::Error::KeyGenerationUnavailable)??);
        }
        Ok(all)
    })
}

/// The same key, signing with SHA-512 as the upper CAs of the real PKI do.
fn sha512(key: &KeyPair) -> Result<KeyPair, rcgen::Error> {
    KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(key.serialized_der()), &PKCS_RSA_SHA512)
}
