#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "investigate/claim_check.h"
#include "investigate/claim_text.h"
#include "investigate/claim_words.h"

namespace fa {

/// A number that evidence shows.
struct BackedNumber {
  double value = 0;  ///< Times in seconds, shares in percent.
  UnitClass unit = UnitClass::kNone;
  std::string unit_text;
  SpokenNumber::Role role = SpokenNumber::Role::kAny;
  bool change = false;     ///< How much something moved.
  TimePoint at = kNoTime;  ///< Of a single point: its time.
};

/// All that one cited item can back, made ready for comparing.
struct Backing {
  std::string id;
  const Evidence* evidence = nullptr;  ///< nullptr: a passage or past incident.
  const Finding* finding = nullptr;    ///< nullptr where no engine found it (rows of tools).
  EvidenceKind kind = EvidenceKind::kLog;
  std::string entity;
  std::set<std::string> names;  ///< Service, instance, component, peer: who it is about.
  std::string words;            ///< Everything it says: excerpt, claim, label, names.
  std::string lower;            ///< The same in lower case.
  std::set<Topic> topics;
  std::set<Topic> found_topics;  ///< Of these, what an engine found, not what its words say.
  std::vector<BackedNumber> numbers;
  std::vector<TimePoint> times;
  TimePoint began = kNoTime;
  bool up = false;      ///< Something rose.
  bool down = false;    ///< Something fell.
  bool harm = false;    ///< Errors or waiting: "got worse" holds whatever way the number went.
  bool is_new = false;  ///< Not there in the baseline.
  bool gone = false;    ///< Not there in the window.
  bool whole = false;   ///< Holds for all of what it counts.
  bool denies = false;  ///< Its own words say no, not, cannot, ...
};

/// Backings by id, made when first asked for.
class Backings {
 public:
  explicit Backings(const ClaimContext& context);
  /// nullptr when there is no such evidence or passage.
  const Backing* find(const std::string& id);
  /// The stored bytes behind it; empty when they cannot be read.
  const std::string& bytes(const Backing& backing);

 private:
  Backing make(const Evidence& evidence) const;
  Backing make(const std::string& id, const std::string& passage) const;

  const ClaimContext& c_;
  std::map<std::string, std::unique_ptr<Backing>> made_;
  std::map<std::string, std::string> bytes_;
};

/// Who is who in a study: names that may stand in a sentence, and who calls whom.
class StudyNames {
 public:
  explicit StudyNames(const ClaimContext& context);
  /// Longest first.
  [[nodiscard]] const std::vector<KnownName>& all() const { return names_; }
  /// Whether the name (of a service, an instance) is who the backing is about.
  [[nodiscard]] bool same(const Backing& backing, const std::string& name) const;
  [[nodiscard]] bool calls(const std::string& caller, const std::string& callee) const;
  /// Along calls, in any number of steps.
  [[nodiscard]] bool reaches(const std::string& caller, const std::string& callee) const;
  [[nodiscard]] bool in_topology(const std::string& service) const { return known_.contains(service); }

 private:
  std::vector<KnownName> names_;
  std::map<std::string, std::string> service_of_instance_;
  std::map<std::string, std::set<std::string>> callees_;
  std::set<std::string> known_;
};

}  // namespace fa
