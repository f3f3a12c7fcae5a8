#include "sources/aws/logs_groups.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "aws/services/pages.h"
#include "base/text.h"
#include "formats/aws_values.h"
#include "sources/aws/logs_origin.h"

namespace fa::logs {
namespace {

/// 50 groups a page: far more than an account's quota of 1,000,000 would be sensible to look through.
constexpr std::size_t kMostGroupPages = 2'000;
/// ListTagsForResource answers for one group a call.
constexpr std::size_t kMostTagged = 2'000;
constexpr std::size_t kTagThreads = 4;

class GroupFinder {
 public:
  GroupFinder(const AwsScope& scope, const LogsSettings& settings, const Context& context)
      : scope_(scope), settings_(settings), context_(context) {}

  GroupChoice find() {
    for (const std::string& text : settings_.groups) find_named(text);
    for (const std::string& prefix : settings_.prefixes) find_prefix(prefix);
    if (!settings_.tags.empty()) find_tagged();
    GroupChoice choice{{}, std::move(gaps_)};
    for (auto& [key, group] : found_) choice.groups.push_back(std::move(group));
    name_directories(choice.groups);
    return choice;
  }

 private:
  struct Listing {
    std::vector<aws::logs::LogGroup> groups;
    std::optional<Error> broken;  ///< Why it is not all of them.
  };

  /// All pages of groups whose name begins so, or those up to the group of exactly that name (`only`).
  Listing list(const std::string& prefix, bool only, const std::string& account) {
    Listing listing;
    aws::logs::DescribeLogGroups request;
    request.name_prefix = prefix;
    request.include_linked_accounts = settings_.linked_accounts || !account.empty();
    if (!account.empty()) request.account_ids = {account};
    aws::PageGuard guard(kMostGroupPages);
    while (true) {
      if (auto may = take_call(scope_); !may) {
        listing.broken = may.error();
        return listing;
      }
      auto page = aws::logs::describe_log_groups(scope_.client, request, context_);
      if (!page) {
        listing.broken = page.error();
        return listing;
      }
      for (aws::logs::LogGroup& group : page->groups) {
        if (only && group.name != prefix) continue;
        listing.groups.push_back(std::move(group));
      }
      if (page->next_token.empty()) return listing;
      if (only && !listing.groups.empty() && !request.include_linked_accounts) return listing;
      if (const auto why = guard.refuse(page->next_token)) {
        listing.broken = Error{ErrorCode::kUnavailable, "Listing log groups was given up: " + *why + "."};
        return listing;
      }
      request.next_token = std::move(page->next_token);
    }
  }

  void keep(aws::logs::LogGroup info) {
    Group group;
    const auto arn = parse_group_arn(info.arn);
    group.account = arn ? arn->account : scope_.account;
    group.linked = !scope_.account.empty() && !group.account.empty() && group.account != scope_.account;
    if (info.arn.empty()) {
      info.arn = fmt::format("arn:aws:logs:{}:{}:log-group:{}", scope_.region, scope_.account, info.name);
    }
    group.info = std::move(info);
    auto key = std::pair(group.info.name, group.info.arn);
    found_.emplace(std::move(key), std::move(group));
  }

  void find_named(const std::string& text) {
    std::string name = text;
    std::string account;
    if (const auto arn = parse_group_arn(text)) {
      if (arn->region != scope_.region) {
        return miss(text,
                    fmt::format("The log group {} is in {}; this collection asks in {}.", visible(text),
                                visible(arn->region), scope_.region),
                    "Add its region to aws.targets.");
      }
      name = arn->name;
      if (arn->account != scope_.account) account = arn->account;
    } else if (text.starts_with("arn:")) {
      return miss(text, fmt::format("{} is no ARN of a log group.", visible(text)),
                  "It looks like arn:aws:logs:REGION:ACCOUNT:log-group:NAME.");
    }
    Listing listing = list(name, true, account);
    if (listing.groups.empty()) {
      if (listing.broken) return miss(name, listing.broken->message, "Whether it exists could not be found out.");
      const std::string where =
          account.empty() ? (scope_.account.empty() ? std::string("this account") : "account " + scope_.account)
                          : fmt::format("account {} as far as {} may see it", account,
                                        scope_.account.empty() ? "this one" : scope_.account);
      return miss(name, fmt::format("There is no log group {} in {}, {}.", visible(name), where, scope_.region),
                  "Check its name, account and region (aws.logs.groups).");
    }
    for (aws::logs::LogGroup& group : listing.groups) keep(std::move(group));
  }

  void find_prefix(const std::string& prefix) {
    Listing listing = list(prefix, false, {});
    const std::string what = fmt::format("log groups {}*", visible(prefix));
    if (listing.broken) {
      miss(what, listing.broken->message, "Groups that were not listed were not read.");
    } else if (listing.groups.empty()) {
      miss(what, fmt::format("No log group in {} begins with {}.", scope_.region, visible(prefix)),
           "Check the prefix (aws.logs.prefixes).");
    }
    for (aws::logs::LogGroup& group : listing.groups) keep(std::move(group));
  }

  [[nodiscard]] std::string wanted_tags() const {
    std::string text;
    for (const auto& [key, value] : settings_.tags)
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, value);
    return visible(text);
  }

  void find_tagged() {
    Listing listing = list({}, false, {});
    const std::string what = "log groups tagged " + wanted_tags();
    if (listing.broken) miss(what, listing.broken->message, "Groups that were not listed were not read.");
    auto& groups = listing.groups;
    std::sort(groups.begin(), groups.end(),
              [](const auto& a, const auto& b) { return std::tie(a.name, a.arn) < std::tie(b.name, b.arn); });
    if (groups.size() > kMostTagged) {
      miss(what,
           fmt::format("There are {} log groups; the tags of the first {} were read.", format_count(groups.size()),
                       format_count(kMostTagged)),
           "Name groups or prefixes (aws.logs.groups, aws.logs.prefixes) instead.");
      groups.resize(kMostTagged);
    }
    std::vector<std::optional<Error>> errors(groups.size());
    std::vector<char> fits(groups.size());
    for_each_parallel(groups.size(), kTagThreads, [&](std::size_t i) {
      if (auto may = take_call(scope_); !may) {
        errors[i] = may.error();
        return;
      }
      const auto tags = aws::logs::list_tags(scope_.client, groups[i].arn, context_);
      if (!tags) {
        errors[i] = tags.error();
        return;
      }
      fits[i] = std::all_of(settings_.tags.begin(), settings_.tags.end(), [&](const auto& wanted) {
        const auto tag = tags->find(wanted.first);
        return tag != tags->end() && tag->second == wanted.second;
      });
    });
    const auto failures = static_cast<std::size_t>(
        std::count_if(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); }));
    if (failures > 0) {
      const auto first = std::find_if(errors.begin(), errors.end(), [](const auto& e) { return e.has_value(); });
      miss(what, fmt::format("The tags of {} log groups could not be read: {}", failures, (*first)->message),
           "Groups whose tags are unknown were not read.");
    }
    bool any = false;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (fits[i] == 0) continue;
      any = true;
      keep(std::move(groups[i]));
    }
    if (!any && failures == 0 && !listing.broken) {
      miss(what, fmt::format("No log group in {} carries the tags {}.", scope_.region, wanted_tags()),
           "Check the tags (aws.logs.tags).");
    }
  }

  void miss(const std::string& what, std::string error, const std::string& advice) {
    gaps_.push_back({fmt::format("{} {}", kSourceName, visible(what)), scope_.window, std::move(error),
                     "Nothing that is written there was seen. " + advice});
  }

  const AwsScope& scope_;
  const LogsSettings& settings_;
  const Context& context_;
  std::map<std::pair<std::string, std::string>, Group> found_;
  std::vector<Gap> gaps_;
};

}  // namespace

std::optional<GroupArn> parse_group_arn(std::string_view text) {
  const Arn arn = parse_arn(text);
  constexpr std::string_view kKind = "log-group:";
  if (arn.service != "logs" || !arn.resource.starts_with(kKind)) return std::nullopt;
  std::string_view name = arn.resource.substr(kKind.size());
  if (name.ends_with(":*")) name.remove_suffix(2);
  if (name.empty()) return std::nullopt;
  return GroupArn{std::string(arn.region), std::string(arn.account), std::string(name)};
}

GroupChoice choose_groups(const AwsScope& scope, const LogsSettings& settings, const Context& context) {
  return GroupFinder(scope, settings, context).find();
}

}  // namespace fa::logs
