#include "findings/fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "aws/services/guardduty.h"
#include "aws/services/pages.h"
#include "aws/services/security_hub.h"
#include "findings/phrases.h"
#include "sources/aws/aws_session.h"
#include "sources/aws/source.h"

namespace fa::findings {
namespace {

constexpr std::size_t kThreads = 8;

/// One service of one target.
struct Task {
  Service service = Service::kSecurityHub;
  aws::Client* client = nullptr;
  std::string source;
  SourceCount count;
  std::vector<SecurityFinding> findings;
  std::uint64_t beyond = 0;
  std::optional<Error> failed;  ///< Why the listing ended early, or never began.
  bool off = false;             ///< The service is not enabled: `failed` says so in the report's language.
};

class Fetching {
 public:
  Fetching(const LiveRequest& request, const Filter& filter, Language language, std::size_t most, TimePoint now,
           const Context& context)
      : request_(request), filter_(filter), language_(language), most_(most), now_(now), context_(context) {}

  void run(Task& task) const {
    if (task.service == Service::kSecurityHub) {
      ask_security_hub(task);
    } else {
      ask_guardduty(task);
    }
    task.count.source = task.source;
  }

 private:
  void take(Task& task, const std::string& page) const {
    const ReadCount read = read_findings(page, [&](SecurityFinding&& finding) {
      if (task.findings.size() < most_) {
        task.findings.push_back(std::move(finding));
      } else {
        ++task.beyond;
      }
    });
    task.count.findings += read.read;
    task.count.broken += read.broken;
  }

  /// All pages of one listing: `page` asks for one by its token, and gives the next token.
  template <class Page>
  bool each_page(Task& task, const Page& page) const {
    aws::PageGuard guard(request_.most_pages);
    std::string token;
    for (;;) {
      Result<std::string> next = page(token);
      if (!next) {
        task.failed = std::move(next.error());
        return false;
      }
      if (next->empty()) return true;
      if (auto why = guard.refuse(*next)) {
        task.failed = Error{ErrorCode::kUnavailable, std::move(*why)};
        return false;
      }
      token = std::move(*next);
    }
  }

  bool list_security_hub(Task& task, aws::security_hub::GetFindings asked) const {
    return each_page(task, [&](const std::string& token) -> Result<std::string> {
      asked.next_token = token;
      auto page = aws::security_hub::get_findings(*task.client, asked, context_);
      if (!page) return tl::unexpected(std::move(page.error()));
      take(task, page->raw);
      return std::move(page->next_token);
    });
  }

  void ask_security_hub(Task& task) const {
    aws::security_hub::GetFindings asked;
    if (!filter_.archived) asked.record_states = {"ACTIVE"};
    if (filter_.days) {
      // An hour more: the service's clock may be ahead of ours.
      asked.updated = TimeRange{now_ - std::chrono::hours(24) * *filter_.days, now_ + std::chrono::hours(1)};
    }
    // One listing per severity, the worst first.
    for (int at = static_cast<int>(Severity::kCritical); at >= static_cast<int>(filter_.least); --at) {
      std::string label(severity_name(static_cast<Severity>(at)));
      std::transform(label.begin(), label.end(), label.begin(),
                     [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      asked.severity_labels = {std::move(label)};
      asked.workflow_statuses = filter_.workflows;
      if (list_security_hub(task, asked)) continue;
      if (task.failed->reason == "InvalidAccessException") {
        task.off = true;
        task.failed->message = phrase(Phrase::kGapHubOff, language_);
      }
      return;
    }
    list_closed_threats(task);
  }

  /// GuardDuty tells its findings without the workflow that people gave them in Security Hub.
  void list_closed_threats(Task& task) const {
    aws::security_hub::GetFindings closed;
    closed.product_name = "GuardDuty";
    closed.record_states = {"ACTIVE"};
    for (const char* status : {"SUPPRESSED", "RESOLVED"}) {
      if (!filter_.workflows.empty() &&
          std::find(filter_.workflows.begin(), filter_.workflows.end(), status) == filter_.workflows.end()) {
        closed.workflow_statuses.emplace_back(status);
      }
    }
    if (!closed.workflow_statuses.empty()) list_security_hub(task, std::move(closed));
  }

  Result<std::vector<std::string>> detectors(Task& task) const {
    std::vector<std::string> all;
    const bool complete = each_page(task, [&](const std::string& token) -> Result<std::string> {
      auto page = aws::guardduty::list_detectors(*task.client, token, context_);
      if (!page) return tl::unexpected(std::move(page.error()));
      all.insert(all.end(), page->ids.begin(), page->ids.end());
      return std::move(page->next_token);
    });
    if (!complete) return tl::unexpected(*task.failed);
    const bool none = all.empty();
    std::erase_if(all, [&](const std::string& id) {
      return !request_.detectors.empty() &&
             std::find(request_.detectors.begin(), request_.detectors.end(), id) == request_.detectors.end();
    });
    if (all.empty()) {
      task.off = true;
      const Phrase why = none ? Phrase::kGapGuardDutyOff : Phrase::kGapDetectorMissing;
      return fail(ErrorCode::kNotFound, std::string(phrase(why, language_)));
    }
    return all;
  }

  void ask_guardduty(Task& task) const {
    auto ids = detectors(task);
    if (!ids) {
      task.failed = std::move(ids.error());
      return;
    }
    for (const std::string& detector : *ids) {
      if (!list_detector(task, detector)) return;
    }
  }

  bool list_detector(Task& task, const std::string& detector) const {
    aws::guardduty::ListFindings asked;
    asked.detector = detector;
    constexpr int kLeast[kSeverityCount] = {0, 1, 4, 7, 9};
    asked.least_severity = kLeast[static_cast<std::size_t>(filter_.least)];
    if (!filter_.archived) asked.archived = false;
    asked.updated_from = now_ - std::chrono::hours(24) * filter_.days.value_or(kGuardDutyDays);
    return each_page(task, [&](const std::string& token) -> Result<std::string> {
      asked.next_token = token;
      auto page = aws::guardduty::list_findings(*task.client, asked, context_);
      if (!page) return tl::unexpected(std::move(page.error()));
      for (std::size_t at = 0; at < page->ids.size(); at += aws::guardduty::kMostFindings) {
        const auto from = page->ids.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t count = std::min(aws::guardduty::kMostFindings, page->ids.size() - at);
        auto found = aws::guardduty::get_findings(*task.client, detector,
                                                  {from, from + static_cast<std::ptrdiff_t>(count)}, context_);
        if (!found) return tl::unexpected(std::move(found.error()));
        take(task, found->raw);
      }
      return std::move(page->next_token);
    });
  }

  const LiveRequest& request_;
  const Filter& filter_;
  Language language_;
  std::size_t most_;
  TimePoint now_;
  const Context& context_;
};

/// What failed everywhere, as one error. Denials come first: they are for the user to mend.
Error all_failed(const std::vector<Task>& tasks) {
  Error all{ErrorCode::kUnavailable, "Neither Security Hub nor GuardDuty could be asked for findings."};
  bool off = true;
  for (const Task& task : tasks) {
    off = off && task.off;
    if (task.failed->code == ErrorCode::kDenied || task.failed->code == ErrorCode::kCancelled) {
      all.code = task.failed->code;
    }
    all.message += fmt::format("\n  {}: {}", task.source, task.failed->message);
  }
  if (off) all.code = ErrorCode::kNotFound;
  return all;
}

void give_on(Task& task, Language language, LiveFindings& result, const FindingConsumer& consume) {
  for (SecurityFinding& finding : task.findings) consume(std::move(finding));
  result.beyond += task.beyond;
  result.sources.push_back(task.count);
  if (task.failed) {
    result.incomplete.insert(task.service);
    std::string impact = task.count.findings == 0 ? std::string(phrase(Phrase::kGapServiceImpact, language))
                                                  : say(language, Phrase::kGapServicePart, task.count.findings);
    result.gaps.push_back({task.source, {}, task.failed->message, std::move(impact)});
  }
  if (task.count.broken > 0) {
    result.gaps.push_back({task.source,
                           {},
                           say(language, Phrase::kGapBroken, task.count.broken),
                           std::string(phrase(Phrase::kGapBrokenImpact, language))});
  }
}

}  // namespace

Result<LiveFindings> fetch_findings(const LiveRequest& request, const Filter& filter, Language language,
                                    std::size_t most, const AwsWorldAccess& world, const FindingConsumer& consume,
                                    const Context& context) {
  auto session = AwsSession::open(request.profile, world);
  if (!session) return tl::unexpected(session.error());
  if (auto own = (*session)->credentials().get(context); !own) return tl::unexpected(own.error());
  LiveFindings result;
  std::vector<std::unique_ptr<AwsIdentity>> identities;
  std::vector<Task> tasks;
  const std::vector<AwsTarget> targets = request.targets.empty() ? std::vector<AwsTarget>{{}} : request.targets;
  for (const AwsTarget& target : targets) {
    auto identity = (*session)->identity(target);
    if (!identity) return tl::unexpected(identity.error());
    aws::Client& client = identities.emplace_back(std::move(*identity))->client();
    const std::string where = target.role_arn.empty() ? client.region() : client.region() + ", " + target.role_arn;
    for (const Service service : {Service::kSecurityHub, Service::kGuardDuty}) {
      Task& task = tasks.emplace_back();
      task.service = service;
      task.client = &client;
      task.source = say(language, Phrase::kServiceIn, service_name(service), where);
    }
    if (std::find(result.regions.begin(), result.regions.end(), client.region()) == result.regions.end()) {
      result.regions.push_back(client.region());
    }
  }
  const Fetching fetching(request, filter, language, most, world.clock.now(), context);
  for_each_parallel(tasks.size(), kThreads, [&](std::size_t i) { fetching.run(tasks[i]); });
  const auto told_nothing = [](const Task& task) { return task.failed && task.count.findings == 0; };
  if (std::all_of(tasks.begin(), tasks.end(), told_nothing)) return tl::unexpected(all_failed(tasks));
  for (Task& task : tasks) give_on(task, language, result, consume);
  return result;
}

}  // namespace fa::findings
