#pragma once

#include <memory>

#include "app/config.h"
#include "app/model_setup.h"
#include "chatops/investigator.h"

namespace fa {

/// The product behind the Slack app: a live account where [aws] is configured, else the recorded data of serve.paths;
/// memory and model as configured. Borrows both.
[[nodiscard]] std::unique_ptr<chatops::Investigator> make_service_investigator(const Config& config,
                                                                               const ModelOptions& options,
                                                                               const Clock& clock);

}  // namespace fa
