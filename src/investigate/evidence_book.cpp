#include "investigate/evidence_book.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "investigate/explain.h"

namespace fa {
namespace {

/// Values that are read or printed alike.
constexpr double kSameValue = 1e-9;

/// Where an item stands: its bytes, or its series, since one document holds many. Lengths keep names from running
/// together.
std::string place_of_item(const Evidence& e, std::string_view series) {
  if (e.kind == EvidenceKind::kMetric) {
    return fmt::format("{} {} {}{}", static_cast<int>(e.kind), e.entity.size(), e.entity,
                       series.empty() ? std::string_view(e.key) : series);
  }
  return fmt::format("{} {} {} {}", static_cast<int>(e.kind), e.locator.position.offset, e.locator.position.length,
                     e.locator.resource);
}

const Fact* fact_named(const Evidence& e, std::string_view name) {
  const auto it = std::find_if(e.facts.begin(), e.facts.end(), [&](const Fact& f) { return f.name == name; });
  return it == e.facts.end() ? nullptr : &*it;
}

/// Whether some numbers have the same name, and none of these another value.
bool numbers_agree(const Evidence& a, const Evidence& b) {
  bool shared = false;
  for (const Fact& f : a.facts) {
    if (f.name == "value_at_time" && a.time != b.time) continue;
    const Fact* other = fact_named(b, f.name);
    if (other == nullptr) continue;
    const double allowed = kSameValue * std::max(std::abs(f.value), std::abs(other->value));
    if (std::abs(f.value - other->value) > allowed || f.unit != other->unit) return false;
    shared = true;
  }
  return shared;
}

void add_new_facts(Evidence& to, const Evidence& from) {
  for (const Fact& f : from.facts) {
    if (f.name == "value_at_time" && to.time != from.time) continue;
    if (fact_named(to, f.name) == nullptr) to.facts.push_back(f);
  }
}

}  // namespace

EvidenceBook::EvidenceBook(std::vector<Evidence> evidence)
    : evidence_(std::move(evidence)), original_(evidence_.size()) {
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    const Evidence& e = evidence_[i];
    by_id_.emplace(e.id, i);
    by_place_[place_of_item(e, {})].push_back(i);
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

const std::size_t* EvidenceBook::known(const Evidence& evidence, Sameness sameness,
                                       const std::vector<std::size_t>& there) const {
  const auto first = [&](auto fits) -> const std::size_t* {
    const auto it = std::find_if(there.begin(), there.end(), [&](std::size_t i) { return fits(evidence_[i]); });
    return it == there.end() ? nullptr : &*it;
  };
  if (const std::size_t* same = first([&](const Evidence& e) { return e.key == evidence.key; })) return same;
  if (sameness == Sameness::kNumbers) {
    return first([&](const Evidence& e) { return e.entity == evidence.entity && numbers_agree(e, evidence); });
  }
  // Several items of a report may stand on one record.
  if (const std::size_t* same = first([&](const Evidence& e) { return e.entity == evidence.entity; })) return same;
  return there.empty() ? nullptr : &there.front();
}

std::string EvidenceBook::add(Evidence evidence, Sameness sameness, std::string_view series) {
  std::vector<std::size_t>& there = by_place_[place_of_item(evidence, series)];
  if (const std::size_t* same = known(evidence, sameness, there)) {
    add_new_facts(evidence_[*same], evidence);
    return evidence_[*same].id;
  }
  const std::string prefix(1, evidence_prefix(evidence.kind));
  do {
    evidence.id = prefix + std::to_string(++last_[evidence.kind]);
  } while (by_id_.contains(evidence.id));
  by_id_.emplace(evidence.id, evidence_.size());
  there.push_back(evidence_.size());
  evidence_.push_back(std::move(evidence));
  return evidence_.back().id;
}

bool EvidenceBook::added(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it != by_id_.end() && it->second >= original_;
}

}  // namespace fa
