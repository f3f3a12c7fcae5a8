#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

namespace fa {

/// Where the labels say that a fault is.
struct KnownPlace {
  BreakLocation code;  ///< Two log statements, by parts of their texts; empty when the fault is not in code.
  std::string metric;  ///< The metric of a resource, by its name; empty when there is none.
  [[nodiscard]] bool known() const { return code.known() || !metric.empty(); }
};

/// An incident folder whose cause is known.
struct IncidentFolder {
  std::filesystem::path path;
  std::string set;  ///< Name of the folder that holds the cases.
  std::string name;
  std::string subject;    ///< Service at fault; empty: nothing is wrong.
  std::string type;       ///< What was injected, as the labels call it; empty when they do not.
  std::string mechanism;  ///< The same in our vocabulary; empty when it has no word for it.
  KnownPlace place;
};

/// The incident folders below `root` whose cause is known, in the order of (set, case). A set is a folder with a
/// `labels.jsonl` (docs/quality.md), or folders `<case>/incident/` with `<case>/truth.json` beside. `labels`
/// overrides where the labels of a single set are.
Result<std::vector<IncidentFolder>> incident_folders(const std::filesystem::path& root,
                                                     const std::optional<std::filesystem::path>& labels = std::nullopt);

/// One incident with a known answer, and what was said of it.
struct EvaluatedCase {
  std::string set;
  std::string name;
  std::optional<std::string> expected;  ///< Service at fault; nullopt: nothing is wrong.
  std::string expected_mechanism;       ///< Empty when the labels do not say.
  KnownPlace expected_place;
  std::string said;  ///< Service at rank 1; "" for no incident.
  std::string said_mechanism;
  BreakLocation said_place;
  bool place_right = false;  ///< Both statements of the code, or the metric among what speaks for rank 1.
  double confidence = 0;
  int rank = 0;                  ///< Of the expected service, from 1; 0 when it was not ranked.
  std::vector<std::string> why;  ///< First claims behind rank 1.
  std::string error;             ///< Set when there is no report.
};

/// A stretch of a baseline, investigated as if it were an incident: saying that something is wrong is a false alarm.
struct HealthyWindow {
  std::string set;
  TimeRange window;
  std::string said;  ///< "" for no incident, as it should be.
  std::string said_mechanism;
  double confidence = 0;
  std::string why;
};

struct Evaluation {
  std::vector<EvaluatedCase> cases;    ///< Sorted by (set, name).
  std::vector<HealthyWindow> healthy;  ///< By set and time.
};

struct EvaluateOptions {
  std::optional<std::filesystem::path> labels;
  bool healthy_windows = false;
  /// Names of services, instances and metrics are replaced by words that this seed makes, before anything is read.
  std::optional<std::uint64_t> rename_seed;
};

/// Investigates the incident folders below `root` and compares what is said with what is known. The labels are never
/// given to the investigation.
Result<Evaluation> evaluate(const std::filesystem::path& root, const EvaluateOptions& options, const Clock& clock,
                            const Context& context);

std::string render_evaluation_text(const Evaluation& evaluation);
std::string render_evaluation_json(const Evaluation& evaluation);

}  // namespace fa
