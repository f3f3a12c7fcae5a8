#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fa {

/// What a column of a metrics table stands for.
struct CsvColumn {
  enum class Role { kIgnored, kTime, kService, kInstance, kMetricName, kValue, kUnit, kStatistic, kDimension, kSeries };
  Role role = Role::kIgnored;
  std::string header;
  std::string entity;  ///< kSeries: the service the header names (`cartservice` of `cartservice_cpu`); often empty.
  std::string metric;  ///< kSeries: the rest of the header.
};

/// How to read a table of metrics: wide (one column per series) or long (columns `metric` and `value`).
struct CsvLayout {
  std::vector<CsvColumn> columns;
  std::size_t time_column = 0;
  bool long_format = false;
};

/// Decides from the header and some data rows. nullopt when this is no table of metrics; `why` then says so, for
/// people. The time column is the one named timestamp, time, date, datetime, ts, ... whose cells are times, else the
/// first whose cells all are. Columns named service, instance, metric, value, unit, statistic (and usual synonyms) have
/// that role. Other columns with numbers are series, with text dimensions. A header with a message or level column is a
/// log, not metrics.
///
/// A header such as `cartservice_cpu` is split at its first `|`, `:`, `/`, `.` or `_` into service and metric, but only
/// when the table shows that this is meant: two or more prefixes share a rest, and no prefix is the name of a resource
/// (cpu, memory, http, ...).
std::optional<CsvLayout> find_csv_layout(const std::vector<std::string>& header,
                                         const std::vector<std::vector<std::string>>& rows, std::string& why);

/// A time cell: any usual timestamp, a date alone, or an epoch number of any unit.
std::optional<TimePoint> csv_time(std::string_view cell);

/// True for cells that stand for "no value": empty, NaN, null, NA, `-`, infinities.
bool csv_missing(std::string_view cell);
/// A finite number, also with a percent sign behind it.
std::optional<double> csv_number(std::string_view cell);

}  // namespace fa
