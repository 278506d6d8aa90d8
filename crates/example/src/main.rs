//! The example e-service alone, against any provider: `ISSUER`, `CLIENT_ID` and `HOME_URL` say where.

use std::env::var;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = var("HOME_URL").unwrap_or_else(|_| "http://127.0.0.1:8420".into());
    let config = example::Config {
        issuer: var("ISSUER").unwrap_or_else(|_| "http://localhost:8400".into()),
        client_id: var("CLIENT_ID").unwrap_or_else(|_| "example-app".into()),
        home: home.clone(),
    };
    let address = home.split_once("://").map_or(home.as_str(), |(_, host)| host);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, example::router(config)?).await?;
    Ok(())
}
