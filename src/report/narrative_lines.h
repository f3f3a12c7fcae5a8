#pragma once

#include <string>
#include <vector>

#include "base/time_zone.h"
#include "model/report.h"

namespace fa {

/// A line of what a model, past incidents or documents added; plain text as in words.h.
struct NarrativeLine {
  enum class Kind {
    kHeading,     ///< Subject of a hypothesis, or what the lines below are.
    kVerified,    ///< A statement that held.
    kUnverified,  ///< One that did not: to be struck through.
    kPlain,
  };
  Kind kind = Kind::kPlain;
  std::string text;
  std::vector<std::string> evidence;
  std::string remark;  ///< Why it did not hold, or what belongs to it.
};
struct NarrativeSection {
  std::string title;
  std::vector<NarrativeLine> lines;
};

/// The sections to show after the ranking, empty ones left out: what the model says, how it investigated, past
/// incidents, documents.
[[nodiscard]] std::vector<NarrativeSection> narrative_sections(const Report& report, const TimeZone& zone = {});

}  // namespace fa
