#pragma once

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "investigate/progress.h"
#include "investigate/request.h"
#include "investigate/study.h"
#include "model/report.h"

namespace fa {

/// The deterministic part up to the ranking: plan, collect, digest, rank. Errors only when nothing at all was readable,
/// or the request contradicts itself; everything else that goes wrong is a gap of the report. Blocks; thread-safe;
/// stops early (with gaps) when the context says so.
Result<Study> study_incident(const InvestigateRequest& request, const Clock& clock, Progress* progress,
                             const Context& context);

/// Explains and checks the ranking: the report that needs no model.
Report report_of(const Study& study, Language language);

/// Both of them: the product in one call, without a model.
Result<Report> investigate(const InvestigateRequest& request, const Clock& clock, Progress* progress,
                           const Context& context);

}  // namespace fa
