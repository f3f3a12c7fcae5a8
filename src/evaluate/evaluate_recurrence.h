#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

namespace fa {

/// Whether past incidents of the same fault are found again.
struct RecurrenceResult {
  struct Case {
    std::string set;
    std::string incident;
    std::string fault;  ///< Service and kind of fault.
    std::string found;  ///< Fault of the most similar other incident; empty: none similar enough.
    double similarity = 0;
  };
  std::vector<Case> cases;            ///< Incidents of whose fault there is another one in the set.
  std::vector<std::string> left_out;  ///< Incidents that could not be investigated, with the reason.
};

/// Keeps every incident of a set in a memory of its own and asks for each which of the others is most like it.
Result<RecurrenceResult> evaluate_recurrence(const std::filesystem::path& root, const Clock& clock,
                                             const Context& context);
std::string render_recurrence_text(const RecurrenceResult& result);

}  // namespace fa
