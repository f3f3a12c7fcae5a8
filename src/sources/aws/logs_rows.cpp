#include "sources/aws/logs_rows.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "sources/aws/logs_origin.h"
#include "sources/aws/logs_patterns.h"

namespace fa::logs {
namespace {

/// Failing lines of one group and period, where the group cannot be mined.
constexpr std::size_t kMostFailures = 50'000;
constexpr std::size_t kHydrateThreads = 4;  ///< GetLogRecord: 10 calls a second.

std::string* field_of(std::vector<std::pair<std::string, std::string>>& row, std::string_view name) {
  const auto it = std::find_if(row.begin(), row.end(), [&](const auto& cell) { return cell.first == name; });
  return it == row.end() ? nullptr : &it->second;
}

/// The answer in the service's form, from its rows.
std::string answer_json(const aws::logs::QueryResults& results) {
  Json rows = Json::array();
  for (const auto& row : results.rows) {
    Json cells = Json::array();
    for (const auto& [field, value] : row) {
      cells.push_back({{"field", sanitize_utf8(field)}, {"value", sanitize_utf8(value)}});
    }
    rows.push_back(std::move(cells));
  }
  const Json answer{{"results", std::move(rows)},
                    {"statistics",
                     {{"recordsMatched", results.records_matched},
                      {"recordsScanned", results.records_scanned},
                      {"bytesScanned", results.bytes_scanned}}},
                    {"status", "Complete"}};
  return json_text(answer);
}

}  // namespace

void Hydrator::complete(aws::logs::QueryResults& results, const Context& context) {
  std::vector<std::size_t> cut;
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    const std::string* message = field_of(results.rows[i], "@message");
    if (message != nullptr && message->size() >= kCutLength && field_of(results.rows[i], "@ptr") != nullptr) {
      cut.push_back(i);
    }
  }
  if (cut.empty()) return;
  if (cut.size() > kMostRecords) {
    left_ += cut.size() - kMostRecords;
    cut.resize(kMostRecords);
  }
  std::atomic<bool> changed{false};
  for_each_parallel(cut.size(), kHydrateThreads, [&](std::size_t i) {
    auto& row = results.rows[cut[i]];
    Result<std::map<std::string, std::string>> record = [&]() -> Result<std::map<std::string, std::string>> {
      if (auto may = take_call(work_.scope); !may) return tl::unexpected(may.error());
      return aws::logs::get_log_record(work_.scope.client, *field_of(row, "@ptr"), context);
    }();
    if (!record) {
      ++failed_;
      const std::lock_guard lock(mutex_);
      if (error_.empty()) error_ = record.error().message;
      return;
    }
    std::string& message = *field_of(row, "@message");
    const auto whole = record->find("@message");
    if (whole == record->end() || whole->second.size() <= message.size()) return;
    message = whole->second;
    changed = true;
  });
  if (changed) results.raw = answer_json(results);
}

void Hydrator::finish() const {
  const std::string source(kSourceName);
  if (left_ > 0) {
    work_.folder.add_note(source,
                          fmt::format("{} long messages may be cut near {} characters, as Logs Insights returned "
                                      "them; the first {} of an answer were fetched whole (GetLogRecord).",
                                      format_count(left_), format_count(kCutLength), format_count(kMostRecords)));
  }
  if (failed_ > 0) {
    const std::lock_guard lock(mutex_);
    work_.folder.add_gap({source, work_.scope.window,
                          fmt::format("{} long messages could not be fetched whole: {}", format_count(failed_), error_),
                          "They may be cut near 1,000 characters: the end of a stack trace may be missing."});
  }
}

void write_answer(const Work& work, const std::string& name, const Query& query, const CompleteAnswer& answer) {
  if (answer.rows() == 0) return;
  const auto written = [&]() -> Result<void> {
    auto file = work.folder.open(name, CollectedFolder::Storage::kZstd);
    if (!file) return tl::unexpected(file.error());
    for (const CompleteAnswer::Part& part : answer.parts) {
      if (part.results.rows.empty()) continue;
      if (auto ok = (*file)->write(part.results.raw); !ok) return ok;
      if (auto ok = (*file)->write("\n"); !ok) return ok;
    }
    return (*file)->commit(query_origin(work.scope, query.groups, query.range, bounded_query(query), kMostRows));
  }();
  if (!written) {
    work.folder.add_gap(
        {std::string(kSourceName), query.range, written.error().message, "What a query found could not be kept."});
  }
}

void fetch_rows(const Work& work, const std::vector<const Group*>& groups,
                const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods, bool failures_only,
                Hydrator& hydrator, const Context& context) {
  std::string text(kRowFields);
  if (failures_only) text += fmt::format(" | filter @message like /{}/", kFailureRegex);
  text += " | sort @timestamp asc";
  struct Task {
    Query query;
    std::size_t group = 0;
    std::size_t period = 0;
    CompleteAnswer answer;
  };
  std::vector<Task> tasks;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t p = 0; p < periods.size(); ++p) {
      tasks.push_back({{{groups[g]}, periods[p].range, text, volumes[g]->bytes[p]}, g, p, {}});
    }
  }
  const auto threads = static_cast<std::size_t>(std::max(1, work.settings.concurrent_queries));
  for_each_parallel(tasks.size(), threads, [&](std::size_t i) {
    Task& task = tasks[i];
    task.answer = run_complete_query(work.scope, task.query, failures_only ? kMostFailures : 0, context);
    for (auto& part : task.answer.parts) hydrator.complete(part.results, context);
    const Group& group = *groups[task.group];
    write_answer(work, fmt::format("cloudwatch_logs/{}/{}.json", group.directory, range_name(task.query.range)),
                 task.query, task.answer);
    for (auto& part : task.answer.parts) part = {};  // a gigabyte of lines need not stay until the last task is done
  });
  for (const Task& task : tasks) {
    report_missing(work, groups[task.group]->shown(), periods[task.period], task.answer.missing);
  }
}

}  // namespace fa::logs
