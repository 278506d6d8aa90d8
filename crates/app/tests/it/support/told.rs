//! The activity log, told in lines that a test can state whole.
//!
//! `change mandate.given #4 Cecilia@Granåsens employer.mandate.give:yes evidence=1 {code=…} user`

use super::House;
use activity::Record;
use app::Stop;
use domain::PartyId;
use std::collections::BTreeMap;

/// Details that differ from run to run, or say nothing to a test.
const LEFT_OUT: [&str; 5] = ["catalogue", "holder", "provider_reference", "address", "assurance"];

impl House {
    /// Every record of the store, those that wait for their place included; by time.
    pub async fn records(&self) -> Vec<Record> {
        let rows = self
            .app
            .store()
            .read(|tx| {
                let mut rows = store::log::page(tx, 0, 100_000)?.1;
                rows.extend(store::log::rows_outside(tx, None, 100_000)?.rows);
                Ok::<_, Stop>(rows)
            })
            .await
            .unwrap();
        let mut records: Vec<Record> = rows.iter().map(|row| Record::from_body(&row.body).unwrap()).collect();
        records.sort_by(|a, b| (a.at, a.seq, &a.event, a.id).cmp(&(b.at, b.seq, &b.event, b.id)));
        records
    }

    /// The records that have come since the last call.
    pub async fn new_records(&self) -> Vec<Record> {
        let mut records = self.records().await;
        let mut seen = self.seen.lock().await;
        records.retain(|record| seen.insert(record.id));
        records
    }

    /// The same in lines, sorted.
    pub async fn news(&self) -> Vec<String> {
        let records = self.new_records().await;
        let parties = records.iter().flat_map(|record| [record.actor, record.party]).flatten();
        let mut names = BTreeMap::new();
        for party in parties {
            if let Ok(name) = self.app.own_name(party).await {
                names.insert(party, name.name);
            }
        }
        let mut lines: Vec<String> = records.iter().map(|record| line(record, &names)).collect();
        // The clock stands still between a test's steps, so that their order in the log says nothing.
        lines.sort();
        lines
    }

    /// Forgets what has happened so far.
    pub async fn forget(&self) {
        drop(self.new_records().await);
    }
}

fn line(record: &Record, names: &BTreeMap<PartyId, String>) -> String {
    let who = |party: Option<PartyId>| match party {
        None => "–",
        Some(party) => names.get(&party).and_then(|name| name.split(' ').next()).unwrap_or("?"),
    };
    let mut line = format!("{} {}", record.class, record.event);
    if let Some(seq) = record.seq {
        line += &format!(" #{seq}");
    }
    if record.actor.is_some() || record.party.is_some() {
        line += &format!(" {}@{}", who(record.actor), who(record.party));
    }
    if let Some(decided) = &record.decided {
        let answer = if decided.allowed { "yes".to_owned() } else { decided.codes.join("+") };
        line += &format!(" {}:{answer}", decided.permission);
    }
    if !record.evidence.is_empty() {
        line += &format!(" evidence={}", record.evidence.len());
    }
    for (key, value) in record.detail.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str())) {
        line += &format!(" {key}={value}");
    }
    if let Some(fault) = record.fault {
        line += &format!(" fault={fault}");
    }
    line
}
