#include "document/html_style.h"

namespace fa::document {

std::string_view html_style() {
  return R"css(
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ink-paper); color: var(--ink-text);
  font: 16px/1.65 system-ui, "Segoe UI", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif;
}
main { max-width: 58rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3, h4, p, li, td, th, dd { overflow-wrap: anywhere; }
h1 { font-size: 1.8rem; line-height: 1.3; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.3rem; line-height: 1.35; margin: 2.75rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--ink-grid); }
h3 { font-size: 1.08rem; line-height: 1.4; margin: 1.9rem 0 .5rem; }
h4 { font-size: .95rem; line-height: 1.4; margin: 1.4rem 0 .3rem; }
p { margin: .55rem 0; }
a { color: var(--ink-window); text-underline-offset: .15em; }
a:focus-visible { outline: 2px solid var(--ink-window); outline-offset: 2px; border-radius: 3px; }
code, pre { font: .84rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace; }
code { overflow-wrap: anywhere; }
pre {
  margin: .6rem 0; padding: .7rem .85rem; background: var(--ink-card); border: 1px solid var(--ink-grid); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 30rem; overflow-y: auto;
}
.muted { color: var(--ink-muted); }
.subtitle { color: var(--ink-muted); margin: 0 0 1.5rem; }
.tone { border-left: 4px solid var(--ink-muted); background: var(--ink-card); border-radius: 6px; padding: .7rem 1rem; }
.good { border-color: var(--ink-good); } .warn { border-color: var(--ink-warn); } .bad { border-color: var(--ink-bad); }
nav { margin: 1.5rem 0; padding: .9rem 1.1rem; background: var(--ink-card); border: 1px solid var(--ink-grid); border-radius: 8px; }
nav p { margin: 0 0 .4rem; font-weight: 600; } nav ul { list-style: none; margin: 0; padding: 0; columns: 2 18rem; }
nav li { break-inside: avoid; padding: .1rem 0; } nav li.deep { padding-left: 1.2rem; font-size: .92rem; }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--ink-muted); font-weight: 600; border-bottom: 2px solid var(--ink-grid); }
th, td { padding: .4rem .9rem .4rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--ink-grid); min-width: 4rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.4rem; margin: .8rem 0; }
dt { color: var(--ink-muted); max-width: 16rem; overflow-wrap: anywhere; } dd { margin: 0; }
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; display: block; }
figcaption { font-size: .85rem; color: var(--ink-muted); margin-top: .3rem; }
@media (max-width: 34rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } }
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h2, h3, h4 { break-after: avoid; } figure, tr, .tone { break-inside: avoid; }
  pre { max-height: none; overflow: visible; }
  .page-break { break-before: page; }
}
)css";
}

}  // namespace fa::document
