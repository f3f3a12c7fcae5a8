#include "investigate/evidence_book.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "investigate/explain.h"

namespace fa {
namespace {

/// What makes two items the same: kind, place and what was counted there. Lengths keep names from running together.
std::string book_identity(const Evidence& e) {
  return fmt::format("{} {} {} {}:{}{}", static_cast<int>(e.kind), e.locator.position.offset, e.locator.position.length,
                     e.locator.resource.size(), e.locator.resource, e.key);
}

}  // namespace

EvidenceBook::EvidenceBook(std::vector<Evidence> evidence)
    : evidence_(std::move(evidence)), original_(evidence_.size()) {
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    const Evidence& e = evidence_[i];
    by_id_.emplace(e.id, i);
    by_identity_.emplace(book_identity(e), i);
    int number = 0;
    const std::string_view digits = std::string_view(e.id).substr(e.id.empty() ? 0 : 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    int& last = last_[e.kind];
    if (error == std::errc() && end == digits.data() + digits.size()) last = std::max(last, number);
  }
}

const Evidence* EvidenceBook::find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &evidence_[it->second];
}

std::string EvidenceBook::add(Evidence evidence) {
  const auto [known, fresh] = by_identity_.try_emplace(book_identity(evidence), evidence_.size());
  if (!fresh) return evidence_[known->second].id;
  const std::string prefix(1, evidence_prefix(evidence.kind));
  do {
    evidence.id = prefix + std::to_string(++last_[evidence.kind]);
  } while (by_id_.contains(evidence.id));
  by_id_.emplace(evidence.id, evidence_.size());
  evidence_.push_back(std::move(evidence));
  return evidence_.back().id;
}

bool EvidenceBook::added(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it != by_id_.end() && it->second >= original_;
}

}  // namespace fa
