#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/text.h"
#include "investigate/tool_support.h"

namespace fa::tools {
namespace {

constexpr std::size_t kDefaultGroups = 15;
constexpr std::size_t kMaxGroups = 50'000;
constexpr std::size_t kMaxGroupName = 200;
constexpr std::string_view kOtherGroups = "(others)";  ///< Beyond kMaxGroups.

/// The same numbers for the range asked for and for the baseline.
struct AccessCount {
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed = 0;
  double seconds = 0;
  double slowest = 0;

  void add(const AccessRecord& r) {
    requests += r.occurrences;
    if (r.status >= 500) failed += r.occurrences;
    if (r.total_seconds < 0) return;
    timed += r.occurrences;
    seconds += r.total_seconds * static_cast<double>(r.occurrences);
    slowest = std::max(slowest, r.total_seconds);
  }
  void merge(const AccessCount& other) {
    requests += other.requests;
    failed += other.failed;
    timed += other.timed;
    seconds += other.seconds;
    slowest = std::max(slowest, other.slowest);
  }
};

/// Where one request stands.
struct AccessPlace {
  std::uint32_t file = 0;
  BytePosition position;
  TimePoint time = kNoTime;
  std::string entity;
  bool failed = false;

  /// Failed requests are the better example, then earlier ones.
  [[nodiscard]] bool before(const AccessPlace& other) const {
    return std::tuple(!failed, time, file, position.offset) <
           std::tuple(!other.failed, other.time, other.file, other.position.offset);
  }
};

struct AccessGroup {
  AccessCount range;
  AccessCount baseline;
  std::optional<AccessPlace> example;
};

enum class GroupBy { kStatus, kTarget, kPath, kClient, kMethod, kMinute, kHost };

constexpr std::array<std::pair<std::string_view, GroupBy>, 7> kGroupings = {{{"status", GroupBy::kStatus},
                                                                             {"target", GroupBy::kTarget},
                                                                             {"path", GroupBy::kPath},
                                                                             {"client", GroupBy::kClient},
                                                                             {"method", GroupBy::kMethod},
                                                                             {"minute", GroupBy::kMinute},
                                                                             {"host", GroupBy::kHost}}};

/// `10.0.1.7:8080` without its port.
std::string_view host_of(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || address.find(':') != colon) {  // None, or IPv6 without brackets.
    return address.starts_with('[') && colon != std::string_view::npos ? address.substr(0, colon) : address;
  }
  return address.substr(0, colon);
}

std::string group_of(GroupBy by, const AccessRecord& r) {
  const auto named = [](std::string_view text) {
    return text.empty() ? std::string("-") : std::string(utf8_prefix(text, kMaxGroupName));
  };
  switch (by) {
    case GroupBy::kStatus:
      return r.status > 0 ? std::to_string(r.status) : "-";
    case GroupBy::kTarget:
      return named(r.target.empty() ? r.target_group : r.target);
    case GroupBy::kPath:
      return named(r.path);
    case GroupBy::kClient:
      return named(host_of(r.client));
    case GroupBy::kMethod:
      return named(r.method);
    case GroupBy::kHost:
      return named(host_of(r.target));
    case GroupBy::kMinute:
      return r.time == kNoTime ? "-" : format_rfc3339(std::chrono::floor<std::chrono::minutes>(r.time));
  }
  return {};
}

struct AccessQuestion {
  GroupBy by = GroupBy::kStatus;
  std::string entity;
  bool only_failed = false;
  TimeRange range;
  TimeRange baseline;
};

class AccessGroups final : public TelemetrySink {
 public:
  AccessGroups(std::uint32_t file, const AccessQuestion& question) : file_(file), question_(question) {}

  void on_access(std::span<const AccessRecord> records) override {
    for (const AccessRecord& r : records) {
      const bool in_range = r.time != kNoTime && question_.range.contains(r.time);
      // Minutes of the baseline are no groups of the range: there is nothing to set them against.
      const bool in_baseline =
          r.time != kNoTime && question_.by != GroupBy::kMinute && question_.baseline.contains(r.time);
      if (!in_range && !in_baseline) continue;
      const bool failed = r.status >= 500;
      if (question_.only_failed && !failed) continue;
      if (!question_.entity.empty() && r.entity != question_.entity && r.target_group != question_.entity &&
          r.target != question_.entity) {
        continue;
      }
      AccessGroup& group = of(group_of(question_.by, r));
      if (in_baseline) group.baseline.add(r);
      if (!in_range) continue;
      group.range.add(r);
      AccessPlace place{file_, r.position, r.time, {}, failed};
      if (group.example && !place.before(*group.example)) continue;
      place.entity = r.target_group.empty() ? (r.target.empty() ? r.entity : r.target) : r.target_group;
      group.example = std::move(place);
    }
  }

  void merge(const AccessGroups& other) {
    for (const auto& [name, from] : other.groups) {
      AccessGroup& to = of(name);
      to.range.merge(from.range);
      to.baseline.merge(from.baseline);
      if (from.example && (!to.example || from.example->before(*to.example))) to.example = from.example;
    }
  }

  std::map<std::string, AccessGroup, std::less<>> groups;

 private:
  AccessGroup& of(const std::string& name) {
    const auto it = groups.find(name);
    if (it != groups.end()) return it->second;
    return groups[groups.size() < kMaxGroups ? name : std::string(kOtherGroups)];
  }

  std::uint32_t file_;
  const AccessQuestion& question_;
};

JsonWriter access_members(const AccessCount& c) {
  JsonWriter out;
  out.count("requests", c.requests).count("failed", c.failed);
  if (c.timed > 0) {
    out.number("mean_s", c.seconds / static_cast<double>(c.timed)).number("max_s", c.slowest);
  }
  return out;
}

Result<Answer> access_breakdown(const Call& call) {
  const Study& study = call.world.study;
  AccessQuestion question;
  const std::string& by = *call.arguments.text("by");
  for (const auto& [name, grouping] : kGroupings) {
    if (name == by) question.by = grouping;
  }
  auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  question.entity = std::move(*entity);
  question.only_failed = call.arguments.flag("only_failed");
  const auto range = range_of(call, study.digest.periods.window());
  if (!range) return tl::unexpected(range.error());
  question.range = *range;
  question.baseline = study.digest.periods.baseline();
  AccessGroups all(0, question);
  RereadScope scope;
  scope.records = RereadScope::Records::kAccess;
  scope.ranges = {question.range, question.baseline};
  const RereadAccount account = reread(
      study, scope, [&](std::uint32_t file) { return std::make_unique<AccessGroups>(file, question); },
      [&](std::uint32_t, TelemetrySink& sink) { all.merge(static_cast<AccessGroups&>(sink)); }, call.context);

  Answer answer(call);
  answer.range = question.range;
  std::vector<std::pair<std::string, AccessGroup>> order;
  AccessCount total;
  for (auto& [name, group] : all.groups) {
    if (group.range.requests == 0) continue;
    total.merge(group.range);
    order.emplace_back(name, std::move(group));
  }
  answer.total = order.size();
  answer.extra.count("requests", total.requests).count("failed", total.failed);
  if (auto told = tell_account(account, answer); !told) return tl::unexpected(told.error());
  const std::size_t limit = call.arguments.count("limit", question.by == GroupBy::kMinute ? 60 : kDefaultGroups);
  if (question.by != GroupBy::kMinute) {
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.second.range.failed, a.second.range.requests) >
             std::tuple(b.second.range.failed, b.second.range.requests);
    });
  }
  std::string key = "tool:access_breakdown:" + call.arguments.asked();
  if (account.stopped) key += ":partial";
  std::vector<EvidenceRow> rows;
  for (const auto& [name, group] : order) {
    if (rows.size() == limit) break;
    EvidenceRow row;
    const AccessPlace& example = *group.example;
    row.evidence = evidence_at(call.world, EvidenceKind::kLog, example.file, example.position, example.time,
                               example.entity, key + ":" + name);
    if (!account.stopped) {
      row.evidence.facts = {{"requests_range", static_cast<double>(group.range.requests), "requests"},
                            {"failed_range", static_cast<double>(group.range.failed), "requests"},
                            {"requests_baseline", static_cast<double>(group.baseline.requests), "requests"},
                            {"failed_baseline", static_cast<double>(group.baseline.failed), "requests"}};
      if (group.range.timed > 0) {
        row.evidence.facts.push_back({"mean_range", group.range.seconds / static_cast<double>(group.range.timed), "s"});
        row.evidence.facts.push_back({"max_range", group.range.slowest, "s"});
      }
      if (group.baseline.timed > 0) {
        row.evidence.facts.push_back(
            {"mean_baseline", group.baseline.seconds / static_cast<double>(group.baseline.timed), "s"});
      }
    }
    row.members.text(by, name).append(access_members(group.range));
    if (question.by != GroupBy::kMinute) row.members.raw("baseline", access_members(group.baseline).object());
    rows.push_back(std::move(row));
  }
  answer.truncated = answer.truncated || answer.total > rows.size();
  show_rows(call, rows, answer);
  return answer;
}

}  // namespace

Tool access_breakdown_tool() {
  std::vector<std::string_view> groupings;
  for (const auto& [name, unused] : kGroupings) groupings.push_back(name);
  return {"access_breakdown",
          {{.name = "by", .type = ParameterType::kChoice, .required = true, .choices = groupings},
           {.name = "entity", .max_bytes = 300},
           {.name = "only_failed", .type = ParameterType::kFlag},
           {.name = "from", .type = ParameterType::kTime},
           {.name = "to", .type = ParameterType::kTime},
           {.name = "limit", .type = ParameterType::kCount, .most = 60}},
          &access_breakdown};
}

}  // namespace fa::tools
