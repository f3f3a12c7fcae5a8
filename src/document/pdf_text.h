#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"
#include "document/outline.h"

struct _PangoContext;
struct _PangoLayout;

/// Lines of a document as pango sets them: broken to a width, with fonts and colours, not yet on a page. Units are
/// PDF points (1/72 inch), y grows downwards.
namespace fa::document::pdf {

struct TextStyle {
  double size = 9.5;  ///< Of the font.
  bool bold = false;
  bool mono = false;
  draw::Ink ink = draw::Ink::kText;
  Align align = Align::kLeft;
};

/// One line of a set text, counted from the text's top.
struct LinePlace {
  double left = 0;  ///< Above 0 where the line is aligned to the right.
  double top = 0;
  double bottom = 0;
  double baseline = 0;
};

/// Bytes [begin, end) of the layout's text that lead somewhere.
struct LinkPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string address;  ///< Of the web; empty: `anchor` counts.
  std::string anchor;   ///< Of this document.
};

/// A text in its width. Shared by the pages over which it is broken.
struct SetText {
  std::shared_ptr<_PangoLayout> layout;
  double width = 0;
  draw::Ink ink = draw::Ink::kText;
  std::vector<LinePlace> lines;  ///< At least one.
  std::vector<LinkPlace> links;

  [[nodiscard]] double height() const { return lines.back().bottom; }
};
using SetTextPtr = std::shared_ptr<const SetText>;

/// Sets texts; keeps pango's context for all of a document. Not for several threads at once.
class Typesetter {
 public:
  /// The outline is borrowed and says which links lead somewhere.
  Typesetter(Language language, const Outline& outline);

  /// A line of a document, broken between words, and inside of words that are wider than `width`. Words of more than
  /// kLongestWord characters and lines of more than kLongestLine bytes end in an ellipsis.
  [[nodiscard]] SetTextPtr set(const Line& line, const TextStyle& style, double width) const;
  /// On one line, with an ellipsis where it is wider.
  [[nodiscard]] SetTextPtr set_one_line(std::string_view text, const TextStyle& style, double width) const;
  /// Every line on its own; where it is broken, it goes on indented. The text must be visible().
  [[nodiscard]] SetTextPtr set_code(std::string_view text, const TextStyle& style, double width) const;

  static constexpr std::size_t kLongestLine = 6000;
  static constexpr std::size_t kLongestWord = 400;

 private:
  [[nodiscard]] std::shared_ptr<_PangoLayout> layout_for(const TextStyle& style, double width) const;

  const Outline& outline_;
  std::shared_ptr<_PangoContext> context_;
};

}  // namespace fa::document::pdf
