#pragma once

#include <cstdint>
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
  /// When a new item is one that is known already.
  enum class Sameness : std::uint8_t {
    kRecord,   ///< It is a record: the same bytes are the same record, whoever found them.
    kNumbers,  ///< It is numbers, and the record is their example: they must be about the same and agree as well.
  };

  explicit EvidenceBook(std::vector<Evidence> evidence);

  [[nodiscard]] const Evidence* find(std::string_view id) const;  ///< Null if unknown; valid until add.
  /// The id of the item: that of a known one which is the same, else a new one (prefix of its kind and the next
  /// number). The same means: of the same kind and at the same place (resource and position), or, for metrics, of the
  /// same entity and `series` (empty: the key); for kNumbers besides the same key, or the same entity and numbers of
  /// which some have the same names and none of these another value. A known item stays as it is, but for numbers it
  /// did not have: they are put behind its own.
  std::string add(Evidence evidence, Sameness sameness = Sameness::kRecord, std::string_view series = {});
  [[nodiscard]] const std::vector<Evidence>& all() const { return evidence_; }
  /// True for items that came from tools.
  [[nodiscard]] bool added(std::string_view id) const;

 private:
  [[nodiscard]] const std::size_t* known(const Evidence& evidence, Sameness sameness,
                                         const std::vector<std::size_t>& there) const;

  std::vector<Evidence> evidence_;
  std::size_t original_ = 0;
  std::map<EvidenceKind, int> last_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_place_;
};

}  // namespace fa
