//! Starting: ports, folders, the PKI made once.

use crate::bed::{own_data, shared_data, start};
use sandbox::{Options, SandboxError};
use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .expect("folder")
        .map(|entry| {
            let entry = entry.expect("entry");
            (entry.file_name().into_string().expect("name"), fs::read(entry.path()).expect("file"))
        })
        .collect()
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_remedy() {
    let first = start(Options::on_free_ports(shared_data())).await.expect("start");
    for taken in [first.control, first.bankid, first.smtp] {
        let mut options = Options::on_free_ports(shared_data());
        options.bankid = taken;
        let refused = start(options).await.expect_err("taken").to_string();
        assert!(refused.contains(&format!("port {}", taken.port())), "{refused}");
        assert!(refused.contains("Stop it, or choose another port"), "{refused}");
    }
}

#[tokio::test]
async fn only_loopback_addresses_are_listened_on() {
    let mut options = Options::on_free_ports(shared_data());
    options.control = "0.0.0.0:0".parse::<SocketAddr>().expect("address");
    assert!(matches!(start(options).await, Err(SandboxError::NotLoopback { .. })));
}

#[tokio::test]
async fn ports_are_free_again_after_the_end() {
    let first = start(Options::on_free_ports(shared_data())).await.expect("start");
    let mut options = Options::on_free_ports(shared_data());
    options.control = first.control;
    first.shutdown().await;
    start(options).await.expect("start again");
}

#[tokio::test]
async fn the_pki_is_made_once_and_kept() {
    let data = own_data("pki");
    let first = start(Options::on_free_ports(&data)).await.expect("start");
    let made = files(&data.join("pki"));
    assert_eq!(first.pki.relying_party_number, "4021001005");
    drop(first);
    let second = start(Options::on_free_ports(&data)).await.expect("start again");
    assert_eq!(files(&data.join("pki")), made);
    assert!(second.pki.signing_root.exists());
    assert_eq!(fs::read_dir(&data).expect("data").count(), 1, "nothing else is left in the data folder");
    #[cfg(unix)]
    for (name, _) in made.iter().filter(|(name, _)| name.ends_with(".key")) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(data.join("pki").join(name)).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    fs::write(data.join("pki/customer-ca.key"), "no key").expect("write");
    drop(second);
    let refused = start(Options::on_free_ports(&data)).await.expect_err("broken PKI").to_string();
    assert!(refused.contains("customer-ca.key") && refused.contains("Delete the folder"), "{refused}");
    let _ = fs::remove_dir_all(data);
}
