#include <fmt/core.h>

#include <array>

#include "draw/drawing.h"

namespace fa::draw {
namespace {

struct InkRow {
  std::string_view variable;
  std::string_view light;
  std::string_view dark;
};

/// In the order of Ink. Hues are Okabe and Ito's, made darker or lighter until lines stand out from the paper by 3:1
/// and words by 4.5:1 (WCAG 2.1, 1.4.3 and 1.4.11).
constexpr std::array<InkRow, kInkCount> kInks = {{
    {"--ink-paper", "#ffffff", "#1a202a"},
    {"--ink-card", "#eef1f6", "#273040"},
    {"--ink-text", "#1b2330", "#e6eaf1"},
    {"--ink-muted", "#566072", "#9aa6b8"},
    {"--ink-grid", "#dde2ea", "#303a49"},
    {"--ink-window", "#0067a8", "#62b4f0"},
    {"--ink-baseline", "#6a7484", "#a3adbc"},
    {"--ink-band", "#d5dbe5", "#3b475c"},
    {"--ink-onset", "#b84a00", "#ffa45c"},
    {"--ink-change", "#8e3f77", "#e6a5cb"},
    {"--ink-bad", "#b3261e", "#ff8a80"},
    {"--ink-warn", "#8a5a00", "#f0b840"},
    {"--ink-good", "#00704f", "#4fcf9f"},
    {"--ink-series3", "#c07f00", "#e69f00"},
    {"--ink-series4", "#00906a", "#2cc49a"},
    {"--ink-series5", "#b05a88", "#cc79a7"},
    {"--ink-series6", "#d55e00", "#f0803c"},
}};

const InkRow& row_of(Ink ink) { return kInks.at(static_cast<std::size_t>(ink)); }

std::string declarations(Theme theme) {
  std::string out;
  for (const InkRow& row : kInks)
    out += fmt::format(" {}: {};", row.variable, theme == Theme::kLight ? row.light : row.dark);
  return out;
}

}  // namespace

std::string_view ink_color(Ink ink, Theme theme) {
  return theme == Theme::kLight ? row_of(ink).light : row_of(ink).dark;
}

std::string_view ink_variable(Ink ink) { return row_of(ink).variable; }

std::string ink_style_sheet() {
  // Not on paper: there the reader's system says nothing about what is readable.
  return fmt::format(
      ":root {{{} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{{} }} }}\n"
      "svg.drawing {{ display: block; max-width: 100%; height: auto; }}\n",
      declarations(Theme::kLight), declarations(Theme::kDark));
}

}  // namespace fa::draw
