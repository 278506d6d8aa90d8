//! Contrast measured: every pair of colours in use, light and dark (WCAG 2.2 SC 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const CSS: &str = include_str!("../assets/behorig.css");

/// Text on its ground: at least 4.5 : 1.
const TEXT: &[(&str, &str)] = &[
    ("color-text-primary", "color-background-primary"),
    ("color-text-secondary", "color-background-primary"),
    ("color-text-secondary", "color-background-secondary"),
    ("color-text-secondary", "color-background-disabled"),
    ("color-text-primary", "color-background-secondary"),
    ("color-text-primary", "color-action-background-secondary-hover"),
    ("color-text-secondary", "color-action-background-secondary-hover"),
    ("color-action-text-primary-default", "color-background-primary"),
    ("color-action-text-primary-default", "color-background-secondary"),
    ("color-action-text-primary-default", "color-action-background-secondary-default"),
    ("color-action-text-primary-default", "color-action-background-secondary-hover"),
    ("color-action-text-primary-default", "color-feedback-background-info"),
    ("color-action-text-primary-default", "color-feedback-background-positive"),
    ("color-action-text-primary-default", "color-feedback-background-warning"),
    ("color-action-text-primary-default", "color-feedback-background-negative"),
    ("color-action-text-inverted-default", "color-action-background-primary-default"),
    ("color-action-text-inverted-default", "color-action-background-primary-hover"),
    ("color-text-primary", "color-feedback-background-info"),
    ("color-text-primary", "color-feedback-background-positive"),
    ("color-text-primary", "color-feedback-background-warning"),
    ("color-text-primary", "color-feedback-background-negative"),
    ("color-feedback-text-negative", "color-background-primary"),
    ("color-feedback-text-negative", "color-feedback-background-negative"),
    ("color-text-primary", "color-feedback-background-neutral-strong"),
    ("color-text-inverted", "color-feedback-background-info-strong"),
    ("color-text-inverted", "color-feedback-background-positive-strong"),
    ("color-text-inverted", "color-feedback-background-negative-strong"),
    ("color-feedback-text-on-warning", "color-feedback-background-warning-strong"),
    ("head-text", "head"),
    ("mark-text", "mark-demo"),
    ("mark-text", "mark-test"),
    ("color-text-primary", "tint-myself"),
    ("color-text-primary", "tint-organisation"),
    ("color-text-primary", "tint-person"),
    ("color-text-primary", "tint-agency"),
];

/// Edges of controls, symbols, the focus ring: at least 3 : 1.
const EDGES: &[(&str, &str)] = &[
    ("color-border-primary", "color-background-primary"),
    ("color-border-primary", "color-background-secondary"),
    ("color-action-border-primary-default", "color-background-primary"),
    ("color-select-background-primary-default", "color-background-primary"),
    ("color-feedback-border-info", "color-feedback-background-info"),
    ("color-feedback-border-positive", "color-feedback-background-positive"),
    ("color-feedback-border-warning", "color-feedback-background-warning"),
    ("color-feedback-border-negative", "color-feedback-background-negative"),
    ("color-feedback-border-negative", "color-background-primary"),
    ("focus-indicator-color", "color-background-primary"),
    ("focus-indicator-color", "color-background-secondary"),
    ("head-text", "head"),
];

type Colours = BTreeMap<String, [f64; 3]>;

fn read(block: &str) -> Colours {
    let lines =
        block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(':'));
    let hex = |text: &str| {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(f64::from);
        Some([part(0)?, part(2)?, part(4)?])
    };
    let name = |name: &str| name.trim_start_matches("fkds-").to_owned();
    lines.filter_map(|(key, value)| Some((name(key), hex(value)?))).collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [f64; 3], two: [f64; 3]) -> f64 {
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

fn faults(colours: &Colours, pairs: &[(&str, &str)], least: f64) -> Vec<String> {
    let of = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("no colour {name}"));
    let measured = pairs.iter().map(|(front, back)| (front, back, contrast(of(front), of(back))));
    measured
        .filter(|(.., got)| *got < least)
        .map(|(front, back, got)| format!("{front} on {back}: {got:.2}"))
        .collect()
}

#[test]
fn every_pair_has_enough_contrast_in_light_and_dark() {
    let (light, rest) = CSS.split_once("@media screen and (prefers-color-scheme:dark)").unwrap();
    let (dark, _) = rest.split_once("}}").unwrap();
    let (light, dark) = (read(light), read(dark));
    assert!(light.len() > 30, "{}", light.len());
    assert_eq!(
        light.keys().collect::<Vec<_>>(),
        dark.keys().collect::<Vec<_>>(),
        "a colour of one mode is missing in the other"
    );
    for (mode, colours) in [("light", light), ("dark", dark)] {
        assert_eq!(faults(&colours, TEXT, 4.5), Vec::<String>::new(), "{mode}");
        assert_eq!(faults(&colours, EDGES, 3.0), Vec::<String>::new(), "{mode}");
    }
}
