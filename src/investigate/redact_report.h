#pragma once

#include "model/report.h"

namespace fa {

/// The report with its secrets replaced by placeholders. Addresses and e-mails stay: whoever reads a report works on
/// these systems. What was replaced can still be seen by those who may, through `reproduce` of each item.
Report redact_report(Report report);

}  // namespace fa
