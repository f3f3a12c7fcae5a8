#include "document/pdf_contents.h"

#include <fmt/core.h>

#include <map>

#include "document/fixed_words.h"

namespace fa::document::pdf {

void ContentsSetter::place(Language language, Pages& pages) {
  const auto listed = outline_.contents();
  if (listed.empty()) return;
  pages.gap(20);
  pages.need(90);
  Row head;
  head.below = 4;
  const TextStyle title{.size = 11.5, .bold = true};
  head.cells.push_back({typesetter_.set_one_line(contents_title(language), title, kBodyWidth), kMargin});
  pages.place(head);
  const bool nested = listed.front()->level == 1;
  for (const OutlineEntry* entry : listed) {
    constexpr double kNumberWidth = 40;
    const double indent = nested && entry->level > 1 ? 14 : 0;
    Row row;
    row.above = indent > 0 ? 0.5 : 2;
    const TextStyle style{.size = indent > 0 ? 8.8 : 9.5, .bold = indent == 0};
    const double width = kBodyWidth - indent - kNumberWidth;
    row.cells.push_back({typesetter_.set_one_line(entry->text, style, width), kMargin + indent});
    pages.need(row.height());
    pages.current().links.push_back({entry->anchor, {kMargin, pages.y(), kBodyWidth, row.height()}});
    const double y = pages.y() + row.above;
    pages.place(row);
    entries_.push_back({pages.page(), pages.current().items.size(), entry->anchor});
    pages.current().items.emplace_back(PlacedLines{nullptr, 0, 1, kMargin, y});
  }
  // A short page of contents is gone on with: nobody wants to turn pages to read little.
  pages.need(kBodyHeight * 0.45);
}

void ContentsSetter::number(std::vector<Page>& pages) const {
  std::map<std::string_view, std::size_t> page_of;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    for (const Mark& mark : pages[i].marks) page_of.emplace(mark.anchor, i + 1);
  }
  const TextStyle style{.size = 9.5, .ink = draw::Ink::kMuted, .align = Align::kRight};
  for (const Entry& entry : entries_) {
    const auto found = page_of.find(entry.anchor);
    const std::string number = found == page_of.end() ? "–" : fmt::format("{}", found->second);
    std::get<PlacedLines>(pages[entry.page].items[entry.item]).text = typesetter_.set({{number}}, style, kBodyWidth);
  }
}

}  // namespace fa::document::pdf
