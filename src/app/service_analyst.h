#pragma once

#include <filesystem>
#include <memory>

#include "app/config.h"
#include "app/model_setup.h"
#include "chatops/analyst.h"

namespace fa {

/// Questions about metrics and reports on security findings behind the Slack app: a live account where [aws] is
/// configured, else the recorded data of serve.paths; the model as configured. `data` is the server's folder, where the
/// last findings report is remembered, so that the next one says what changed. Borrows config and options.
[[nodiscard]] std::unique_ptr<chatops::Analyst> make_service_analyst(const Config& config, const ModelOptions& options,
                                                                     std::filesystem::path data);

}  // namespace fa
