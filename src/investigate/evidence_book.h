#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace fa {

/// The evidence of a report, and what tools add to it while a model works: every record a model is shown has an id, so
/// that it can be cited and checked. Not thread-safe.
class EvidenceBook {
 public:
  explicit EvidenceBook(std::vector<Evidence> evidence);

  [[nodiscard]] const Evidence* find(std::string_view id) const;  ///< Null if unknown; valid until add.
  /// Gives the item an id (prefix of its kind and the next number) and keeps it; an item whose kind, locator (resource
  /// and position) and key are known already keeps the id it has.
  std::string add(Evidence evidence);
  [[nodiscard]] const std::vector<Evidence>& all() const { return evidence_; }
  /// True for items that came from tools.
  [[nodiscard]] bool added(std::string_view id) const;

 private:
  std::vector<Evidence> evidence_;
  std::size_t original_ = 0;
  std::map<EvidenceKind, int> last_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string, std::size_t, std::less<>> by_identity_;  ///< Kind, place and key.
};

}  // namespace fa
