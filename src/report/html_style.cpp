#include "report/html_style.h"

namespace fa {

std::string_view html_style() {
  // Colours are those of the pictures (draw/drawing.h), so that words and charts agree in both themes; every one is
  // paired with a word or a shape.
  return R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: var(--ink-paper); --ink: var(--ink-text); --soft: var(--ink-muted); --line: var(--ink-grid);
  --tint: var(--ink-card); --accent: var(--ink-window); --warm: var(--ink-onset); --good: var(--ink-good);
  --bad: var(--ink-bad); --code: #f2f4f8;
}
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --code: #141922; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, "Segoe UI", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.3; margin: .75rem 0 1.25rem; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 2.75rem 0 .9rem; }
h3 { font-size: 1.08rem; line-height: 1.4; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .8rem; letter-spacing: .02em; color: var(--soft); margin: 1.25rem 0 .35rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre { font: .84rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace; }
code { overflow-wrap: anywhere; }
pre {
  margin: .5rem 0; padding: .65rem .8rem; background: var(--code); border: 1px solid var(--line); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; overflow-y: auto;
}
.top { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; color: var(--soft); font-size: .9rem; }
.top span { overflow-wrap: anywhere; min-width: 0; }
.pill { padding: .1rem .7rem; border: 1px solid var(--line); border-radius: 999px; background: var(--card); color: var(--ink); font-size: .85rem; }
.pill.bad { border-color: var(--bad); color: var(--bad); font-weight: 600; }
.pill.warn { border-color: var(--warm); color: var(--warm); font-weight: 600; }
.pill.good { border-color: var(--good); color: var(--good); font-weight: 600; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin: 0 0 .9rem; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.5rem; margin: 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.hypothesis { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr); column-gap: .75rem; }
.hypothesis.first { border-left: 4px solid var(--accent); padding-left: calc(1.25rem - 3px); }
.rank { font-size: 1.5rem; line-height: 1.2; font-weight: 600; color: var(--soft); font-variant-numeric: tabular-nums; }
.first .rank { color: var(--accent); }
.title { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; justify-content: space-between; }
.confidence { display: flex; align-items: center; gap: .5rem; font-size: .9rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.confidence svg { width: 6rem; height: .5rem; }
.confidence span { min-width: 4ch; text-align: right; }
.track { fill: var(--tint); } .fill { fill: var(--accent); }
ul.cites { list-style: none; margin: 0; padding: 0; }
ul.cites li { display: grid; grid-template-columns: 2.6rem minmax(0, 1fr); gap: .5rem; padding: .2rem 0; }
.id { font: 600 .82rem/1.9 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.evidence > summary { display: block; width: auto; color: inherit; font-size: 1rem; }
.evidence > summary .claim::before { content: "▸"; color: var(--accent); margin-right: .5rem; }
.evidence[open] > summary .claim::before { content: "▾"; }
.evidence .inside { scroll-margin-top: 8rem; } .evidence .inside:target { outline: none; }
.evidence:has(:target) { border-color: var(--accent); }
.evidence .head { display: flex; flex-wrap: wrap; gap: .2rem .9rem; font-size: .85rem; color: var(--soft); align-items: baseline; }
.evidence .id { color: var(--accent); line-height: 1.4; }
.evidence .claim { display: block; margin: .3rem 0 .2rem; overflow-wrap: anywhere; }
.ok { color: var(--good); } .fail { color: var(--bad); font-weight: 600; }
figure { margin: .75rem 0 .5rem; }
details { margin: .4rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .9rem; width: fit-content; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
ol.timeline { list-style: none; margin: 0; padding: 0; }
ol.timeline li { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 1.1rem; }
ol.timeline time { color: var(--soft); font-variant-numeric: tabular-nums; padding: .3rem 0; }
ol.timeline span.what { border-left: 2px solid var(--line); padding: .3rem 0 .3rem 1.1rem; position: relative; overflow-wrap: anywhere; }
ol.timeline span.what::before {
  content: ""; position: absolute; left: -6px; top: .85rem; width: 10px; height: 10px; border-radius: 50%;
  background: var(--card); border: 2px solid var(--soft);
}
ol.steps { margin: 0; padding-left: 1.4rem; } ol.steps li { padding: .2rem 0 .2rem .2rem; overflow-wrap: anywhere; }
ul.plain { list-style: none; margin: 0; padding: 0; } ul.plain > li { padding: .45rem 0; overflow-wrap: anywhere; }
ul.plain > li + li { border-top: 1px solid var(--line); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.when { white-space: nowrap; font-variant-numeric: tabular-nums; }
.notice { border-left: 4px solid var(--warm); }
footer { margin-top: 2rem; font-size: .85rem; color: var(--soft); }
@media (max-width: 34rem) {
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.facts dd { margin-bottom: .5rem; }
  .hypothesis { grid-template-columns: minmax(0, 1fr); }
  td.when { white-space: normal; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --tint: #eee; --accent: #00497a; --warm: #8a3700;
    --good: #00563d; --bad: #8c1d17; --code: #fff;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h2 { break-after: avoid; } figure, .title, ol.timeline li, tr { break-inside: avoid; }
  .card { break-inside: auto; border-radius: 0; } pre { max-height: none; overflow: visible; }
  a { color: inherit; text-decoration: none; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
}
)css";
}

}  // namespace fa
