#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "insight/catalogue.h"
#include "insight/lexicon.h"
#include "insight/name_match.h"

/// Private to select.cpp: what a question wants, before it is looked for.
namespace fa::insight {

struct Wanted {
  WordMeaning words;
  NameMatches names;
  Signals signals = 0;                 ///< Figures.
  Symptoms symptoms = 0;               ///< What stands for figures.
  std::set<std::string> metric_names;  ///< Names of metrics that the question says.
  Stage stage = Stage::kNone;
  bool wants_advice = false;

  [[nodiscard]] bool names_service() const { return words.services != 0; }
  /// There is nothing in it to look for.
  [[nodiscard]] bool is_small_talk() const;
};

[[nodiscard]] Wanted read_wanted(const Catalogue& catalogue, std::string_view folded);

/// Whether a metric shows what is wanted: 0 no, 1 belongs to a symptom, 2 is a figure asked for, 3 is named.
[[nodiscard]] int answers(const Wanted& wanted, std::string_view metric_namespace, std::string_view name);

}  // namespace fa::insight
