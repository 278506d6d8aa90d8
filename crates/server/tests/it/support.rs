//! What the stories stand on: processes of the real binary, a browser without JavaScript, a phone.

pub mod browser;
pub mod client;
pub mod house;
pub mod phone;
pub mod relay;
pub mod table;

pub use browser::Browser;
pub use house::{House, eventually};
