#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"

namespace fa {

enum class Mechanism;

/// A sentence of a language model, and what checking it against the stored bytes gave.
struct Statement {
  std::string text;
  std::vector<std::string> evidence;  ///< Ids it cites, in the text or beside it.
  bool verified = false;
  std::string reason;  ///< Why not, in the report's language.
};

/// A cause as the model sees it.
struct NarrativeHypothesis {
  std::string service;
  std::string component;
  Mechanism mechanism{};
  int rank = 0;  ///< Of that service in the deterministic ranking; 0: not ranked.
  std::vector<Statement> statements;
};

/// One call of a tool by the model.
struct NarrativeStep {
  int cycle = 0;
  std::string tool;
  std::string input;   ///< JSON, as the model wrote it.
  std::string status;  ///< ok, no_data, error, refused
  std::string query;   ///< What was asked, exactly.
  std::uint64_t rows = 0;
  bool truncated = false;
};

/// What a language model added to a report. The deterministic ranking stands beside it, untouched.
struct Narrative {
  std::string model;
  std::string outcome;  ///< answered, no_answer, refused, budget, deadline, failed: stable names.
  std::string note;  ///< For people: what happened where it did not answer, or ended early. In the report's language.
  std::string prompts;  ///< First 12 hex digits of the SHA-256 of the prompts used.
  std::vector<Statement> summary;
  std::vector<NarrativeHypothesis> hypotheses;
  std::vector<Statement> impact;
  std::vector<Statement> actions;     ///< Advice: verified means that it names nothing that does not exist.
  std::vector<Statement> prevention;  ///< Likewise.
  std::vector<std::string> missing;   ///< What the model would want to know.
  std::vector<NarrativeStep> steps;
  /// Statements that say how things are, and advice that names what does not exist; those taken back count, too.
  std::uint64_t checked = 0;
  std::uint64_t verified = 0;   ///< Of those, what holds; advice never does.
  std::uint64_t sent_back = 0;  ///< Statements that failed at first and were sent back with the reason.
  bool contradicts = false;     ///< Its first cause is another than the ranking's.
};

/// Ids of what its sentences cite: evidence, past incidents, passages.
[[nodiscard]] std::set<std::string> cited_ids(const Narrative& narrative);

/// A past incident that was like this one.
struct SimilarView {
  std::string id;            ///< P1, P2, ...: how sentences cite it.
  std::string incident;      ///< Its own id.
  TimePoint time = kNoTime;  ///< When it happened.
  std::string headline;
  std::string cause;  ///< As confirmed by people; empty when nobody did.
  std::string fix;    ///< What mended it; may be empty.
  double similarity = 0;
  std::vector<std::string> shared;  ///< What both have, heaviest first.
};

/// A passage of the team's documents that was found for this incident.
struct PassageView {
  std::string id;  ///< K1, K2, ...
  std::string document;
  std::string heading;
  std::uint64_t line = 0;
  std::string text;
};

}  // namespace fa
