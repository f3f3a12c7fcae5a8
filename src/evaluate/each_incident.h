#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "investigate/evaluate.h"
#include "investigate/investigate.h"

namespace fa {

/// Sees one incident with a known cause, investigated. An error ends the evaluation.
using VisitIncident =
    std::function<Result<void>(const IncidentFolder& folder, const InvestigateRequest& request, const Study& study)>;

/// Investigates the incidents below `root` (see incident_folders) in the order of (set, case), one at a time. Gives
/// those that could not be investigated, as `set/case: reason`: a measurement must say what it left out.
Result<std::vector<std::string>> for_each_incident(const std::filesystem::path& root, const Clock& clock,
                                                   const Context& context, const VisitIncident& visit);

/// The lines about incidents that could not be investigated; empty when there are none.
std::string render_left_out(const std::vector<std::string>& left_out);

/// 100 * part / whole; 0 of nothing is 0.
double percentage(std::uint64_t part, std::uint64_t whole);

}  // namespace fa
