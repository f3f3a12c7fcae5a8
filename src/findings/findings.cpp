#include "findings/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "findings/model_explain.h"
#include "findings/phrases.h"
#include "redact/redact.h"

namespace fa::findings {
namespace {

/// What came of the sources, before anything is decided.
struct Gathered {
  std::vector<SecurityFinding> findings;
  std::set<Service> incomplete;
};

Result<Gathered> gather_live(const FindingsRequest& request, const AwsWorldAccess& world, FindingsReport& report,
                             const Context& context) {
  FindingPool pool(request.most);
  auto live = fetch_findings(
      request.live, request.filter, request.language, request.most, world,
      [&](SecurityFinding&& finding) { pool.add(std::move(finding)); }, context);
  if (!live) return tl::unexpected(live.error());
  report.now = world.clock.now();
  report.sources = std::move(live->sources);
  report.gaps = std::move(live->gaps);
  report.asked_regions = std::move(live->regions);
  report.merged = pool.merged();
  Gathered gathered{{}, std::move(live->incomplete)};
  if (const std::uint64_t beyond = pool.beyond() + live->beyond; beyond > 0) {
    gathered.incomplete = {Service::kSecurityHub, Service::kGuardDuty};
    report.gaps.push_back({"Security Hub, GuardDuty",
                           {},
                           say(request.language, Phrase::kGapBeyond, beyond, request.most),
                           std::string(phrase(Phrase::kGapBeyondImpact, request.language))});
  }
  gathered.findings = pool.take();
  return gathered;
}

/// Nothing but the bytes decides: "now" is the newest time that stands in the files.
TimePoint newest_time(const std::vector<SecurityFinding>& findings) {
  TimePoint newest = kNoTime;
  for (const SecurityFinding& f : findings) {
    newest = std::max({newest, f.updated.value_or(kNoTime), f.last_seen.value_or(kNoTime)});
  }
  return newest == kNoTime ? TimePoint{} : newest;
}

Result<Gathered> gather_files(const FindingsRequest& request, FindingsReport& report, const Context& context) {
  FindingPool pool(request.most);
  FileFindings read = read_finding_files(
      request.files, request.language, [&](SecurityFinding&& finding) { pool.add(std::move(finding)); }, context);
  if (context.stop.stop_requested()) return fail(ErrorCode::kCancelled, "Reading the findings was interrupted.");
  report.sources = std::move(read.sources);
  report.gaps = std::move(read.gaps);
  report.files = request.files;
  report.merged = pool.merged();
  Gathered gathered;
  if (!report.gaps.empty()) gathered.incomplete = {Service::kSecurityHub, Service::kGuardDuty};
  if (pool.beyond() > 0) {
    gathered.incomplete = {Service::kSecurityHub, Service::kGuardDuty};
    report.gaps.push_back({fmt::format("{}", fmt::join(request.files, ", ")),
                           {},
                           say(request.language, Phrase::kGapBeyond, pool.beyond(), request.most),
                           std::string(phrase(Phrase::kGapBeyondImpact, request.language))});
  }
  gathered.findings = pool.take();
  if (gathered.findings.empty()) {
    std::string why = "No security finding was found in what was given.";
    for (const Gap& gap : report.gaps) why += fmt::format("\n  {}: {}", gap.source, gap.error);
    why += "\nGive JSON of `aws securityhub get-findings` or `aws guardduty get-findings`, ASFF or EventBridge events.";
    return fail(ErrorCode::kNotFound, std::move(why));
  }
  report.now = newest_time(gathered.findings);
  return gathered;
}

/// Secrets that stand in the words of a finding are nobody's business; names and addresses are what it is about.
constexpr RedactionPolicy kSecretsOnly = {false, RedactionPolicy::Addresses::kKeep};

std::vector<SecurityFinding> select(std::vector<SecurityFinding>&& all, FindingsReport& report, Redactor& redactor) {
  std::erase_if(all, [&](const SecurityFinding& finding) {
    const auto why = why_left_out(finding, report.filter, report.now);
    if (why) ++report.left_out.at(static_cast<std::size_t>(*why));
    return why.has_value();
  });
  for (SecurityFinding& finding : all) finding.title = redactor.redact(finding.title);
  return std::move(all);
}

void count(const std::vector<SecurityFinding>& findings, FindingsReport& report) {
  std::set<std::string> accounts;
  std::set<std::string> regions;
  std::set<std::string> resources;
  report.findings = findings.size();
  for (const SecurityFinding& f : findings) {
    ++report.by_product[f.product].at(static_cast<std::size_t>(f.severity));
    if (!f.account.empty()) accounts.insert(f.account);
    if (!f.region.empty()) regions.insert(f.region);
    for (const Resource& resource : f.resources) resources.insert(f.account + ' ' + resource.id);
    if (f.first_seen) report.first_seen = std::min(report.first_seen.value_or(*f.first_seen), *f.first_seen);
    if (const auto newest = f.newest()) report.last_seen = std::max(report.last_seen.value_or(*newest), *newest);
  }
  report.accounts.assign(accounts.begin(), accounts.end());
  report.regions.assign(regions.begin(), regions.end());
  report.resources = resources.size();
}

/// The rest of the words that are shown; of many findings with one cause only these are.
void redact(Group& group, Redactor& redactor) {
  for (std::string* words : {&group.description, &group.remedy_text}) *words = redactor.redact(*words);
}

Explanation of_product(const Group& group) {
  Explanation explanation;
  const bool has_words = !group.remedy_text.empty() || !group.remedy_url.empty();
  explanation.by = has_words ? Explanation::By::kProduct : Explanation::By::kNobody;
  explanation.url = documentation_url(group.cause);
  return explanation;
}

void explain(FindingsReport& report, llm::ChatModel* model, const Context& context) {
  std::vector<ExplainedGroup*> unknown;
  for (ExplainedGroup& explained : report.groups) {
    const auto built_in = built_in_explanation(explained.group.cause, report.language);
    explained.explanation = built_in ? *built_in : of_product(explained.group);
    // A family says what kind it is; the model may say what this very one is.
    if (!built_in || built_in->by == Explanation::By::kFamily) unknown.push_back(&explained);
  }
  if (model == nullptr || unknown.empty()) return;
  report.model = model->name();
  std::vector<const Group*> groups;
  for (const ExplainedGroup* explained : unknown) groups.push_back(&explained->group);
  ModelExplanations given = explain_by_model(groups, report.language, *model, context);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (!given.explanations.at(i)) continue;
    given.explanations.at(i)->url = unknown[i]->explanation.url;
    unknown[i]->explanation = std::move(*given.explanations.at(i));
  }
  if (!given.problem.empty()) {
    report.gaps.push_back({report.model,
                           {},
                           say(report.language, Phrase::kGapModel, given.problem),
                           std::string(phrase(Phrase::kGapModelImpact, report.language))});
  }
}

void compare_with_last(const std::string& last, const State& now, const std::set<Service>& incomplete,
                       FindingsReport& report) {
  report.compared = true;
  if (last.empty()) return;
  const auto state = read_state(last);
  if (!state) {
    report.state_problem = state.error().message;
    return;
  }
  report.changes = compare(*state, now, incomplete);
  std::set<std::string_view> fresh;
  for (const Change& change : report.changes->appeared) fresh.insert(change.id);
  for (ExplainedGroup& explained : report.groups) {
    explained.appeared =
        static_cast<std::uint64_t>(std::count_if(explained.group.ids.begin(), explained.group.ids.end(),
                                                 [&](const std::string& id) { return fresh.contains(id); }));
  }
}

}  // namespace

std::string criteria_text(const Filter& filter, Language language) {
  const bool ja = language == Language::kJapanese;
  std::vector<std::string> parts;
  const std::string_view least = severity_word(filter.least, language);
  parts.push_back(ja ? fmt::format("重要度 {} 以上", least)
                     : fmt::format("severity {} or higher", severity_name(filter.least)));
  if (!filter.workflows.empty()) {
    parts.push_back(fmt::format("{} {}", ja ? "ワークフロー" : "workflow", fmt::join(filter.workflows, ", ")));
  }
  parts.emplace_back(filter.archived ? (ja ? "アーカイブ済みを含む" : "archived ones too")
                                     : (ja ? "アクティブのみ" : "active only"));
  if (filter.passed) parts.emplace_back(ja ? "合格したチェックを含む" : "passed checks too");
  if (filter.samples) parts.emplace_back(ja ? "サンプルを含む" : "samples too");
  if (filter.days) {
    parts.push_back(ja ? fmt::format("過去 {} 日", *filter.days) : fmt::format("of the last {} days", *filter.days));
  } else {
    parts.push_back(ja ? fmt::format("GuardDuty は過去 {} 日", kGuardDutyDays)
                       : fmt::format("GuardDuty's of the last {} days", kGuardDutyDays));
  }
  return fmt::format("{}", fmt::join(parts, ja ? "、" : "; "));
}

Result<FindingsRun> run_findings(const FindingsRequest& request, const AwsWorldAccess* world, llm::ChatModel* model,
                                 const Context& context) {
  FindingsRun run;
  FindingsReport& report = run.report;
  report.language = request.language;
  report.time_zone = request.time_zone;
  report.filter = request.filter;
  report.live = request.files.empty();
  if (report.live && world == nullptr) return fail(ErrorCode::kInternal, "Live findings need the world.");

  auto gathered = report.live ? gather_live(request, *world, report, context) : gather_files(request, report, context);
  if (!gathered) return tl::unexpected(gathered.error());
  Redactor redactor(kSecretsOnly);
  const std::vector<SecurityFinding> findings = select(std::move(gathered->findings), report, redactor);
  count(findings, report);
  for (Group& group : group_findings(findings, report.now)) {
    redact(group, redactor);
    report.groups.push_back({std::move(group), {}, 0});
  }
  explain(report, model, context);
  const State state = state_of(findings, report.now, criteria_text(report.filter, Language::kEnglish));
  if (request.last) compare_with_last(*request.last, state, gathered->incomplete, report);
  run.state = state_text(state);
  return run;
}

}  // namespace fa::findings
