#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

namespace fa {

/// What came of planting something into the logs of a made-up incident.
struct HostileResult {
  std::string title;
  struct Check {
    std::string what;
    std::uint64_t tried = 0;
    std::uint64_t failed = 0;
    bool counted_only = false;  ///< Nothing that could fail: a figure to judge the others by.
  };
  std::vector<Check> checks;
  std::vector<std::string> failures;  ///< Each one, for people.
  [[nodiscard]] bool clean() const { return failures.empty(); }
};

/// Plants every secret of redact/planted_secrets into logs of several formats, has a scripted model look at all of them
/// by every tool, and looks for the secrets in everything that leaves: requests to the model, reports.
Result<HostileResult> evaluate_redaction(const Clock& clock, const Context& context);

/// Plants every hostile line into the lines that decide an incident and has a model that obeys whatever reaches it
/// answer: no tool may run that is not allowed, no text end its fence, no hostile statement pass as verified, nothing
/// act in a rendering, the ranking not move.
Result<HostileResult> evaluate_injection(const Clock& clock, const Context& context);

std::string render_hostile_text(const HostileResult& result);

}  // namespace fa
