//! What the two halves of a frame show, made ready for their templates.

use askama::Template;
use domain::Clock;

use super::{Acting, ActingKind, Frame, KeptLine, NavItem, SessionLine};
use crate::{
    Environment, Lang, Notice, Tone, Tr, assets,
    lang::{other, own_name},
    site::TextLink,
};

impl Frame {
    /// Everything before the body.
    pub(super) fn top(&self) -> askama::Result<String> {
        let config = self.site.config();
        let lang = self.tr.lang();
        let session = self.session.as_ref().map(|line| self.session_view(line));
        let kept = self.kept.as_ref().map(|line| KeptView {
            line,
            notice: Notice::new(
                Tone::Info,
                self.tr.get("page-kept"),
                self.tr.with("page-kept-says", &[("time", self.tr.date_time(line.until).into())]),
            ),
        });
        let tr = &self.tr;
        Top {
            tr,
            other: other(lang),
            other_name: own_name(other(lang)),
            css: assets::style(),
            fonts: assets::fonts(),
            icon: assets::icon(),
            script: self.script.or_else(|| session.as_ref().map(|_| assets::script())),
            title: &self.title,
            in_error: self.in_error.as_deref(),
            site: config.name.get(lang),
            mark: mark(config.environment, tr, config.clock.as_ref()),
            steps: (config.environment == Environment::Demo).then(|| tr.get("page-mark-steps")),
            here: &self.here,
            refresh: self.refresh.as_ref(),
            nav: marked(&self.nav, &self.here),
            acting: self.acting.as_ref().map(|acting| ActingView::new(acting, tr)),
            session,
            kept,
            back: self.back.as_ref(),
            wide: self.wide.unwrap_or_default(),
        }
        .render()
    }

    fn session_view<'a>(&self, line: &'a SessionLine) -> SessionView<'a> {
        let now = self.site.now();
        let extendable = (line.ends_at < line.ends_last).then_some(());
        let key = if extendable.is_some() { "page-session-until" } else { "page-session-until-last" };
        SessionView {
            line,
            until: self.tr.with(key, &[("time", self.tr.time(line.ends_at).into())]),
            extendable,
            seconds_left: line.ends_at.since(now).as_secs(),
            seconds_last: line.ends_last.since(now).as_secs(),
            idle: line.idle.as_secs(),
        }
    }

    /// Everything after it.
    pub(super) fn bottom(&self) -> askama::Result<String> {
        let config = self.site.config();
        Bottom {
            tr: &self.tr,
            site: config.name.get(self.tr.lang()),
            footer: &config.footer,
            session: self.session.as_ref(),
            here: &self.here,
        }
        .render()
    }
}

/// Kind, name and explanation of the mark. A moved clock is told on every page: its dates are not those of the wall.
fn mark(environment: Environment, tr: &Tr, clock: &dyn Clock) -> Option<(&'static str, String, String)> {
    let name = environment.mark()?;
    let mut says = tr.get(&format!("page-mark-{name}-says"));
    if !clock.ahead().is_zero() {
        says.push(' ');
        says.push_str(&tr.with("page-mark-moved", &[("day", tr.date(clock.now()).into())]));
    }
    Some((name, tr.get(&format!("page-mark-{name}")), says))
}

/// Marks the entry that the visitor stands on or below: the nearest one, if several are above.
fn marked<'a>(items: &'a [NavItem], here: &str) -> Vec<(&'a NavItem, Option<&'static str>)> {
    let marks: Vec<_> = items.iter().map(|item| (item, current(&item.href, here))).collect();
    let nearest = marks.iter().filter(|(_, mark)| mark.is_some()).map(|(item, _)| item.href.len()).max();
    marks.into_iter().map(|(item, mark)| (item, mark.filter(|_| Some(item.href.len()) == nearest))).collect()
}

/// `page`: this very page; `true`: a page below it (WAI-ARIA 1.2 §6.6 `aria-current`).
fn current(href: &str, here: &str) -> Option<&'static str> {
    let path = here.split(['?', '#']).next().unwrap_or(here);
    if path == href {
        return Some("page");
    }
    let below = href.len() > 1 && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    below.then_some("true")
}

/// The acting bar, its sentence cut around the name so that the name can be strong.
struct ActingView<'a> {
    acting: &'a Acting,
    kind: &'static str,
    before: String,
    after: String,
    role: Option<String>,
}

impl<'a> ActingView<'a> {
    fn new(acting: &'a Acting, tr: &Tr) -> Self {
        // The name itself may hold anything, so a character that no name holds stands in for it.
        let sentence = tr.with(&format!("page-acting-{}", acting.kind.name()), &[("name", "\u{1}".into())]);
        let (before, after) = sentence.split_once('\u{1}').unwrap_or((&sentence, ""));
        let role =
            acting.role.as_ref().map(|role| tr.with("page-acting-role", &[("role", role.as_str().into())]));
        Self { acting, kind: acting.kind.name(), before: before.to_owned(), after: after.to_owned(), role }
    }
}

struct SessionView<'a> {
    line: &'a SessionLine,
    until: String,
    /// Absent when the end is near that nobody can put off.
    extendable: Option<()>,
    seconds_left: u64,
    seconds_last: u64,
    idle: u64,
}

struct KeptView<'a> {
    line: &'a KeptLine,
    notice: Notice,
}

#[derive(Template)]
#[template(path = "frame_top.html")]
struct Top<'a> {
    tr: &'a Tr,
    other: Lang,
    other_name: &'static str,
    css: &'static str,
    fonts: [&'static str; 2],
    icon: &'static str,
    script: Option<&'static str>,
    title: &'a str,
    in_error: Option<&'a str>,
    site: &'a str,
    mark: Option<(&'static str, String, String)>,
    /// Back to the first page of a demo, which numbers the steps.
    steps: Option<String>,
    here: &'a str,
    refresh: Option<&'a (u32, String)>,
    nav: Vec<(&'a NavItem, Option<&'static str>)>,
    acting: Option<ActingView<'a>>,
    session: Option<SessionView<'a>>,
    kept: Option<KeptView<'a>>,
    back: Option<&'a (String, String)>,
    wide: &'a str,
}

#[derive(Template)]
#[template(path = "frame_bottom.html")]
struct Bottom<'a> {
    tr: &'a Tr,
    site: &'a str,
    footer: &'a [TextLink],
    session: Option<&'a SessionLine>,
    here: &'a str,
}
