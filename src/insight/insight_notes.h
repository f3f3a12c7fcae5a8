#pragma once

#include <cstddef>

#include "insight/refine.h"
#include "insight/select.h"
#include "model/report.h"

namespace fa::insight {

/// Who says a note of this folder's; others in a collected folder are those of the sources.
inline constexpr const char* kInsightSource = "insight";

/// How many of how many metrics were chosen, or why none was, in the language.
[[nodiscard]] Note note_on_selection(const Selection& selection, std::size_t listed, Language language);
/// That a figure was searched for its most telling resources instead of asking for `metrics` of them.
[[nodiscard]] Note note_on_search(const std::string& figure, std::size_t metrics, Language language);
/// What a model made of it.
[[nodiscard]] Note note_on_refinement(const Refinement& refinement, Language language);

}  // namespace fa::insight
