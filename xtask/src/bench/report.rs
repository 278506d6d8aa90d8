//! The figures as a page of Markdown for people, and as JSON for programs.

use serde_json::{Value, json};
use std::fmt::Write as _;

use super::{installation::Engine, login::Logins, ratios::Ratios, server::Memory, stats::Times};

#[derive(Debug)]
pub struct Report {
    pub version: String,
    pub processors: usize,
    pub mandates: u32,
    pub idle_seconds: u64,
    /// One page written and synced.
    pub sync: Times,
    pub measured: Vec<Figures>,
    pub ratios: Ratios,
}

/// One engine's.
#[derive(Debug)]
pub struct Figures {
    pub engine: Engine,
    /// After an ordinary stop.
    pub starts: Times,
    /// After kill -9.
    pub killed: Times,
    /// After rest.
    pub idle: Memory,
    /// After the requests.
    pub after: Memory,
    pub rows: Vec<Row>,
    pub logins: Logins,
}

#[derive(Debug)]
pub struct Row {
    what: &'static str,
    times: Times,
    floor: Floor,
}

/// What a row is compared with: something that does the least of the same work, in the same run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Floor {
    /// It is one itself.
    Itself,
    /// The empty handler, which is the first row.
    Handler,
    /// One write and sync of the disk.
    Sync,
}

impl Row {
    pub fn floor(what: &'static str, times: Times) -> Self {
        Self { what, times, floor: Floor::Itself }
    }

    pub fn over_handler(what: &'static str, times: Times) -> Self {
        Self { what, times, floor: Floor::Handler }
    }

    pub fn over_sync(what: &'static str, times: Times) -> Self {
        Self { what, times, floor: Floor::Sync }
    }
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

impl Report {
    /// The row's median as a multiple of its floor's.
    fn ratio(&self, figures: &Figures, row: &Row) -> Option<f64> {
        let floor = match row.floor {
            Floor::Itself => None,
            Floor::Handler => {
                figures.rows.iter().find(|row| row.floor == Floor::Itself).map(|row| &row.times)
            }
            Floor::Sync => Some(&self.sync),
        }?;
        Some(row.times.percentile(50.0).as_secs_f64() / floor.percentile(50.0).as_secs_f64())
    }

    pub fn markdown(&self) -> String {
        let mut out = format!(
            "{}, release build, {} mandates, {} processors.\n",
            self.version, self.mandates, self.processors
        );
        let idle = format!("VmRSS after {} idle seconds", self.idle_seconds);
        for figures in &self.measured {
            let _ =
                writeln!(out, "\n### {}\n\n| What | Figure | Goal |\n|---|---:|---:|", figures.engine.name());
            for (after, starts, goal) in
                [("an ordinary stop", &figures.starts, "≤ 300 ms"), ("kill -9", &figures.killed, "")]
            {
                let _ = writeln!(
                    out,
                    "| start to the first 200 of `/login` after {after}, median of {} | {:.0} ms (slowest {:.0} ms) | {goal} |",
                    starts.count(),
                    starts.millis(50.0),
                    starts.millis(100.0)
                );
            }
            let _ = writeln!(out, "| {idle} | {:.1} MiB | ≤ 40 MiB |", mib(figures.idle.now));
            let _ = writeln!(
                out,
                "| VmRSS after all requests below (most ever) | {:.1} MiB ({:.1} MiB) | |",
                mib(figures.after.now),
                mib(figures.after.most)
            );
            out.push_str(
                "\n| One client, one connection | p50 | p99 | slowest | per second | p50 as a multiple of its floor |\n\
                 |---|---:|---:|---:|---:|---|\n",
            );
            out.push_str(&line("floor: 4 KiB appended and synced to the disk", &self.sync, ""));
            for row in &figures.rows {
                let against = match row.floor {
                    Floor::Itself => "",
                    Floor::Handler => " of the empty handler",
                    Floor::Sync => " of the sync",
                };
                let ratio =
                    self.ratio(figures, row).map_or(String::new(), |ratio| format!("{ratio:.1} ×{against}"));
                let what = if row.floor == Floor::Itself {
                    format!("floor: {}", row.what)
                } else {
                    row.what.to_owned()
                };
                out.push_str(&line(&what, &row.times, &ratio));
            }
            let Logins { wait, processor, syncs } = &figures.logins;
            let syncs = syncs
                .map_or("not counted: strace is missing".to_owned(), |syncs| format!("{syncs:.1} syncs"));
            let _ = writeln!(
                out,
                "\nA whole login with BankID, {} of them, six people beside each other: p50 {:.1} s, p99 {:.1} s from the click \
                 to the page behind it; {:.1} ms of processor time and {syncs} each.",
                wait.count(),
                wait.millis(50.0) / 1000.0,
                wait.millis(99.0) / 1000.0,
                processor.as_secs_f64() * 1000.0
            );
        }
        out.push_str(&self.ratios.markdown());
        out.truncate(out.trim_end().len());
        out
    }

    pub fn json(&self) -> Value {
        let times = |times: &Times| {
            json!({
                "count": times.count(),
                "p50_ms": times.millis(50.0),
                "p99_ms": times.millis(99.0),
                "slowest_ms": times.millis(100.0),
                "per_second": times.rate(),
            })
        };
        let engines = self.measured.iter().map(|figures| {
            let rows = figures.rows.iter().map(|row| {
                json!({ "what": row.what, "times": times(&row.times), "multiple_of_floor": self.ratio(figures, row) })
            });
            json!({
                "engine": figures.engine.name(),
                "start": times(&figures.starts),
                "start_after_kill": times(&figures.killed),
                "idle_rss_mib": mib(figures.idle.now),
                "after_rss_mib": mib(figures.after.now),
                "most_rss_mib": mib(figures.after.most),
                "requests": rows.collect::<Vec<_>>(),
                "bankid_login": {
                    "wait": times(&figures.logins.wait),
                    "processor_us": figures.logins.processor.as_micros(),
                    "syncs": figures.logins.syncs,
                },
            })
        });
        let more = [
            ("version", json!(self.version)),
            ("processors", json!(self.processors)),
            ("mandates", json!(self.mandates)),
            ("idle_seconds", json!(self.idle_seconds)),
            ("sync", times(&self.sync)),
            ("engines", engines.collect()),
        ];
        let mut all = self.ratios.json();
        all.extend(more.map(|(key, value)| (key.to_owned(), value)));
        Value::Object(all)
    }
}

fn line(what: &str, times: &Times, ratio: &str) -> String {
    format!(
        "| {what} | {} | {} | {} | {:.0} | {ratio} |\n",
        times.show(50.0),
        times.show(99.0),
        times.show(100.0),
        times.rate()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn each_row_is_compared_with_its_own_floor() {
        let of = |millis| Times::from(vec![Duration::from_millis(millis)]);
        let memory = Memory { now: 2048, most: 4096 };
        let report = Report {
            version: "behorig 0".into(),
            processors: 2,
            mandates: 10_000,
            idle_seconds: 60,
            sync: of(2),
            measured: vec![Figures {
                engine: Engine::Sqlite,
                starts: of(100),
                killed: of(200),
                idle: memory,
                after: memory,
                rows: vec![
                    Row::floor("empty", of(1)),
                    Row::over_handler("page", of(3)),
                    Row::over_sync("write", of(5)),
                ],
                logins: Logins { wait: of(2_100), processor: Duration::from_millis(9), syncs: Some(4.0) },
            }],
            ratios: Ratios::default(),
        };
        let text = report.markdown();
        for part in [
            "| 2.0 MiB |",
            "| page | 3.00 ms |",
            "3.0 × of the empty handler",
            "2.5 × of the sync",
            "### SQLite",
            "p50 2.1 s",
            "9.0 ms of processor time and 4.0 syncs each",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert_eq!(report.json()["engines"][0]["requests"][2]["multiple_of_floor"], 2.5);
    }
}
