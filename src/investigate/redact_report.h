#pragma once

#include <functional>
#include <string>

#include "model/report.h"

namespace fa {

/// The report with its secrets replaced by placeholders. Addresses and e-mails stay: whoever reads a report works on
/// these systems. What was replaced can still be seen by those who may, through `reproduce` of each item.
Report redact_report(Report report);

/// Puts `rewrite(text)` in the place of every text of a narrative that may quote data: what the model says, asks and is
/// told. Names of outcomes and ids of evidence stay.
void rewrite_narrative(Narrative& narrative, const std::function<std::string(const std::string&)>& rewrite);

}  // namespace fa
