#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "base/text.h"
#include "investigate/tool_support.h"
#include "investigate/tool_templates.h"

namespace fa::tools {
namespace {

constexpr std::size_t kDefaultRows = 10;
constexpr int kSearchMemory = 16 << 20;  ///< Of one compiled expression.

/// A record that was found, copied.
struct FoundLog {
  std::uint32_t file = 0;
  BytePosition position;
  TimePoint time = kNoTime;
  Severity severity = Severity::kUnknown;
  std::string service;
  std::string trace;
  std::string text;
  bool cut = false;
  std::uint64_t occurrences = 1;
};

/// Oldest first, undated ones last.
bool found_before(const FoundLog& a, const FoundLog& b) {
  const auto key = [](const FoundLog& r) {
    return std::tuple(r.time == kNoTime, r.time, r.file, r.position.offset, r.position.length);
  };
  return key(a) < key(b);
}

struct LogFilter {
  std::unique_ptr<RE2> contains;
  std::unique_ptr<RE2> regex;
  std::optional<TemplateMatcher> of_template;
  std::string entity;
  Severity at_least = Severity::kUnknown;
  TimeRange range;
  bool undated = false;            ///< Records without a time count to the range.
  bool of_template_alone = false;  ///< Nothing but template, entity and how many rows to show was asked for.

  [[nodiscard]] bool matches(const LogRecord& r) const {
    if (at_least != Severity::kUnknown && r.severity < at_least) return false;
    if (!entity.empty() && r.service != entity) return false;
    if (contains != nullptr && !found(*contains, r.message) && !found(*contains, r.trace_id) &&
        !found(*contains, r.logger)) {
      return false;
    }
    if (regex != nullptr && !found(*regex, r.message)) return false;
    return !of_template || of_template->matches(r.message);
  }
  [[nodiscard]] bool in_range(TimePoint t) const { return t == kNoTime ? undated : range.contains(t); }

 private:
  static bool found(const RE2& expression, std::string_view text) {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), expression);
  }
};

/// The oldest rows and all counts of one file, or of all.
class FoundLogs final : public TelemetrySink {
 public:
  FoundLogs(std::uint32_t file, const LogFilter& filter, const PeriodClock& periods, std::size_t limit)
      : file_(file), filter_(filter), periods_(periods), limit_(limit) {}

  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records) {
      const bool in_range = filter_.in_range(r.time);
      const Period period = periods_.period(r.time);
      if ((!in_range && period == Period::kOther) || !filter_.matches(r)) continue;
      counts[static_cast<std::size_t>(period)] += r.occurrences;
      found_in(r.service);
      if (!in_range) continue;
      total += r.occurrences;
      ++records_found;
      keep(r);
    }
  }

  void merge(FoundLogs& other) {
    for (std::size_t p = 0; p < kPeriodCount; ++p) counts[p] += other.counts[p];
    total += other.total;
    records_found += other.records_found;
    if (other.service) found_in(*other.service);
    several_services = several_services || other.several_services;
    for (FoundLog& row : other.rows) insert(std::move(row));
  }

  std::vector<FoundLog> rows;  ///< Sorted.
  std::array<std::uint64_t, kPeriodCount> counts{};
  std::uint64_t total = 0;
  std::uint64_t records_found = 0;
  std::optional<std::string> service;  ///< Of the first record that was counted.
  bool several_services = false;

  /// Who all the numbers are about; empty where they are about several.
  [[nodiscard]] std::string entity() const { return several_services ? std::string() : service.value_or(""); }

 private:
  void found_in(std::string_view name) {
    if (!service) service = name;
    several_services = several_services || *service != name;
  }
  void keep(const LogRecord& r) {
    FoundLog row;
    row.file = file_;
    row.position = r.position;
    row.time = r.time;
    if (rows.size() >= limit_ && !found_before(row, rows.back())) return;
    row.severity = r.severity;
    row.service = r.service;
    row.trace = utf8_prefix(r.trace_id, 64);
    row.text = shown_text(r.message, row.cut);
    row.occurrences = r.occurrences;
    insert(std::move(row));
  }
  void insert(FoundLog row) {
    const auto at = std::upper_bound(rows.begin(), rows.end(), row, found_before);
    if (rows.size() >= limit_) {
      if (at == rows.end()) return;
      rows.pop_back();
    }
    rows.insert(std::upper_bound(rows.begin(), rows.end(), row, found_before), std::move(row));
  }

  std::uint32_t file_;
  const LogFilter& filter_;
  const PeriodClock& periods_;
  std::size_t limit_;
};

Result<std::unique_ptr<RE2>> compiled_regex(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kSearchMemory);
  auto regex = std::make_unique<RE2>(pattern, options);
  if (!regex->ok()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("parameter regex: {} (RE2 syntax: no look-around, no back references)", regex->error()));
  }
  return regex;
}

std::unique_ptr<RE2> compiled_words(const std::string& words) {
  RE2::Options options(RE2::Latin1);  // Bytes: logs need not be UTF-8. Only ASCII letters match in both cases.
  options.set_log_errors(false);
  options.set_literal(true);
  const bool ascii =
      std::all_of(words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  options.set_case_sensitive(!ascii);
  options.set_max_mem(kSearchMemory);
  return std::make_unique<RE2>(words, options);
}

Result<LogFilter> log_filter(const Call& call) {
  LogFilter filter;
  const PeriodClock& periods = call.world.study.digest.periods;
  auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  filter.entity = std::move(*entity);
  const auto range = range_of(call, periods.window());
  if (!range) return tl::unexpected(range.error());
  filter.range = *range;
  filter.undated = !call.arguments.has("from") && !call.arguments.has("to");
  if (const std::string* words = call.arguments.text("contains"); words != nullptr && !words->empty()) {
    filter.contains = compiled_words(*words);
  }
  if (const std::string* pattern = call.arguments.text("regex"); pattern != nullptr && !pattern->empty()) {
    auto regex = compiled_regex(*pattern);
    if (!regex) return tl::unexpected(regex.error());
    filter.regex = std::move(*regex);
  }
  if (const std::string* name = call.arguments.text("template")) {
    const auto id = template_named(call.world, "template", *name);
    if (!id) return tl::unexpected(id.error());
    filter.of_template.emplace(call.world.study.digest.logs.templates, *id);
  }
  if (const std::string* word = call.arguments.text("severity")) {
    filter.at_least = severity_of_word(*word).value_or(Severity::kUnknown);
  }
  filter.of_template_alone = filter.of_template && filter.contains == nullptr && filter.regex == nullptr &&
                             filter.at_least == Severity::kUnknown && filter.undated;
  return filter;
}

Result<Answer> search_logs(const Call& call) {
  const Study& study = call.world.study;
  const PeriodClock& periods = study.digest.periods;
  const auto filter = log_filter(call);
  if (!filter) return tl::unexpected(filter.error());
  const std::size_t limit = call.arguments.count("limit", kDefaultRows);
  FoundLogs all(0, *filter, periods, limit);
  RereadScope scope;
  scope.records = RereadScope::Records::kLogs;
  scope.ranges = {filter->range, periods.window()};
  if (!periods.baseline().empty()) scope.ranges.push_back(periods.baseline());
  scope.undated = true;
  const RereadAccount account = reread(
      study, scope, [&](std::uint32_t file) { return std::make_unique<FoundLogs>(file, *filter, periods, limit); },
      [&](std::uint32_t, TelemetrySink& sink) { all.merge(static_cast<FoundLogs&>(sink)); }, call.context);

  Answer answer(call);
  answer.range = filter->range;
  answer.total = all.total;
  answer.truncated = all.records_found > all.rows.size();
  answer.extra.count("in_window", all.counts[static_cast<std::size_t>(Period::kWindow)]);
  answer.extra.count("in_baseline", all.counts[static_cast<std::size_t>(Period::kBaseline)]);
  if (auto told = tell_account(account, answer); !told) return tl::unexpected(told.error());

  // A count of a part is no fact.
  std::vector<Fact> facts;
  if (!account.stopped) {
    facts = {{"count_window", static_cast<double>(all.counts[static_cast<std::size_t>(Period::kWindow)]), "lines"},
             {"count_baseline", static_cast<double>(all.counts[static_cast<std::size_t>(Period::kBaseline)]), "lines"}};
    if (!filter->undated) facts.push_back({"count_range", static_cast<double>(all.total), "lines"});
  }
  // Numbers of a template of one service are those of each of its records; others are about the answer alone.
  const bool of_each = filter->of_template_alone && !all.several_services;
  const std::string key = "tool:search_logs:" + call.arguments.asked();
  if (!of_each) answer.bytes += kTotalIdBytes;
  std::vector<EvidenceRow> rows;
  for (FoundLog& found : all.rows) {
    EvidenceRow row;
    row.evidence = evidence_at(call.world, EvidenceKind::kLog, found.file, found.position, found.time, found.service,
                               "tool:search_logs");
    if (of_each) row.evidence.facts = facts;
    row.evidence.excerpt = std::move(found.text);
    row.members.time("time", found.time).text("entity", found.service);
    row.members.text_unless_empty("severity", severity_word(found.severity));
    row.members.text_unless_empty("trace", found.trace);
    if (found.occurrences > 1) row.members.count("occurrences", found.occurrences);
    row.show_text = true;
    row.text_cut = found.cut;
    rows.push_back(std::move(row));
  }
  const std::vector<std::string> ids = show_rows(call, rows, answer);
  if (!of_each && !facts.empty() && !ids.empty()) {
    const std::string id = add_total(call, ids.front(), all.entity(), key, std::move(facts));
    if (!id.empty()) answer.extra.text("total_id", id);
  }
  return answer;
}

}  // namespace

Tool search_logs_tool() {
  return {"search_logs",
          {{.name = "contains", .max_bytes = 300},
           {.name = "regex", .max_bytes = 500},
           {.name = "template", .max_bytes = 100},
           {.name = "entity", .max_bytes = 300},
           {.name = "severity",
            .type = ParameterType::kChoice,
            .choices = {"trace", "debug", "info", "warn", "error", "fatal"}},
           {.name = "from", .type = ParameterType::kTime},
           {.name = "to", .type = ParameterType::kTime},
           {.name = "limit", .type = ParameterType::kCount, .most = 50}},
          &search_logs};
}

}  // namespace fa::tools
