//! Making an installation from its configuration: used by `init` and by `demo`.

use crate::config::Config;
use crate::{carried, wiring};
use app::installation::{NewInstallation, install as make};
use app::invitation::InvitationCode;
use std::sync::Arc;
use store::installation::Environment;

/// Migrates the store and makes the installation in it. Refuses a store that has one.
pub async fn install(config: &Config) -> anyhow::Result<[InvitationCode; 2]> {
    let store = store::Store::open(&config.store_url()?).await?;
    store.migrate(&wiring::migrations()).await?;
    let folder = &config.catalogue.folder;
    let catalogue =
        if folder.is_dir() { crate::command::catalogue::read_folder(folder)? } else { carried::catalogue()? };
    let host =
        config.public.url.split("://").nth(1).unwrap_or("localhost").split('/').next().unwrap_or("localhost");
    let environment = Environment::from(config.environment);
    let new = NewInstallation {
        environment,
        // The mark stands in the log's name: a demo's receipt can never pass for a real one.
        origin: format!("{host}/behorig/{}", mark(environment)),
        agency_name: config.agency.name_sv.clone(),
        agency_number: config.agency_number()?,
        catalogue,
    };
    let master = wiring::master_key(config)?;
    make(&store, &master, new, Arc::new(app::SystemClock), Arc::new(app::SystemEntropy::new()))
        .await
        .map_err(wiring::stopped)
}

fn mark(environment: Environment) -> &'static str {
    match environment {
        Environment::Demo => "demo",
        Environment::Test => "test",
        Environment::Production => "production",
    }
}
