//! The state behind the routes.

use app::App;
use app::clock::Mover;
use axum::extract::FromRef;
use page::Site;
use page::door::Door;

use crate::order::Seats;
use crate::phone::DemoPhone;

/// What the server hands in.
#[derive(Debug, Clone)]
pub struct House {
    pub door: Door,
    pub app: App,
    /// The simulated telephone; in a demo only.
    pub phone: Option<DemoPhone>,
    /// Moves the clock; `None` in production.
    pub mover: Option<Mover>,
}

/// The state of the routes: the house, and what this node counts for itself.
#[derive(Debug, Clone)]
pub(crate) struct Hall {
    pub app: App,
    pub phone: Option<DemoPhone>,
    pub mover: Option<Mover>,
    /// Connections that pages of orders hold open.
    pub seats: Seats,
    door: Door,
}

impl Hall {
    pub fn new(house: House) -> Self {
        let House { door, app, phone, mover } = house;
        Self { app, phone, mover, seats: Seats::default(), door }
    }

    pub fn menu(&self) -> &page::door::Menu {
        &self.door.menu
    }
}

impl FromRef<Hall> for Door {
    fn from_ref(hall: &Hall) -> Door {
        hall.door.clone()
    }
}

impl FromRef<Hall> for Site {
    fn from_ref(hall: &Hall) -> Site {
        hall.door.site.clone()
    }
}

impl FromRef<Hall> for App {
    fn from_ref(hall: &Hall) -> App {
        hall.app.clone()
    }
}
