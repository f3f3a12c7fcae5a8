#pragma once

#include <filesystem>

#include "base/result.h"
#include "model/report.h"

namespace fa {

/// Reads an incident.json (docs/formats/incident.md): what the person on call knows before looking. Every key may be
/// missing or null, unknown keys are ignored; a known key with a value of the wrong kind is an error that names the
/// file, the line and what was expected. `window_given` and `baseline_given` say which ranges the file held.
Result<IncidentInfo> read_incident_file(const std::filesystem::path& path);

/// The same from its text; `name` is the file's name in messages.
Result<IncidentInfo> parse_incident(std::string_view text, std::string_view name);

}  // namespace fa
