#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "investigate/model_tools.h"
#include "investigate/request.h"
#include "investigate/study.h"
#include "model/report.h"
#include "store/store.h"

namespace fa {

/// What makes this incident recognisable: the heaviest of what was found (log templates, metrics, spans with their
/// services), the services and mechanism ranked first. Deterministic.
std::vector<IncidentFeature> incident_features(const Study& study, const Report& report);

/// Gives the report an id if the incident has none: from what was read and when, so that the same input has the same.
void give_id(Report& report);

/// Adds what memory knows to the report: past incidents like this one, passages of documents that fit it, and the hash
/// of all that memory holds. What cannot be read is a gap.
void remember(Report& report, const Study& study, Store& store);

/// The same where there is no memory to be had: a gap.
void memory_missing(Report& report, const Error& error);

/// The report as a past incident; `request` says how to investigate it again.
PastIncident to_past_incident(const Report& report, const Study& study, const InvestigateRequest& request,
                              TimePoint now);
/// The way back from PastIncident::request. kUnreadable where it is damaged.
Result<InvestigateRequest> request_from_json(const std::string& json);

/// Looks passages up in the store, for tools. Borrows it.
KnowledgeSearch knowledge_search(Store& store);

}  // namespace fa
