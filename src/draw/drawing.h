#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Pictures as plain values: what a chart or a diagram consists of, before anybody decides whether it becomes SVG text,
/// a PNG or a part of a PDF page. Units are CSS pixels (1/96 inch), y grows downwards, the origin is the upper left
/// corner.
namespace fa::draw {

/// What a colour means. The theme gives it its value: SVG leaves it to the page's CSS variables, PNG and PDF ask
/// `ink_color`. The series colours can be told apart by colour-blind people (Okabe and Ito, "Color Universal Design").
enum class Ink {
  kPaper,     ///< Behind everything.
  kCard,      ///< Behind a part that stands out from the paper.
  kText,      ///< Words.
  kMuted,     ///< Words of less weight: axes, notes.
  kGrid,      ///< Lines that only guide the eye.
  kWindow,    ///< The time in question, and the first series.
  kBaseline,  ///< What was usual, and the second series.
  kBand,      ///< The range of what was usual; drawn below everything else.
  kOnset,     ///< When it began.
  kChange,    ///< When somebody changed something.
  kBad,       ///< The place of the failure.
  kWarn,      ///< A symptom of it.
  kGood,      ///< What is healthy.
  kSeries3,   ///< Third to sixth series of a chart.
  kSeries4,
  kSeries5,
  kSeries6,
};
inline constexpr int kInkCount = static_cast<int>(Ink::kSeries6) + 1;

enum class Dash { kSolid, kDashed, kDotted };
enum class Anchor { kStart, kMiddle, kEnd };

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

struct Stroke {
  Ink ink = Ink::kText;
  double width = 1;
  Dash dash = Dash::kSolid;
};

/// Joined straight lines; with `closed` and `filled` an area.
struct Polyline {
  std::vector<Point> points;
  Stroke stroke;
  bool closed = false;
  bool filled = false;  ///< With `fill`; the stroke is drawn where its width is above zero.
  Ink fill = Ink::kBand;
};

/// A cubic Bezier spline as Graphviz writes it: a start point, then three points for every piece.
struct Curve {
  std::vector<Point> points;
  Stroke stroke;
  bool arrow = false;  ///< A head at its end.
};

struct Box {
  Point corner;  ///< Upper left.
  double width = 0;
  double height = 0;
  double radius = 0;  ///< Of its corners.
  bool filled = false;
  Ink fill = Ink::kCard;
  Stroke stroke = {};  ///< Width 0: no border.
};

struct Circle {
  Point center;
  double radius = 0;
  Ink fill = Ink::kText;
  std::string hint = {};  ///< Told when pointed at; empty: nothing.
};

/// One line of text. Whatever stands in it is shown as it is: control characters and bidirectional overrides as U+FFFD.
struct Text {
  Point at;  ///< On its base line, at the anchor.
  std::string text;
  double size = 12;  ///< Height of the font.
  Ink ink = Ink::kText;
  Anchor anchor = Anchor::kStart;
  bool bold = false;
  bool mono = false;
};

using Shape = std::variant<Polyline, Curve, Box, Circle, Text>;

/// Shapes in the order in which they are painted.
struct Drawing {
  double width = 0;
  double height = 0;
  std::string title = {};  ///< What it shows, in words: for screen readers, and where no picture can be shown.
  std::vector<Shape> shapes = {};
};

/// How wide a text becomes at most, whatever sans-serif font the viewer has: wide characters count as one em, others by
/// a table of widths. The same on every machine, so that layouts are.
[[nodiscard]] double text_width(std::string_view text, double size, bool bold = false, bool mono = false);

/// The text, or as much of it as fits with an ellipsis at its end (or in its middle, for names whose end tells them
/// apart).
enum class CutAt { kEnd, kMiddle };
[[nodiscard]] std::string text_to_fit(std::string_view text, double width, double size, CutAt at = CutAt::kEnd,
                                      bool bold = false, bool mono = false);

enum class Theme { kLight, kDark };

/// As `#rrggbb`.
[[nodiscard]] std::string_view ink_color(Ink ink, Theme theme);
/// Of its CSS variable, with the dashes: `--ink-window`.
[[nodiscard]] std::string_view ink_variable(Ink ink);
/// Style rules that give all variables their colours, for light and dark as the reader's system prefers. Once per page.
[[nodiscard]] std::string ink_style_sheet();

struct SvgOptions {
  /// Of letters, digits and `-`, unique in the page: links the title for screen readers.
  std::string id = "drawing";
  /// For a file of its own: names colours by themselves, follows the system's light or dark, states its size.
  bool standalone = false;
};

/// As an `<svg>` element: real text, colours from the page's CSS variables. Never holds markup or script from a text.
/// Same drawing, same bytes.
[[nodiscard]] std::string to_svg(const Drawing& drawing, const SvgOptions& options = {});

}  // namespace fa::draw
