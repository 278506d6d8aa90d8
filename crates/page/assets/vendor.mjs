// Vendors what the pages take from elsewhere: a reduced copy of FKUI's style sheet and theme
// variables (MIT), and two subset weights of Inter (SIL OFL 1.1). Run by hand when a version is
// raised; the product itself builds without Node and without Python.
//
//   npm install @fkui/design@6.44.0 @fkui/theme-default@6.59.0 @fkui/font-default@6.24.1 \
//               postcss@8 postcss-selector-parser@7
//   pip install fonttools brotli
//   node vendor.mjs [FOLDER WITH node_modules]        writes beside itself; commit the result
//
// What is kept is decided here and nowhere else: BLOCKS are the components that our templates use,
// DROPPED are the parts of them that need FKUI's scripts or that no page of ours shows.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? ".");
const require = createRequire(join(folder, "package.json"));
const postcss = require("postcss");
const selectors = require("postcss-selector-parser");
const from = (...path) => join(folder, "node_modules", "@fkui", ...path);
const version = (name) => JSON.parse(readFileSync(from(name, "package.json"), "utf8")).version;

const BLOCKS = new Set([
  "badge", "button", "checkbox", "fieldset", "label", "message-box",
  "radio-button", "select-field", "sr-only", "table-ng", "text-field", "textarea-field",
]);
const DROPPED = [
  /__error-popup/, /__icon/, /__append/, /__spinner/, /__inflight/, /__width/, /__resize/,
  /--(inline|table|table-error|search|inverted|black|banner|discrete|align-text|full-width)/,
  /--(default|info|success|warning|error)-(inverted|short)/, /^button--(medium|large|text|margin)/,
  /^button--tertiary--/, /^table-ng__(editable|textedit|column__sort|column__desc|column--sel)/,
  /^table-ng__cell--(button|custom|error|expand|menu|radio|select)/, /^label__icon/,
];
const classKept = (name) =>
  (BLOCKS.has(name.split("__")[0].split("--")[0]) || name === "disabled") &&
  !DROPPED.some((pattern) => pattern.test(name));

// -- components
const root = postcss.parse(readFileSync(from("design", "lib", "fkui.css"), "utf8"));
root.walkComments((comment) => comment.remove());
root.walkAtRules(/^(charset|import|font-face)$/, (rule) => rule.remove());
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
  rule.selectors = rule.selectors.filter((text) => {
    let kept = !/::-ms-|:-ms-|-moz-focus/.test(text);
    selectors((tree) => tree.walkClasses((node) => { kept &&= classKept(node.value); })).processSync(text);
    return kept;
  });
  if (!rule.selector.trim()) rule.remove();
});
root.walkDecls((decl) => {
  if (/^-(webkit|moz|ms)-/.test(decl.prop)) decl.remove();
});

// -- theme variables: light ones for all, dark ones only where they differ and only on screens
const theme = postcss.parse(readFileSync(from("theme-default", "dist", "theme-auto.css"), "utf8"));
const variables = { light: new Map(), dark: new Map() };
theme.walkAtRules("media", (media) => {
  const mode = /dark/.test(media.params) ? "dark" : "light";
  media.walkDecls(/^--/, (decl) => variables[mode].set(decl.prop, decl.value));
});
const own = readFileSync(join(here, "behorig.css"), "utf8");
const used = new Set();
const use = (text) => {
  for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
    if (used.has(name)) continue;
    used.add(name);
    for (const mode of ["light", "dark"]) use(variables[mode].get(name) ?? "");
  }
};
// The theme gives every variable its value: the fallbacks beside each use are dead weight.
const withoutFallback = (value) =>
  value.replace(/var\((--[\w-]+),\s*(?:[^()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*\)/g, (whole, name) =>
    variables.light.has(name) ? `var(${name})` : whole);
root.walkDecls((decl) => { decl.value = withoutFallback(decl.value); });
root.walkAtRules("keyframes", (rule) => {
  if (!root.toString().includes(`animation: ${rule.params}`)) rule.remove();
});
for (let again = true; again; ) {
  again = false;
  root.walk((node) => {
    if ((node.type === "rule" || node.type === "atrule") && node.nodes?.length === 0) { node.remove(); again = true; }
  });
}
use(root.toString());
use(own);
const lines = (mode, keep) => [...variables[mode]].filter(([name, value]) => used.has(name) && keep(name, value))
  .map(([name, value]) => `${name}:${value}`).join(";");
const light = lines("light", () => true);
const dark = lines("dark", (name, value) => variables.light.get(name) !== value);

const small = (css) => css.replace(/\s+/g, " ").replace(/\s*([{};,>])\s*/g, "$1").replace(/:\s+/g, ":").replace(/;}/g, "}").trim();
const head = `/* FKUI, reduced by vendor.mjs: @fkui/design ${version("design")}, @fkui/theme-default ${version("theme-default")}. ` +
  "MIT, see FKUI-LICENSE.md. Not edited by hand. */\n";
const body = `:root{color-scheme:light dark;${light}}@media screen and (prefers-color-scheme:dark){:root{${dark}}}` + small(root.toString());
writeFileSync(join(here, "fkui.css"), head + body.replaceAll("}", "}\n").replace(/\n+}/g, "}") + "\n");
copyFileSync(from("design", "LICENSE.md"), join(here, "FKUI-LICENSE.md"));

// -- fonts: Latin, Latin Extended-A, the Sami letters, punctuation, currency, arrows, minus
const ranges = "U+0020-007E,U+00A0-017F,U+01B7,U+01E4-01F5,U+0218-021B,U+0292,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032-2033,U+2039-203A,U+20AC,U+2122,U+2190-2193,U+2212,U+2260,U+2264-2265";
for (const [source, target] of [["Regular", "inter-regular"], ["SemiBold", "inter-semibold"]]) {
  execFileSync("pyftsubset", [from("font-default", "fonts", `Inter-${source}.woff2`), `--unicodes=${ranges}`,
    "--layout-features=kern,liga,calt,ccmp,locl,mark,mkmk,tnum", "--flavor=woff2", "--no-hinting", "--desubroutinize",
    `--output-file=${join(here, `${target}.woff2`)}`], { stdio: "inherit" });
}
for (const name of ["fkui.css", "inter-regular.woff2", "inter-semibold.woff2"]) {
  process.stdout.write(`${name} ${statSync(join(here, name)).size} bytes\n`);
}
