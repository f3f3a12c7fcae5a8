#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insight/select_wanted.h"

/// Private to select.cpp: which metrics show what is wanted, whatever they belong to.
namespace fa::insight {

struct Candidate {
  std::size_t index = 0;  ///< Into the catalogue.
  int answer = 0;         ///< As answers() has it.
  double fit = 0;         ///< Of the names in its dimensions; 0 where the question names none.
  double namespace_fit = 0;
  std::optional<std::size_t> service;
  std::string identity_dimension;  ///< What names the resource it is of; empty: the whole account.
  std::string identity;
  int place = 0;      ///< Of that dimension among those of the service: better ones first.
  int division = 0;   ///< How far its dimensions divide the resource beyond what was asked.
  bool said = false;  ///< A path or a zone in its dimensions is in the question.
  Stage stage = Stage::kNone;
  bool dead_letters = false;  ///< A queue of what failed.
};

/// Metrics of the services that are meant and show what is wanted. `folded` is the question.
[[nodiscard]] std::vector<Candidate> find_candidates(const Catalogue& catalogue, const Wanted& wanted,
                                                     std::string_view folded);

[[nodiscard]] bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words);

}  // namespace fa::insight
