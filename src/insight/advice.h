#pragma once

#include <vector>

#include "insight/insight_types.h"

namespace fa::insight {

/// What could be changed, by rules for what AWS publishes (advice_rules.h): only where facts call for it, or where
/// `asked` and the facts show that something is idle. Most urgent first, at most 8; each cites the facts it rests on,
/// and says what it costs. Worded in `language`; names of resources stand in quotation marks. Pure.
[[nodiscard]] std::vector<Advice> find_advice(const std::vector<InsightSeries>& series,
                                              const std::vector<InsightFact>& facts, Language language, bool asked);

}  // namespace fa::insight
