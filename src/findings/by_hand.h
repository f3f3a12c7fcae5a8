#pragma once

#include <string>

#include "findings/findings.h"

namespace fa::findings {

/// Shell commands that print what the report was made of: the AWS CLI for live services, jq for files. Names are
/// quoted for the shell. Pure.
std::string commands_by_hand(const FindingsReport& report);

}  // namespace fa::findings
