#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "draw/drawing.h"
#include "model/report.h"

/// Report -> bytes to show. All functions are pure: the same report gives the same bytes, whatever the machine,
/// locale or clock. They never fail and accept any Report, also one whose texts are hostile: nothing that came from a
/// log can act in the result (as an escape sequence, markup, a link, a mention or a script).
namespace fa {

struct TextOptions {
  bool color = false;             ///< ANSI colours; only for a terminal.
  std::size_t width = 80;         ///< Columns; below 40 counts as 40.
  std::string time_zone = "UTC";  ///< As in RenderOptions.
};

struct RenderOptions {
  /// IANA name of the reader's zone, in which times beside entries and on charts are shown; unknown ones count as UTC.
  std::string time_zone = "UTC";
  /// The architecture diagram for HTML (diagram_drawing.h), drawn before since that asks Graphviz. Without it the calls
  /// are listed, below the note why there is none.
  std::optional<draw::Drawing> diagram = std::nullopt;
  std::string diagram_note = {};
};

/// For a terminal: the answer first, then three hypotheses with their evidence, and what to do. Commands are never
/// broken over lines, so that they can be copied; all else keeps to the width.
[[nodiscard]] std::string render_text(const Report& report, const TextOptions& options = {});

/// The answer to a question alone: what the model said (`report.narrative`), and the evidence, past incidents and
/// passages that it cites, with the commands that show them.
[[nodiscard]] std::string render_answer_text(const Report& report, const TextOptions& options = {});

/// Complete, as GitHub-flavoured Markdown.
[[nodiscard]] std::string render_markdown(const Report& report, const RenderOptions& options = {});

/// Complete, as one self-contained HTML file: no script, nothing loaded from anywhere.
[[nodiscard]] std::string render_html(const Report& report, const RenderOptions& options = {});

/// Complete, for programs, in UTC: docs/formats/report.md.
[[nodiscard]] std::string render_json(const Report& report);

}  // namespace fa
