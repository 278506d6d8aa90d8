#[path = "it/world.rs"]
mod world;
#[tokio::test]
async fn look() {
    let w = world::World::new(world::As::Demo).await;
    let l = tokio::net::TcpListener::bind("127.0.0.1:8478").await.unwrap();
    axum::serve(l, w.router()).await.unwrap();
}
