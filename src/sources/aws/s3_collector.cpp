#include "sources/aws/s3_collector.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace fa {
namespace {

std::uint64_t bytes_of(const std::vector<S3LogObject>& objects, std::size_t from, std::size_t to) {
  std::uint64_t sum = 0;
  for (std::size_t i = from; i < to; ++i) sum += objects[i].size;
  return sum;
}

std::string last_part(const std::string& key) { return key.substr(key.rfind('/') + 1); }

/// The first of them by name, for messages that must not grow with a bucket.
std::string some(const std::set<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  std::size_t count = 0;
  for (const std::string& name : names) {
    if (++count > kShown) break;
    text += (text.empty() ? "" : ", ") + name.substr(0, name.size() - 1);
  }
  return names.size() > kShown ? text + ", ..." : text;
}

}  // namespace

std::string region_named(const S3LogsSettings& settings) {
  if (!settings.region.empty()) return settings.region;
  const auto location = parse_s3_log_location(settings.url);
  return location ? location->region : std::string();
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

S3LogCollector::S3LogCollector(const AwsScope& scope, S3LogsSettings settings, S3LogKind kind,
                               std::vector<std::string> regions, std::vector<TimeRange> ranges, std::string source)
    : scope_(scope),
      settings_(std::move(settings)),
      kind_(std::move(kind)),
      regions_(std::move(regions)),
      ranges_(joined(std::move(ranges))),
      stamps_(stamps_for(ranges_)) {
  auto location = parse_s3_log_location(settings_.url);
  if (location) {
    bucket_.location = std::move(*location);
  } else {
    bad_url_ = location.error();
  }
  bucket_.requester_pays = settings_.requester_pays;
  bucket_.source = std::move(source);
}

std::vector<std::string> S3LogCollector::known_accounts() const {
  if (!settings_.accounts.empty()) return settings_.accounts;
  if (!bucket_.location.account.empty()) return {bucket_.location.account};
  return {};
}

Result<std::vector<S3LogCollector::AccountFolder>> S3LogCollector::find_accounts(Plan& plan, std::uint64_t& calls,
                                                                                 const Context& context) {
  const std::string root = bucket_.location.root();
  std::vector<std::string> known = known_accounts();
  std::vector<AccountFolder> found;
  // Named accounts need no search, except that an organisation's folder may stand above them.
  if (!known.empty() &&
      (!kind_.organizations || !bucket_.location.organization.empty() || !bucket_.location.account.empty())) {
    const std::string above = bucket_.location.organization.empty() ? root : root + bucket_.location.organization + "/";
    for (const std::string& account : known) found.push_back({above + account + "/", account});
    return found;
  }
  std::vector<std::string> roots{root};
  if (!bucket_.location.organization.empty()) roots = {root + bucket_.location.organization + "/"};
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const auto children = child_folders(scope_, bucket_, roots[i], calls, context);
    if (!children) {
      if (known.empty() && !scope_.account.empty()) known = {scope_.account};
      if (known.empty() || i > 0) return tl::unexpected(children.error());
      // A policy may allow to list the account's own folder alone.
      plan.notes.push_back(fmt::format("Which accounts write to {} could not be listed ({}); looked at {} alone.",
                                       bucket_.location.shown(), children.error().message, listed(known)));
      for (const std::string& account : known) found.push_back({root + account + "/", account});
      return found;
    }
    for (const std::string& child : *children) {
      if (is_account_id(child) && (known.empty() || std::find(known.begin(), known.end(), child) != known.end())) {
        found.push_back({roots[i] + child + "/", child});
      } else if (i == 0 && kind_.organizations && child.starts_with("o-")) {
        roots.push_back(root + child + "/");
      }
    }
  }
  // The caller's own account first: if not everything can be listed, then that.
  std::stable_sort(found.begin(), found.end(), [&](const AccountFolder& a, const AccountFolder& b) {
    return (a.account == scope_.account) > (b.account == scope_.account);
  });
  return found;
}

S3LogCollector::Plan S3LogCollector::make_plan(const Context& context) {
  Plan plan;
  if (bad_url_) {
    plan.error = bad_url_;
    return plan;
  }
  if (stamps_.empty()) {
    plan.error = Error{ErrorCode::kInvalidInput, "There is no time to look at: the window is empty."};
    return plan;
  }
  std::uint64_t calls = 0;
  const auto accounts = find_accounts(plan, calls, context);
  if (!accounts) {
    plan.error = accounts.error();
    return plan;
  }
  for (const AccountFolder& account : *accounts) {
    for (const std::string& region : regions_) {
      for (const std::string& day : day_folders(stamps_)) {
        S3DayFolder folder;
        folder.prefix = fmt::format("{}{}/{}/{}/", account.prefix, kind_.service_folder, region, day);
        folder.account = account.account;
        folder.region = region;
        if (kind_.one_series) {
          // All files of the folder carry the same beginning, so that the first wanted time can be named.
          folder.start_after = fmt::format("{}{}_{}_{}_{}", folder.prefix, account.account, kind_.service_folder,
                                           region, key_stamp(stamps_.front().begin).substr(0, 13));
        }
        plan.folders.push_back(std::move(folder));
      }
    }
  }
  plan.listing = list_log_objects(scope_, bucket_, plan.folders, stamps_, kind_.parse, context);
  plan.listing.calls += calls;
  const auto& failures = plan.listing.failures;
  if (!failures.empty() && failures.size() == plan.folders.size() && plan.listing.keys == 0) {
    plan.error = failures.front().error;
  }
  order_by_need(plan.listing.objects, scope_.window);
  return plan;
}

const S3LogCollector::Plan& S3LogCollector::plan(const Context& context) {
  const std::lock_guard lock(mutex_);
  if (!plan_) plan_ = make_plan(context);
  return *plan_;
}

Result<CostEstimate> S3LogCollector::estimate(const Context& context) {
  const Plan& known = plan(context);
  if (known.error) return tl::unexpected(*known.error);
  const auto& objects = known.listing.objects;
  const std::string region = scope_.client.known_bucket_region(bucket_.location.bucket).value_or(scope_.region);
  CostEstimate estimate;
  estimate.source = bucket_.source;
  estimate.bytes = bytes_of(objects, 0, objects.size());
  estimate.calls = known.listing.calls + objects.size();
  estimate.units = {{CostItem::kS3List, static_cast<double>(known.listing.calls)},
                    {CostItem::kS3Get, static_cast<double>(objects.size())},
                    {CostItem::kS3BytesOut, static_cast<double>(estimate.bytes)}};
  for (const auto& [item, units] : estimate.units) estimate.usd += units * scope_.cost.prices().price(item, region);
  estimate.how = fmt::format("{} {} file{} of {} listed below {}", format_count(objects.size()), kind_.noun,
                             objects.size() == 1 ? "" : "s", format_bytes(estimate.bytes), bucket_.location.shown());
  return estimate;
}

S3LogCollector::Outcome S3LogCollector::collect(CollectedFolder& folder, const Context& context) {
  const Plan& known = plan(context);
  for (const std::string& note : known.notes) folder.add_note(bucket_.source, note);
  if (known.error) {
    folder.add_gap({bucket_.source, scope_.window, known.error->message, kind_.impact});
    return {0, true};
  }
  tell_listing(known, folder);
  const auto& objects = known.listing.objects;
  if (objects.empty()) {
    tell_empty(known, folder);
    return {};
  }
  const S3Allowance allowed = reserve_objects(scope_, bucket_, objects);
  tell_limit(known, allowed, folder);
  S3FetchPlan how;
  how.folder = kind_.target_folder;
  how.format = kind_.format;
  // The service's name stands in every key; without it the names stay short enough to be kept whole.
  how.file_name = [&](const S3LogObject& object) {
    std::string name = last_part(object.key);
    const std::string middle = "_" + kind_.service_folder;
    if (const std::size_t at = name.find(middle); at != std::string::npos) name.erase(at, middle.size());
    return name;
  };
  how.range = [&](const S3LogObject& object) { return range_of(object); };
  S3GapBook book;
  Outcome outcome;
  outcome.fetched = fetch_objects(scope_, bucket_, objects, allowed.count, how, folder, book, context);
  book.write(folder, bucket_.source, kind_.noun + " file", allowed.count, kind_.impact);
  if (outcome.fetched > 0) {
    std::set<std::string> accounts;
    for (const S3LogObject& object : objects) accounts.insert(object.account);
    folder.add_note(
        bucket_.source,
        fmt::format("{} {} file{} of {} account{} in {}, {} in all.", format_count(outcome.fetched), kind_.noun,
                    outcome.fetched == 1 ? "" : "s", accounts.size(), accounts.size() == 1 ? "" : "s", listed(regions_),
                    format_bytes(bytes_of(objects, 0, allowed.count))));
  }
  tell_freshness(known, folder);
  return outcome;
}

void S3LogCollector::tell_listing(const Plan& plan, CollectedFolder& folder) const {
  const S3Listing& listing = plan.listing;
  S3GapBook book;
  TimeRange all{stamps_.front().begin, stamps_.back().end};
  for (const S3Failure& failure : listing.failures) book.add(failure.what, failure.error, all);
  book.write(folder, bucket_.source, "folder", plan.folders.size(), kind_.impact);
  if (!listing.classic.empty()) {
    folder.add_note(bucket_.source,
                    fmt::format("{} Classic Load Balancer{} log here too; their format is not read ({}).",
                                listing.classic.size(), listing.classic.size() == 1 ? "" : "s", some(listing.classic)));
  }
  if (!listing.network.empty()) {
    folder.add_note(bucket_.source,
                    fmt::format("{} Network Load Balancer{} log here too; connections are not read ({}).",
                                listing.network.size(), listing.network.size() == 1 ? "" : "s", some(listing.network)));
  }
  if (listing.connection_logs) {
    folder.add_note(bucket_.source, "Connection logs (conn_log) stand here too; they are not read.");
  }
}

void S3LogCollector::tell_empty(const Plan& plan, CollectedFolder& folder) const {
  std::string text;
  if (plan.folders.empty()) {
    text = fmt::format(
        "There is nothing of any account below {}. Is this the right bucket and prefix? The url names what "
        "stands before AWSLogs/.",
        bucket_.location.shown());
  } else if (plan.listing.failures.empty()) {
    const bool other_times = plan.listing.keys > 0;
    text = fmt::format("There is no {} of {} {} below {}{} {}", kind_.noun, listed(regions_),
                       other_times ? "at this time" : "on these days", bucket_.location.shown(),
                       other_times ? ", only of other times of these days." : ".", kind_.empty_reasons);
  }
  if (!text.empty()) folder.add_gap({bucket_.source, scope_.window, std::move(text), kind_.impact});
}

void S3LogCollector::tell_freshness(const Plan& plan, CollectedFolder& folder) const {
  const TimePoint now = scope_.clock.now();
  if (now >= scope_.window.end + kDeliverySlack) return;
  TimePoint latest = kNoTime;
  for (const S3LogObject& object : plan.listing.objects) latest = std::max(latest, object.stamp);
  if (latest >= scope_.window.end) return;
  const TimePoint from = std::clamp(latest, scope_.window.begin, scope_.window.end);
  folder.add_gap({bucket_.source,
                  {from, scope_.window.end},
                  fmt::format("The newest {} file is of {}: files are delivered some minutes late, and those of the "
                              "window's end are not here yet. Collect again after {}.",
                              kind_.noun, format_rfc3339(latest), format_rfc3339(scope_.window.end + kDeliverySlack)),
                  kind_.impact});
}

void S3LogCollector::tell_limit(const Plan& plan, const S3Allowance& allowed, CollectedFolder& folder) const {
  const auto& objects = plan.listing.objects;
  if (allowed.count == objects.size()) return;
  const auto of_window = stamps_for({scope_.window});
  std::size_t window_lost = 0;
  TimeRange lost = range_of(objects[allowed.count]);
  for (std::size_t i = allowed.count; i < objects.size(); ++i) {
    if (holds(of_window, objects[i].stamp)) ++window_lost;
    lost = {std::min(lost.begin, range_of(objects[i]).begin), std::max(lost.end, range_of(objects[i]).end)};
  }
  const std::string what =
      window_lost > 0
          ? fmt::format("Of the window itself {} files are missing, and the whole baseline.", format_count(window_lost))
          : "The window is complete; of the time before it only the part next to the window was fetched.";
  folder.add_gap({bucket_.source, lost,
                  fmt::format("{} of {} {} files ({}) were left out: {}", format_count(objects.size() - allowed.count),
                              format_count(objects.size()), kind_.noun,
                              format_bytes(bytes_of(objects, allowed.count, objects.size())), allowed.refusal.message),
                  what + " " + kind_.impact});
}

}  // namespace fa
