#pragma once

#include <span>
#include <string>
#include <vector>

#include "investigate/digest.h"

namespace fa {

/// Takes back what findings say of failures that the system as a whole always reports. The same library writes the same
/// words in every service, so that a failure which is new to one service may be an everyday one of the system: log
/// findings keep the share by which the words (a template; an exception with names of services masked) became more
/// frequent in all services together. Needs a baseline; changes effects only.
void discount_familiar_failures(std::vector<Finding>& findings, const Digest& digest);

}  // namespace fa
