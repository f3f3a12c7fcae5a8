#pragma once

#include <span>
#include <string_view>

#include "insight/lexicon.h"

/// Private to lexicon_words.cpp: its tables. Phrases are in lower case, with single spaces; `*` at the end stands for
/// any rest of the word; plurals in -s are understood.
namespace fa::insight {

struct WordRow {
  std::string_view phrase;
  Signals signals = 0;
  Symptoms symptoms = 0;
};
/// What is measured.
[[nodiscard]] std::span<const WordRow> figure_words();
/// What is wrong.
[[nodiscard]] std::span<const WordRow> symptom_words();

struct ServiceWord {
  std::string_view phrase;
  std::string_view service;  ///< Names of services(), separated by a space.
  bool weak = false;
};
[[nodiscard]] std::span<const ServiceWord> service_words();

}  // namespace fa::insight
