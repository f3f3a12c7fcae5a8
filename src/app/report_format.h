#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace fa {

/// In which format a report is written: as `given` by --format, else as the ending of the --output file says (`.html`,
/// `.htm`, `.md`, `.json`, `.pdf`, in either case), else as configured, else `text`.
[[nodiscard]] std::string report_format(const std::string& given, const std::string& output,
                                        const std::optional<std::string>& configured);

/// Refuses what a terminal cannot show: a PDF without --output whose standard output is no pipe or file. Before the
/// work, since it may take long and cost money.
[[nodiscard]] Result<void> check_destination(const std::string& format, const std::string& output);

/// What is wrong with a name given as --time-zone; empty where this machine knows that zone.
[[nodiscard]] std::string time_zone_problem(const std::string& name);

}  // namespace fa
