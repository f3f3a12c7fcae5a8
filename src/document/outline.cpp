#include "document/outline.h"

#include <fmt/core.h>

#include <algorithm>

#include "document/line.h"

namespace fa::document {

Outline::Outline(const Document& document) {
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    if (const auto* heading = std::get_if<Heading>(&document.blocks[i])) {
      entries_.push_back({i, std::clamp(heading->level, 1, 3), plain_text(heading->text), {}});
      take(i, heading->anchor);
    } else if (const auto* paragraph = std::get_if<Paragraph>(&document.blocks[i])) {
      take(i, paragraph->anchor);
    }
  }
  // Only now, so that no given anchor is taken by one that is made.
  std::size_t number = 1;
  for (OutlineEntry& entry : entries_) {
    while (anchor_of(entry.block).empty()) take(entry.block, fmt::format("section-{}", number++));
    entry.anchor = anchor_of(entry.block);
  }
}

void Outline::take(std::size_t block, std::string_view anchor) {
  if (is_anchor(anchor) && taken_.emplace(anchor).second) anchors_.emplace(block, anchor);
}

std::vector<const OutlineEntry*> Outline::contents() const {
  constexpr std::size_t kMost = 80;
  const auto up_to = [&](int level) {
    std::vector<const OutlineEntry*> listed;
    for (const OutlineEntry& entry : entries_) {
      if (entry.level <= level) listed.push_back(&entry);
    }
    return listed;
  };
  std::vector<const OutlineEntry*> both = up_to(2);
  return both.size() <= kMost ? both : up_to(1);
}

std::size_t Outline::contents_before() const { return entries_.empty() ? 0 : entries_.front().block; }

std::string_view Outline::anchor_of(std::size_t block) const {
  const auto found = anchors_.find(block);
  return found == anchors_.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view Outline::target(std::string_view link) const {
  const auto found = taken_.find(inside_anchor(link));
  return found == taken_.end() ? std::string_view() : std::string_view(*found);
}

}  // namespace fa::document
