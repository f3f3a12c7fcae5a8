#include "sources/aws/athena_sql.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "formats/alb_counts.h"
#include "formats/cloudtrail_rows.h"
#include "sources/aws/s3_key_plan.h"

namespace fa {
namespace {

constexpr std::size_t kMostDays = 1'000;

/// A name between double quotes. Only letters, digits, `_` and `-` (databases of crawlers have it) are let through, so
/// that nothing can end the quotes.
Result<std::string> quoted(std::string_view name, std::string_view setting) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.empty() || name.size() > 255 || !std::all_of(name.begin(), name.end(), allowed)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}: \"{}\" is no name of a database, table or column: those have letters, digits, '_' and "
                            "'-' only. Nothing was asked.",
                            setting, visible(utf8_prefix(name, 80))));
  }
  return fmt::format("\"{}\"", name);
}

std::string literal(std::string_view value) { return fmt::format("'{}'", value); }

/// Puts a statement together, a value and its `?` at a time.
class Builder {
 public:
  Builder(const AthenaSettings& settings, const AthenaTable& table, const std::vector<TimeRange>& ranges)
      : settings_(settings), table_(table), ranges_(joined(ranges)), days_(day_folders(stamps_for(ranges_))) {}

  /// Checks everything that the user named.
  Result<void> prepare() {
    const std::size_t dot = table_.table.find('.');
    std::string_view name = table_.table;
    std::string_view database = settings_.database;
    if (dot != std::string::npos) {
      database = std::string_view(table_.table).substr(0, dot);
      name.remove_prefix(dot + 1);
    }
    auto table = quoted(name, "aws.athena.tables.table");
    if (!table) return tl::unexpected(table.error());
    from_ = std::move(*table);
    // A dot with nothing before it names no database: it must not fall back to none in silence.
    if (dot != std::string::npos || !database.empty()) {
      auto in = quoted(database, dot == std::string::npos ? "aws.athena.database" : "aws.athena.tables.table");
      if (!in) return tl::unexpected(in.error());
      from_ = *in + "." + from_;
    }
    if (ranges_.empty()) return fail(ErrorCode::kInvalidInput, "There is no time to look at: the window is empty.");
    if (days_.size() > kMostDays) {
      return fail(ErrorCode::kLimit,
                  fmt::format("The study covers {} days; one query may cover {}.", days_.size(), kMostDays));
    }
    sql_.table = (database.empty() ? "" : std::string(database) + ".") + std::string(name);
    return make_partitions();
  }

  [[nodiscard]] const std::string& from() const { return from_; }

  /// The partitions of the study's days: without them a query reads the table from its first day on.
  [[nodiscard]] std::string partitions() {
    for (std::string& value : partition_values_) sql_.parameters.push_back(std::move(value));
    return partitions_;
  }

  /// `column` is text of the form that `spell` gives times.
  [[nodiscard]] std::string times(std::string_view column, std::string (*spell)(TimePoint)) {
    std::string text;
    for (const TimeRange& range : ranges_) {
      text += fmt::format("{}({} >= ? AND {} < ?)", text.empty() ? "" : " OR ", column, column);
      sql_.parameters.push_back(literal(spell(range.begin)));
      sql_.parameters.push_back(literal(spell(range.end)));
    }
    return "(" + text + ")";
  }

  /// One row more than may be used: then it shows that there were more.
  [[nodiscard]] std::int64_t limit() const { return std::int64_t{std::max(settings_.rows_limit, 1)} + 1; }

  AthenaSql finish(std::string text, std::span<const std::string_view> columns) {
    sql_.text = std::move(text);
    sql_.columns = columns;
    return std::move(sql_);
  }

 private:
  Result<void> make_partitions() {
    if (table_.partitioning == "none") {
      partitions_ = "TRUE";
      return {};
    }
    sql_.days = days_.size();
    if (table_.partitioning == "projection") {
      auto column = quoted(table_.partition_column, "aws.athena.tables.partition_column");
      if (!column) return tl::unexpected(column.error());
      for (const std::string& day : days_) {
        partitions_ += partitions_.empty() ? "?" : ", ?";
        partition_values_.push_back(literal(day));
      }
      partitions_ = fmt::format("{} IN ({})", *column, partitions_);
      return {};
    }
    if (table_.partitioning == "year_month_day") {
      for (const std::string& day : days_) {
        partitions_ += partitions_.empty() ? "" : " OR ";
        partitions_ += "(\"year\" = ? AND \"month\" = ? AND \"day\" = ?)";
        for (const std::string_view part : split(day, '/')) partition_values_.push_back(literal(part));
      }
      partitions_ = "(" + partitions_ + ")";
      return {};
    }
    return fail(ErrorCode::kInvalidInput,
                fmt::format("aws.athena.tables.partitioning: \"{}\" is none of projection, year_month_day and none.",
                            visible(utf8_prefix(table_.partitioning, 80))));
  }

  const AthenaSettings& settings_;
  const AthenaTable& table_;
  std::vector<TimeRange> ranges_;
  std::vector<std::string> days_;
  std::string from_;
  std::string partitions_;
  std::vector<std::string> partition_values_;
  AthenaSql sql_;
};

/// `2026-03-14T08:30:00.000000Z`, the form of ALB logs; compared as text.
std::string with_microseconds(TimePoint time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time - second).count();
  std::string text = format_rfc3339(second);
  text.pop_back();
  return fmt::format("{}.{:06}Z", text, micros);
}

/// Whole seconds, which is what the times of CloudTrail have: those that the ranges touch.
std::vector<TimeRange> whole_seconds(std::vector<TimeRange> ranges) {
  for (TimeRange& range : ranges) {
    range.begin = std::chrono::floor<std::chrono::seconds>(range.begin);
    range.end = std::chrono::ceil<std::chrono::seconds>(range.end);
  }
  return ranges;
}

}  // namespace

Result<AthenaSql> alb_counts_sql(const AthenaSettings& settings, const AthenaTable& table,
                                 const std::vector<TimeRange>& ranges) {
  Builder build(settings, table, ranges);
  if (auto ok = build.prepare(); !ok) return tl::unexpected(ok.error());
  // The order of these two is the order of the `?` in the text. -1 stands where a phase never ended (no target, a
  // timeout, the client gone): then only the clock tells how long it took, as in the reader of the logs themselves.
  const std::string partitions = build.partitions();
  const std::string times = build.times("asked_at", with_microseconds);
  std::string text = fmt::format(R"(WITH requests AS (
  SELECT coalesce(nullif(request_creation_time, '-'), "time") AS asked_at,
    elb AS load_balancer,
    CASE WHEN coalesce(target_ip, '-') IN ('', '-') THEN ''
      ELSE target_ip || ':' || coalesce(CAST(target_port AS varchar), '') END AS target,
    coalesce(nullif(target_group_arn, '-'), '') AS target_group,
    elb_status_code AS status,
    coalesce(nullif(target_status_code, '-'), '') AS target_status,
    regexp_replace(coalesce(regexp_extract(request_url, '^[a-z]+://[^/?#]*([^?#]*)', 1), ''),
      '/[^/]*[0-9][0-9][^/]*', '/*') AS path,
    CASE WHEN request_processing_time >= 0 AND target_processing_time >= 0 AND response_processing_time >= 0
      THEN request_processing_time + target_processing_time + response_processing_time
      ELSE greatest(0, date_diff('millisecond', try(from_iso8601_timestamp(request_creation_time)),
        try(from_iso8601_timestamp("time")))) / 1e3 END AS seconds,
    CASE WHEN target_processing_time >= 0 THEN target_processing_time END AS target_seconds,
    received_bytes, sent_bytes, client_ip AS client, trace_id
  FROM {}
  WHERE {}
), told AS (
  SELECT *, status >= 500 AS failed,
    CASE WHEN status >= 500 OR target_group = '' THEN target ELSE '' END AS shown_target,
    CASE WHEN status >= 500 THEN path ELSE '' END AS shown_path
  FROM requests
  WHERE {}
)
SELECT min(asked_at) AS first_time, max(asked_at) AS last_time, load_balancer, shown_target AS target, target_group, status,
  target_status, shown_path AS path, count(*) AS requests, avg(seconds) AS mean_seconds, max(seconds) AS max_seconds,
  avg(target_seconds) AS mean_target_seconds, sum(received_bytes) AS received_bytes, sum(sent_bytes) AS sent_bytes,
  min_by(client, asked_at) AS client, min_by(trace_id, asked_at) AS trace_id
FROM told
GROUP BY substr(asked_at, 1, 16), failed, load_balancer, shown_target, target_group, status, target_status, shown_path,
  floor(2 * log2(greatest(seconds, 1e-3)))
ORDER BY failed DESC, requests DESC, first_time, load_balancer, target_group, shown_target, status, target_status,
  shown_path, mean_seconds
LIMIT {})",
                                 build.from(), partitions, times, build.limit());
  return build.finish(std::move(text), kAlbCountColumns);
}

Result<AthenaSql> cloudtrail_rows_sql(const AthenaSettings& settings, const AthenaTable& table,
                                      const std::vector<TimeRange>& ranges) {
  const std::vector<TimeRange> seconds = whole_seconds(ranges);
  Builder build(settings, table, seconds);
  if (auto ok = build.prepare(); !ok) return tl::unexpected(ok.error());
  const std::string partitions = build.partitions();
  const std::string times = build.times("eventtime", format_rfc3339);
  std::string text = fmt::format(R"(SELECT eventtime, eventsource, eventname, awsregion, sourceipaddress,
  useridentity.type AS user_type, useridentity.arn AS user_arn, useridentity.username AS user_name,
  useridentity.invokedby AS user_invoked_by, useridentity.accountid AS user_account,
  useridentity.principalid AS user_principal, errorcode, errormessage, CAST(readonly AS varchar) AS readonly, eventid,
  requestparameters
FROM {}
WHERE {}
  AND {}
  AND (coalesce(CAST(readonly AS varchar), 'false') <> 'true' OR coalesce(errorcode, '') <> '')
ORDER BY eventtime DESC, eventid
LIMIT {})",
                                 build.from(), partitions, times, build.limit());
  return build.finish(std::move(text), kCloudTrailRowColumns);
}

std::string inlined(const AthenaSql& sql) {
  std::string out;
  char quote = 0;
  std::size_t next = 0;
  for (const char c : sql.text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '?' && next < sql.parameters.size()) {
      out += sql.parameters[next++];
      continue;
    }
    out += c;
  }
  return out;
}

}  // namespace fa
