#pragma once

#include <vector>

#include "aws/client.h"
#include "sources/aws/doctor.h"

namespace fa {

/// Whether Security Hub and GuardDuty can be asked for findings. Never worse than a warning: an investigation needs
/// neither of them.
std::vector<DoctorCheck> examine_findings(aws::Client& client, const Context& context);

}  // namespace fa
