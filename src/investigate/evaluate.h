#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

namespace fa {

/// One incident with a known answer, and what was said of it.
struct EvaluatedCase {
  std::string set;  ///< Name of the folder that holds the cases.
  std::string name;
  std::optional<std::string> expected;  ///< Service at fault; nullopt: nothing is wrong.
  std::string expected_mechanism;       ///< Empty when the labels do not say.
  std::string said;                     ///< Service at rank 1; "" for no incident.
  std::string said_mechanism;
  double confidence = 0;
  int rank = 0;       ///< Of the expected service, from 1; 0 when it was not ranked.
  std::string why;    ///< First claim behind rank 1.
  std::string error;  ///< Set when there is no report.
};

struct Evaluation {
  std::vector<EvaluatedCase> cases;  ///< Sorted by (set, name).
};

/// Investigates every incident folder below `root` whose cause is known and compares. A set is a folder with a
/// `labels.jsonl` (`{"case": folder, "subject": service, "type"?: what was injected}`), or folders `<case>/incident/`
/// with `<case>/truth.json` beside. `labels` overrides where the labels of a single set are. The labels are read after
/// the investigation and never given to it.
Result<Evaluation> evaluate(const std::filesystem::path& root, const std::optional<std::filesystem::path>& labels,
                            const Clock& clock, const Context& context);

/// The incident folders that `evaluate` would investigate, with the known service at fault and the kind of fault, in
/// the order of (set, case).
struct IncidentFolder {
  std::filesystem::path path;
  std::string set;
  std::string name;
  std::string subject;  ///< Empty: nothing is wrong.
  std::string type;     ///< As the labels call it; empty when they do not.
};
Result<std::vector<IncidentFolder>> incident_folders(const std::filesystem::path& root);

std::string render_evaluation_text(const Evaluation& evaluation);
std::string render_evaluation_json(const Evaluation& evaluation);

}  // namespace fa
