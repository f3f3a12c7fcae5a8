#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"

namespace fa::document {

struct OutlineEntry {
  std::size_t block = 0;  ///< Index of the Heading among the document's blocks.
  int level = 1;          ///< 1 to 3.
  std::string text;       ///< plain_text() of the heading.
  std::string anchor;     ///< Its own, or one made for it.
};

/// The headings of a document and all that links may point at. Of anchors that were given twice, the first counts.
class Outline {
 public:
  explicit Outline(const Document& document);

  [[nodiscard]] const std::vector<OutlineEntry>& entries() const { return entries_; }
  /// Entries of the table of contents: levels 1 and 2, or level 1 alone where both would fill more than two pages.
  [[nodiscard]] std::vector<const OutlineEntry*> contents() const;
  /// Where the contents stand: before the first heading, so that what is said before it is read first.
  [[nodiscard]] std::size_t contents_before() const;
  /// Of this block; empty when it has none that counts.
  [[nodiscard]] std::string_view anchor_of(std::size_t block) const;
  /// The anchor that a run's link leads to; empty when nothing in the document has it.
  [[nodiscard]] std::string_view target(std::string_view link) const;

 private:
  void take(std::size_t block, std::string_view anchor);

  std::vector<OutlineEntry> entries_;
  std::map<std::size_t, std::string> anchors_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace fa::document
