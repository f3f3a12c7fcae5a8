#pragma once

#include "investigate/prompts.h"
#include "llm/chat.h"
#include "model/report.h"
#include "sources/aws/metrics_chooser.h"

namespace fa {

/// Lets the model say which metrics to fetch first: asks it once, with the incident and the shortlist as data, and
/// takes nothing but ids of that list for an answer. Whatever goes wrong (no answer, another answer, no time, no
/// budget) is an empty choice: the shortlist stands as it is. An id that is none of those shown becomes an index beyond
/// the list, so that whoever asked can count it. Borrows model and prompts; what is asked must be redacted and metered
/// by the model.
MetricChooser model_metric_chooser(llm::ChatModel& model, const Prompts& prompts, const IncidentInfo& incident);

}  // namespace fa
