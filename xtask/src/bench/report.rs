//! The figures as a page of Markdown for people, and as JSON for programs.

use serde_json::{Value, json};
use std::fmt::Write as _;

use super::{installation::Engine, server::Memory, stats::Times};

#[derive(Debug)]
pub struct Report {
    pub version: String,
    pub processors: usize,
    pub mandates: u32,
    pub idle_seconds: u64,
    /// One page written and synced.
    pub sync: Times,
    pub measured: Vec<Figures>,
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
        }
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
            })
        });
        json!({
            "version": self.version,
            "processors": self.processors,
            "mandates": self.mandates,
            "idle_seconds": self.idle_seconds,
            "sync": times(&self.sync),
            "engines": engines.collect::<Vec<_>>(),
        })
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
            }],
        };
        let text = report.markdown();
        for part in [
            "| 2.0 MiB |",
            "| page | 3.00 ms |",
            "3.0 × of the empty handler",
            "2.5 × of the sync",
            "### SQLite",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert_eq!(report.json()["engines"][0]["requests"][2]["multiple_of_floor"], 2.5);
    }
}
