//! The navigation: entries that services and the door itself offer, shown to those who may use them.

use std::sync::Arc;

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MenuEntry {
    /// Text key of the label.
    pub key: &'static str,
    /// Address below `/for/{party}`, such as `/employer/sickness-reports`.
    pub path: &'static str,
    /// Shown while the visitor may use this for the party of the visit.
    pub permission: &'static str,
}

/// All entries, in their order.
#[derive(Debug, Clone, Default)]
pub struct Menu(pub(crate) Arc<[MenuEntry]>);

impl Menu {
    pub fn new(entries: impl IntoIterator<Item = MenuEntry>) -> Self {
        Self(entries.into_iter().collect())
    }

    pub fn entries(&self) -> &[MenuEntry] {
        &self.0
    }
}
