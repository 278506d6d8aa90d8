#[path = "it/world.rs"]
mod world;
#[tokio::test]
#[ignore]
async fn look() {
    let w = world::World::new(world::As::Demo).await;
    let l = tokio::net::TcpListener::bind("127.0.0.1:8477").await.unwrap();
    println!("control {}", w.sandbox.control_url());
    std::fs::write("/tmp/look.control", w.sandbox.control_url()).unwrap();
    axum::serve(l, w.router()).await.unwrap();
}
