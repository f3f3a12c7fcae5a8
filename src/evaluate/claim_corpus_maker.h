#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/claim_corpus.h"

/// What make_claims is made of. Only for claim_corpus*.cpp.
namespace fa::claim_corpus {

using Slots = std::map<std::string, std::string>;

/// One way to say something of evidence of some kind.
struct Wording {
  std::string_view english;
  std::string_view japanese;
};

/// The wording with `{slot}` replaced.
std::string filled(std::string_view wording, const Slots& slots);

/// NaN where there is no such fact.
double fact(const Evidence& e, std::string_view name);

/// True sentences that fit the evidence: claim_corpus_wordings.cpp. Adds slots that they need.
std::vector<Wording> wordings(const Evidence& e, const Finding* f, Slots& s);

class Corpus {
 public:
  explicit Corpus(const ClaimContext& c) : c_(c), japanese_(c.report.language == Language::kJapanese) {}

  std::vector<LabelledClaim> run();

 private:
  [[nodiscard]] std::uint64_t seed(std::string_view a, std::string_view b) const;
  [[nodiscard]] const Finding* finding_of(const Evidence& e) const;
  void add_true(std::string text, const Claim& fields, std::string_view implied = {});
  void add_false(std::string kind, bool free_text, std::string text, const Claim& fields);
  /// Fields that go with slots: quotation, numbers, time.
  Claim fields_of(const Evidence& e, const Slots& s, std::string_view wording) const;
  void about(const Evidence& e);

  // One sentence and false ones made of it: claim_corpus_variants.cpp.
  void variants(const Evidence& e, const Finding* f, const Slots& s, std::string_view wording);
  /// Services that the evidence says nothing about.
  [[nodiscard]] std::vector<std::string> others(const Evidence& e, const Finding* f) const;
  [[nodiscard]] std::string invented_name(const std::string& entity, std::uint64_t s) const;
  /// A number that none of the facts is near to, written the same way.
  [[nodiscard]] std::string number_off(const std::string& spoken, const Evidence& e, const Finding* f,
                                       std::uint64_t dice) const;
  /// More than the evidence shows.
  void overstate(const Evidence& e, const Finding& f, const Slots& s, const Claim& fields);

  // What brought what about: claim_corpus_causes.cpp.
  void causal();

  // What is not there: claim_corpus_absences.cpp.
  void absences();

  const ClaimContext& c_;
  bool japanese_;
  std::vector<LabelledClaim> out_;
};

}  // namespace fa::claim_corpus
