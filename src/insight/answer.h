#pragma once

#include "document/document.h"
#include "insight/insight_types.h"

namespace fa::insight {

/// The answer as a document, in the result's language and time zone: the question, a model's reading where there is
/// one, what the data say (each fact with its id, which links lead to), advice, charts, all levels, how to get the same
/// data by hand, and what could not be seen. Complete without a model. Pure; same result, same document.
[[nodiscard]] document::Document answer_document(const InsightResult& result);

}  // namespace fa::insight
