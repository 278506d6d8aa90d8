//! One record altered in a copy of a demo's store, and what the verifier says of the copy and of the store itself.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::verify::Report;
use store::copy::{Altered, Copy};

/// What came of it.
#[derive(Debug)]
pub struct AlteredCopy {
    /// The record, as it was before.
    pub altered: Altered,
    /// The verifier's word on the copy.
    pub copy: Report,
    /// Its word on the store itself, which nobody has touched.
    pub own: Report,
}

impl App {
    /// Copies the store, alters one record in the copy, verifies both by the same keys, throws the copy away.
    ///
    /// Refused with [`Refusal::Conflict`] `NOTHING_LOGGED` while the log is empty, `NOT_A_DEMO` anywhere else.
    pub async fn alter_a_copy(&self) -> Result<AlteredCopy, Refusal> {
        // What waits for its place gets it first, so that the copy holds a whole log.
        self.advance_log().await?;
        let copy = match Copy::of(self.store()).await {
            Err(store::StoreError::Refused(_)) => return Err(Refusal::Conflict("NOT_A_DEMO")),
            copied => copied.map_err(|error| self.broken(Stop::Store(error)))?,
        };
        let altered = copy.alter_a_record().await.map_err(|error| self.broken(Stop::Store(error)))?;
        let altered = altered.ok_or(Refusal::Conflict("NOTHING_LOGGED"))?;
        let clock = self.clock();
        let keys =
            crate::log::keys_of(self.store(), self.master()).await.map_err(|stop| self.broken(stop))?;
        let verify = |store, keys| crate::log::verify(store, keys, Vec::new(), clock.as_ref());
        let found = verify(copy.store(), keys.clone()).await.map_err(|stop| self.broken(stop))?;
        let own = verify(self.store(), keys).await.map_err(|stop| self.broken(stop))?;
        Ok(AlteredCopy { altered, copy: found, own })
    }
}
