#pragma once

#include <vector>

#include "app/config.h"
#include "base/context.h"
#include "net/http.h"
#include "sources/aws/doctor.h"

namespace fa {

/// What this machine has to have: versions, clock, time zones, certificates, fonts, Graphviz, pdftotext. Asks nobody
/// outside. Never fails: what is wrong is a check.
std::vector<DoctorCheck> examine_machine(const Config& config, const Context& context);

/// What `fa2 serve` needs where it is configured: its settings, secrets, data to analyse, folder, disk and the formats
/// of its databases. Asks nobody outside, changes nothing and takes no lock, so that it may run beside the server.
std::vector<DoctorCheck> examine_service(const Config& config);

/// Whether Slack takes the tokens, and what its clock says of ours. Two or three calls.
std::vector<DoctorCheck> examine_slack(const Config& config, HttpClient& http, const Context& context);

}  // namespace fa
