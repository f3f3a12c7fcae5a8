#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "document/outline.h"
#include "document/pdf_pages.h"

namespace fa::document::pdf {

/// The table of contents: set before the pages are that it lists, numbered after them.
class ContentsSetter {
 public:
  /// Both are borrowed.
  ContentsSetter(const Outline& outline, const Typesetter& typesetter) : outline_(outline), typesetter_(typesetter) {}

  /// Nothing where no heading is to be listed.
  void place(Language language, Pages& pages);
  /// Once all are filled: beside each entry, the page of its heading.
  void number(std::vector<Page>& pages) const;

 private:
  struct Entry {
    std::size_t page = 0;
    std::size_t item = 0;  ///< Of the page: where the number goes.
    std::string anchor;
  };

  const Outline& outline_;
  const Typesetter& typesetter_;
  std::vector<Entry> entries_;
};

}  // namespace fa::document::pdf
