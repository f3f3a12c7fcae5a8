#include "formats/csv_layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

using Role = CsvColumn::Role;
using Rows = std::vector<std::vector<std::string>>;

constexpr double kEpochFrom = 1e9;  ///< September 2001 in seconds: smaller numbers are measurements, not times.

struct NamedRole {
  std::string_view name;  ///< Lower case, without separators.
  Role role;
};
constexpr std::array<NamedRole, 40> kNamedRoles{{
    {"timestamp", Role::kTime},
    {"time", Role::kTime},
    {"datetime", Role::kTime},
    {"date", Role::kTime},
    {"ts", Role::kTime},
    {"timestampms", Role::kTime},
    {"timestamps", Role::kTime},
    {"unixtime", Role::kTime},
    {"epoch", Role::kTime},
    {"starttime", Role::kTime},
    {"period", Role::kTime},
    {"service", Role::kService},
    {"servicename", Role::kService},
    {"entity", Role::kService},
    {"app", Role::kService},
    {"application", Role::kService},
    {"component", Role::kService},
    {"cmdbid", Role::kService},
    {"instance", Role::kInstance},
    {"pod", Role::kInstance},
    {"podname", Role::kInstance},
    {"host", Role::kInstance},
    {"hostname", Role::kInstance},
    {"node", Role::kInstance},
    {"container", Role::kInstance},
    {"instanceid", Role::kInstance},
    {"metric", Role::kMetricName},
    {"metricname", Role::kMetricName},
    {"kpi", Role::kMetricName},
    {"kpiname", Role::kMetricName},
    {"name", Role::kMetricName},
    {"measurement", Role::kMetricName},
    {"value", Role::kValue},
    {"metricvalue", Role::kValue},
    {"val", Role::kValue},
    {"unit", Role::kUnit},
    {"units", Role::kUnit},
    {"statistic", Role::kStatistic},
    {"stat", Role::kStatistic},
    {"aggregation", Role::kStatistic},
}};

/// Columns that only logs have.
constexpr std::array<std::string_view, 12> kLogColumns{"message",    "msg",           "content", "log",
                                                       "logmessage", "body",          "level",   "severity",
                                                       "logger",     "eventtemplate", "text",    "raw"};

/// First words of metric names: a header that begins with one of these names no service.
constexpr std::array<std::string_view, 34> kResourceWords{
    "cpu",   "mem",    "memory",  "disk",    "fs",       "net",     "network", "io",        "http",
    "https", "tcp",    "udp",     "request", "requests", "latency", "error",   "errors",    "response",
    "jvm",   "gc",     "go",      "heap",    "process",  "system",  "node",    "container", "load",
    "swap",  "thread", "threads", "db",      "queue",    "avg",     "max"};

std::string plain(std::string_view header) {
  std::string out = to_lower(header);
  // `Timestamp (ms)`: what stands in brackets is a unit.
  if (const auto bracket = out.find('('); bracket != std::string::npos && bracket > 0) out.erase(bracket);
  std::erase_if(out, [](char c) { return c == '_' || c == '-' || c == '.' || c == '@' || c == ' '; });
  return out;
}

std::optional<Role> role_of(std::string_view header) {
  const std::string name = plain(header);
  for (const NamedRole& known : kNamedRoles) {
    if (known.name == name) return known.role;
  }
  return std::nullopt;
}

/// What the sample rows hold in one column.
struct Content {
  std::size_t present = 0;
  std::size_t numbers = 0;
  std::size_t times = 0;
  std::size_t large_epochs = 0;
};

Content content_of(const Rows& rows, std::size_t column) {
  Content content;
  for (const auto& row : rows) {
    const std::string& cell = row[column];
    if (csv_missing(cell)) continue;
    ++content.present;
    const auto number = csv_number(cell);
    if (number) ++content.numbers;
    if (csv_time(cell)) ++content.times;
    if (number && *number >= kEpochFrom && csv_time(cell)) ++content.large_epochs;
  }
  return content;
}

bool mostly(std::size_t part, std::size_t whole) { return whole > 0 && part * 10 >= whole * 9; }

std::size_t separator_of(std::string_view header) {
  const std::size_t at = header.find_first_of("|:/._");
  if (at == std::string_view::npos || at == 0) return std::string_view::npos;
  const std::size_t rest = header.find_first_not_of("|:/._", at);
  return rest == std::string_view::npos ? std::string_view::npos : at;
}

std::string_view metric_part(std::string_view header, std::size_t separator) {
  return header.substr(header.find_first_not_of("|:/._", separator));
}

void split_entities(CsvLayout& layout) {
  std::map<std::string_view, std::set<std::string_view>> prefixes_of;  // Metric -> services.
  std::map<std::string_view, std::size_t> columns_of;                  // Service -> columns.
  for (const CsvColumn& column : layout.columns) {
    const std::size_t at = separator_of(column.header);
    if (column.role != Role::kSeries || at == std::string_view::npos) continue;
    const std::string_view prefix = std::string_view(column.header).substr(0, at);
    const std::string lower = to_lower(prefix);
    if (std::find(kResourceWords.begin(), kResourceWords.end(), lower) != kResourceWords.end()) return;
    prefixes_of[metric_part(column.header, at)].insert(prefix);
    ++columns_of[prefix];
  }
  const bool meant =
      std::any_of(prefixes_of.begin(), prefixes_of.end(), [](const auto& m) { return m.second.size() >= 2; });
  if (!meant) return;
  for (CsvColumn& column : layout.columns) {
    const std::size_t at = separator_of(column.header);
    if (column.role != Role::kSeries || at == std::string_view::npos) continue;
    const std::string_view prefix = std::string_view(column.header).substr(0, at);
    const std::string_view metric = metric_part(column.header, at);
    if (prefixes_of[metric].size() < 2 && columns_of[prefix] < 2) continue;
    column.entity = prefix;
    column.metric = metric;
  }
}

std::optional<std::size_t> find_time_column(const CsvLayout& layout, const std::vector<Content>& contents) {
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (role_of(layout.columns[i].header) == Role::kTime && mostly(contents[i].times, contents[i].present)) return i;
  }
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const Content& c = contents[i];
    // A plain number is a time only where it could hardly be anything else.
    const std::size_t times = c.numbers == 0 ? c.times : (i == 0 ? c.large_epochs : 0);
    if (c.present > 0 && times == c.present) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimePoint> csv_time(std::string_view cell) {
  TimestampContext context;
  context.allow_date_only = true;
  if (const auto parsed = parse_timestamp_text(cell, context); parsed && parsed->time != kNoTime) return parsed->time;
  return parse_epoch_number(trim(cell));
}

bool csv_missing(std::string_view cell) {
  cell = trim(cell);
  if (cell.empty() || cell == "-") return true;
  constexpr std::array<std::string_view, 9> kNames{"nan", "null", "na", "n/a", "none", "nil", "inf", "+inf", "-inf"};
  return cell.size() <= 4 &&
         std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) { return iequals(cell, name); });
}

std::optional<double> csv_number(std::string_view cell) {
  cell = trim(cell);
  if (cell.ends_with('%')) cell = trim(cell.substr(0, cell.size() - 1));
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<CsvLayout> find_csv_layout(const std::vector<std::string>& header, const Rows& rows, std::string& why) {
  CsvLayout layout;
  if (header.size() < 2 || rows.empty()) {
    why = "expected a header row with two or more columns and a data row";
    return std::nullopt;
  }
  std::vector<Content> contents;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = plain(header[i]);
    if (std::find(kLogColumns.begin(), kLogColumns.end(), name) != kLogColumns.end()) {
      why = "the header names a column of a log: " + header[i];
      return std::nullopt;
    }
    if (csv_number(header[i]) || (!header[i].empty() && csv_time(header[i]))) {
      why = "expected a header row, found data";
      return std::nullopt;
    }
    layout.columns.push_back({Role::kIgnored, header[i], {}, header[i]});
    contents.push_back(content_of(rows, i));
  }
  const auto time_column = find_time_column(layout, contents);
  if (!time_column) {
    why = "no column holds timestamps";
    return std::nullopt;
  }
  layout.time_column = *time_column;
  const auto has = [&](Role role) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (i == *time_column || role_of(header[i]) != role) continue;
      if ((role == Role::kValue) == mostly(contents[i].numbers, contents[i].present)) return true;
    }
    return false;
  };
  layout.long_format = has(Role::kMetricName) && has(Role::kValue);
  bool numeric = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    CsvColumn& column = layout.columns[i];
    if (i == *time_column) {
      column.role = Role::kTime;
      continue;
    }
    const bool numbers = contents[i].present == 0 || mostly(contents[i].numbers, contents[i].present);
    const auto named = role_of(column.header);
    const bool of_long =
        named == Role::kMetricName || named == Role::kValue || named == Role::kUnit || named == Role::kStatistic;
    if (named && *named != Role::kTime && (*named == Role::kValue || !numbers) && (layout.long_format || !of_long)) {
      column.role = *named;
      numeric = numeric || *named == Role::kValue;
    } else if (column.header.empty() || named == Role::kTime) {
      column.role = Role::kIgnored;  // A row number, or a second time.
    } else if (numbers) {
      column.role = layout.long_format ? Role::kIgnored : Role::kSeries;
      numeric = numeric || contents[i].present > 0;
    } else {
      column.role = Role::kDimension;
    }
  }
  if (!numeric) {
    why = "no column holds numbers";
    return std::nullopt;
  }
  split_entities(layout);
  return layout;
}

}  // namespace fa
