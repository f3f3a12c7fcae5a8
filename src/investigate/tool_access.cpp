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

  /// Times are those of failed requests alone where these are what is asked for.
  void add(const AccessRecord& r, bool only_failed) {
    const bool is_failed = r.status >= 500;
    requests += r.occurrences;
    if (is_failed) failed += r.occurrences;
    if (r.total_seconds < 0 || (only_failed && !is_failed)) return;
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
  bool failed = false;

  /// Failed requests are the better example, then earlier ones.
  [[nodiscard]] bool before(const AccessPlace& other) const {
    return std::tuple(!failed, time, file, position.offset) <
           std::tuple(!other.failed, other.time, other.file, other.position.offset);
  }
};

/// One name, as long as there is only one.
class OnlyName {
 public:
  void add(std::string_view name) {
    if (!name_) name_ = name;
    several_ = several_ || *name_ != name;
  }
  void merge(const OnlyName& other) {
    if (other.name_) add(*other.name_);
    several_ = several_ || other.several_;
  }
  [[nodiscard]] std::string text() const { return several_ ? std::string() : name_.value_or(""); }

 private:
  std::optional<std::string> name_;
  bool several_ = false;
};

struct AccessGroup {
  AccessCount range;
  AccessCount baseline;
  OnlyName target;  ///< As the digest names it: group, else address.
  OnlyName proxy;
  std::optional<AccessPlace> example;

  void merge(const AccessGroup& other) {
    range.merge(other.range);
    baseline.merge(other.baseline);
    target.merge(other.target);
    proxy.merge(other.proxy);
    if (other.example && (!example || other.example->before(*example))) example = other.example;
  }
  /// Who the numbers are about, as findings on access logs have it: the target, or the proxy of several.
  [[nodiscard]] std::string entity() const {
    std::string name = target.text();
    return name.empty() ? proxy.text() : name;
  }
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
      const bool in_baseline = r.time != kNoTime && question_.baseline.contains(r.time);
      if (!in_range && !in_baseline) continue;
      if (!question_.entity.empty() && r.entity != question_.entity && r.target_group != question_.entity &&
          r.target != question_.entity) {
        continue;
      }
      add(total, r, in_range, in_baseline);
      // Minutes of the baseline are no groups of the range: there is nothing to set them against.
      const bool of_group = in_baseline && question_.by != GroupBy::kMinute;
      if (in_range || of_group) add(of(group_of(question_.by, r)), r, in_range, of_group);
    }
  }

  void merge(const AccessGroups& other) {
    for (const auto& [name, from] : other.groups) of(name).merge(from);
    total.merge(other.total);
    incomplete = incomplete || other.incomplete;
  }

  std::map<std::string, AccessGroup, std::less<>> groups;
  AccessGroup total;
  bool incomplete = false;  ///< Not every group was counted by itself.

 private:
  AccessGroup& of(const std::string& name) {
    const auto it = groups.find(name);
    if (it != groups.end()) return it->second;
    incomplete = incomplete || groups.size() >= kMaxGroups;
    return groups[groups.size() < kMaxGroups ? name : std::string(kOtherGroups)];
  }
  void add(AccessGroup& group, const AccessRecord& r, bool in_range, bool in_baseline) const {
    group.target.add(r.target_group.empty() ? r.target : r.target_group);
    group.proxy.add(r.entity);
    if (in_baseline) group.baseline.add(r, question_.only_failed);
    if (!in_range) return;
    group.range.add(r, question_.only_failed);
    const AccessPlace place{file_, r.position, r.time, r.status >= 500};
    if (!group.example || place.before(*group.example)) group.example = place;
  }

  std::uint32_t file_;
  const AccessQuestion& question_;
};

JsonWriter access_members(const AccessCount& c, bool only_failed) {
  JsonWriter out;
  out.count("requests", c.requests).count("failed", c.failed);
  if (c.timed > 0) {
    out.number(only_failed ? "failed_mean_s" : "mean_s", c.seconds / static_cast<double>(c.timed));
    out.number(only_failed ? "failed_max_s" : "max_s", c.slowest);
  }
  return out;
}

void add_access_facts(const AccessCount& c, const std::string& period, bool only_failed, std::vector<Fact>& facts) {
  facts.push_back({"requests_" + period, static_cast<double>(c.requests), "requests"});
  facts.push_back({"failed_" + period, static_cast<double>(c.failed), "requests"});
  if (c.timed == 0) return;
  const std::string what = only_failed ? "failed_" : "";
  facts.push_back({what + "mean_" + period, c.seconds / static_cast<double>(c.timed), "s"});
  facts.push_back({what + "max_" + period, c.slowest, "s"});
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
  for (auto& [name, group] : all.groups) {
    if ((question.only_failed ? group.range.failed : group.range.requests) == 0) continue;
    order.emplace_back(name, std::move(group));
  }
  answer.total = order.size();
  if (auto told = tell_account(account, answer); !told) return tl::unexpected(told.error());
  if (all.incomplete) {
    answer.truncated = true;
    answer.notes.push_back(fmt::format("there are more than {} groups: their counts are lower bounds", kMaxGroups));
  }
  const std::size_t limit = call.arguments.count("limit", question.by == GroupBy::kMinute ? 60 : kDefaultGroups);
  if (question.by != GroupBy::kMinute) {
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.second.range.failed, a.second.range.requests) >
             std::tuple(b.second.range.failed, b.second.range.requests);
    });
  }
  std::string key = "tool:access_breakdown:" + call.arguments.asked();
  if (account.stopped) key += ":partial";
  const bool usual = question.range == study.digest.periods.window();
  // A minute is no measure of the whole window.
  const std::string period = usual && question.by != GroupBy::kMinute ? "window" : "range";
  std::vector<EvidenceRow> rows;
  answer.bytes +=
      access_members(all.total.range, false).size() + access_members(all.total.baseline, false).size() + kTotalIdBytes;
  for (const auto& [name, group] : order) {
    if (rows.size() == limit) break;
    EvidenceRow row;
    const AccessPlace& example = *group.example;
    const std::string about = group.entity();
    row.evidence = evidence_at(call.world, EvidenceKind::kLog, example.file, example.position, example.time, about,
                               key + ":" + name);
    row.sameness = EvidenceBook::Sameness::kNumbers;
    if (!account.stopped && !all.incomplete) {
      add_access_facts(group.range, period, question.only_failed, row.evidence.facts);
      if (question.by != GroupBy::kMinute) {
        add_access_facts(group.baseline, "baseline", question.only_failed, row.evidence.facts);
      }
    }
    row.members.text(by, name).text_unless_empty("entity", about);
    const std::string proxy = group.proxy.text();
    if (proxy != about) row.members.text_unless_empty("proxy", proxy);
    row.members.append(access_members(group.range, question.only_failed));
    if (question.by != GroupBy::kMinute) {
      row.members.raw("baseline", access_members(group.baseline, question.only_failed).object());
    }
    rows.push_back(std::move(row));
  }
  answer.truncated = answer.truncated || answer.total > rows.size();
  const std::vector<std::string> ids = show_rows(call, rows, answer);
  JsonWriter total;
  if (!account.stopped && !ids.empty()) {
    std::vector<Fact> facts;
    add_access_facts(all.total.range, usual ? "window" : "range", question.only_failed, facts);
    if (!question.baseline.empty()) add_access_facts(all.total.baseline, "baseline", question.only_failed, facts);
    total.text_unless_empty("id", add_total(call, ids.front(), all.total.entity(), key + " in all", std::move(facts)));
  }
  total.append(access_members(all.total.range, question.only_failed));
  if (!question.baseline.empty()) {
    total.raw("baseline", access_members(all.total.baseline, question.only_failed).object());
  }
  answer.extra.raw("total", total.object());
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
