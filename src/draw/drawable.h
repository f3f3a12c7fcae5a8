#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "draw/drawing.h"

/// What all renderings of a drawing do before they paint it, so that none has to think of hostile values again.
/// Pure and thread-safe.
namespace fa::draw {

/// One line of valid UTF-8 without characters that act: white space as blanks, control characters, bidirectional
/// overrides and what XML forbids as U+FFFD. At most kLongestText characters, an ellipsis for the rest.
[[nodiscard]] std::string shown_text(std::string_view text);
inline constexpr std::size_t kLongestText = 4000;

/// Larger coordinates count as this: beyond, the fixed-point numbers of cairo overflow.
inline constexpr double kFarthest = 1e6;

/// The drawing with texts as they are shown and coordinates in range. Left out are shapes with a coordinate that is no
/// number, without extent, or with a number of points that makes no curve; of polylines only such points.
[[nodiscard]] Drawing drawable(const Drawing& drawing);

/// Line and head of a curve that ends in an arrow: the line stops at the head's base, so that it cannot be seen beside
/// the tip.
struct Arrow {
  std::vector<Point> line;
  std::array<Point, 3> head;  ///< Tip first.
};

/// nullopt when the curve has no direction at its end.
[[nodiscard]] std::optional<Arrow> arrow_of(const Curve& curve);

/// Lengths of stroke and gap; both 0 for a solid line.
struct DashLengths {
  double on = 0;
  double off = 0;
};
[[nodiscard]] DashLengths dash_lengths(Dash dash);

}  // namespace fa::draw
