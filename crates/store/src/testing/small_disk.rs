//! A PostgreSQL server of its own, one of whose databases lies on a small file system in memory that only the server's own
//! mount namespace has: so that a disk can really be full.

use super::TestDatabase;
use super::server::{self, Server};
use crate::{StoreUrl, url::postgres_config};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};
use tokio_postgres::NoTls;

/// The small file system lies at `$1`; what follows becomes the process.
const MOUNT: &str = "set -e; size=$1; place=$2; shift 2; mount -t tmpfs -o mode=1777,size=\"$size\" small \"$place\"; exec \"$@\"";
/// PostgreSQL wants a folder that is its own.
const OWN: &str = "mkdir \"$SMALL/space\" || exit 1\n";

/// A database that has so much room, and no more.
#[derive(Debug)]
pub struct SmallDisk {
    pub database: TestDatabase,
    /// A file that is not there: whatever is written into it is taken from the database's room.
    pub ballast: PathBuf,
    _server: Server,
    place: PathBuf,
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.place);
    }
}

/// `size` as `mount` takes it, such as `24m`; an empty database takes 8 MB.
///
/// # Errors
/// A text that says what is missing.
pub async fn postgres_on_a_small_disk(size: &str) -> Result<SmallDisk, String> {
    let place = super::new_folder().map_err(|e| e.to_string())?;
    let (there, size) = (place.clone(), size.to_owned());
    let server = tokio::task::spawn_blocking(move || {
        let programs = server::programs_or_told()?;
        let script = format!("{OWN}{}", server::SCRIPT);
        let mut command = Command::new("unshare");
        let root = server::is_root();
        command.args(if root { &["--mount"][..] } else { &["--user", "--map-root-user", "--mount"] });
        command.args(["sh", "-c", MOUNT, "sh"]).arg(size).arg(&there);
        command.args(if root {
            &["runuser", "-u", "postgres", "--"][..]
        } else {
            // PostgreSQL refuses to run as root, also as one who is root in this namespace alone.
            &["unshare", "--user", "--map-user=1000", "--map-group=1000"]
        });
        command.args(["sh", "-c", &script, "sh"]).arg(&programs).env("SMALL", &there);
        server::started(command.stdin(Stdio::piped()))
    });
    let server = server.await.map_err(|e| e.to_string())??;
    let config = postgres_config(&server.address).map_err(|e| e.to_string())?;
    let (client, connection) = config.connect(NoTls).await.map_err(|e| format!("no test server: {e}"))?;
    let driver = tokio::spawn(connection);
    let space = place.join("space").display().to_string().replace('\'', "''");
    for statement in [
        format!("CREATE TABLESPACE small LOCATION '{space}'"),
        "CREATE DATABASE small ENCODING 'UTF8' TEMPLATE template0 TABLESPACE small".to_owned(),
    ] {
        client.batch_execute(&statement).await.map_err(|e| format!("{statement}: {e}"))?;
    }
    drop(client);
    let _ = driver.await;
    let inside = PathBuf::from(format!("/proc/{}/root", server.id()));
    Ok(SmallDisk {
        database: TestDatabase { url: StoreUrl::Postgres(super::address_of(&config, "small")), folder: None },
        ballast: inside.join(place.strip_prefix("/").map_err(|e| e.to_string())?).join("ballast"),
        _server: server,
        place,
    })
}
