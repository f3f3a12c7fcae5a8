// Who asked, what may be forgotten, and whether anything can be stored.
#include <fmt/core.h>

#include <algorithm>

#include "aws_store/dynamo_job_store.h"

namespace fa {
namespace {

const std::string kAuditPartition = "AUDIT";

AuditEntry audit_entry_of(const Item& item) {
  return {time_at(item, "aged_at"), text_at(item, "team_id"),     text_at(item, "channel_id"),
          text_at(item, "user_id"), text_at(item, "action_name"), text_at(item, "subject_id")};
}

/// What a page of the table has that is old enough.
struct Forgettable {
  std::vector<Key> jobs;
  std::vector<Key> others;
};

}  // namespace

Result<void> DynamoJobStore::audit(const AuditEntry& entry) {
  const auto number = table_.add(counter_key("audit"), "last_number", 1);
  if (!number) return tl::unexpected(number.error());
  const TimePoint end = shifted(shifted(entry.time, options_.keep_audit), std::chrono::hours(24));
  const Write write{.key = {kAuditPartition, padded(*number)},
                    .attributes = {{"aged_at", std::int64_t{to_unix_nanos(entry.time)}},
                                   {"expires_at", std::int64_t{to_unix_nanos(end) / 1'000'000'000}},
                                   {"team_id", entry.team},
                                   {"channel_id", entry.channel},
                                   {"user_id", entry.user},
                                   {"action_name", entry.action},
                                   {"subject_id", entry.subject}}};
  const auto written = table_.until_written([&]() -> Attempt {
    const auto one = table_.write({write});
    if (!one) return tl::unexpected(one.error());
    return *one ? std::optional(true) : std::nullopt;
  });
  return written ? Result<void>() : tl::unexpected(written.error());
}

Result<std::vector<AuditEntry>> DynamoJobStore::audit_log(std::size_t limit) {
  const auto items = table_.newest(kAuditPartition, {}, limit);
  if (!items) return tl::unexpected(items.error());
  std::vector<AuditEntry> entries;
  std::transform(items->begin(), items->end(), std::back_inserter(entries), audit_entry_of);
  return entries;
}

Result<std::vector<std::string>> DynamoJobStore::prune(TimePoint before, TimePoint audit_before) {
  // All that ages has `aged_at`; jobs get it when they end.
  aws::dynamodb::Scan request;
  request.filter = "aged_at < :before";
  request.projection = "pk, sk, aged_at";
  request.values = {{":before", std::int64_t{to_unix_nanos(std::max(before, audit_before))}}};
  std::vector<std::string> ids;
  do {
    auto page = table_.scan(request);
    if (!page) return ids.empty() ? Result<std::vector<std::string>>(tl::unexpected(page.error())) : ids;
    Forgettable old;
    for (const Item& item : page->items) {
      const Key key = key_of(item);
      if (time_at(item, "aged_at") >= (key.pk == kAuditPartition ? audit_before : before)) continue;
      (key.pk.starts_with("JOB#") ? old.jobs : old.others).push_back(key);
    }
    auto gone = table_.remove(old.others);
    // Last, since their ids must not get lost when something fails behind them.
    auto forgotten = gone ? forget_jobs(old.jobs) : Result<std::vector<std::string>>(tl::unexpected(gone.error()));
    if (!forgotten) return ids.empty() ? forgotten : ids;
    ids.insert(ids.end(), forgotten->begin(), forgotten->end());
    request.start = std::move(page->next);
  } while (!request.start.empty());
  return ids;
}

Result<std::vector<std::string>> DynamoJobStore::forget_jobs(const std::vector<Key>& keys) const {
  std::vector<std::string> ids;
  const auto jobs = table_.get(keys);
  if (!jobs) return tl::unexpected(jobs.error());
  constexpr std::size_t kPortion = 45;  // Two writes each, and the counters.
  for (auto job = jobs->begin(); job != jobs->end();) {
    std::vector<Write> writes;
    std::vector<std::string> portion;
    std::map<std::string, std::map<std::string, std::int64_t>> ended;
    for (; job != jobs->end() && portion.size() < kPortion; ++job) {
      const Item& item = job->second;
      if (auto below = forget_below(item); !below) return tl::unexpected(below.error());
      portion.push_back(text_at(item, "job_id"));
      writes.push_back({.kind = Write::Kind::kDelete, .key = job->first, .condition = "attribute_exists(aged_at)"});
      const std::string thread = text_at(item, "thread_name");
      const Key listed = thread_key(thread, text_at(item, "job_kind"), number_at(item, "job_number"));
      if (!thread.empty()) writes.push_back({.kind = Write::Kind::kDelete, .key = listed});
      --ended[std::string(job_lane_name(lane_of(item)))][text_at(item, "job_state")];
    }
    for (const auto& [lane, states] : ended) {
      Write count{.kind = Write::Kind::kUpdate, .key = counter_key("ended#" + lane), .update = "ADD "};
      for (const auto& [state, change] : states) {
        count.update += fmt::format("{}{}_count :{}", count.values.empty() ? "" : ", ", state, state);
        count.values[":" + state] = change;
      }
      writes.push_back(std::move(count));
    }
    const auto written = table_.until_written([&]() -> Attempt {
      const auto one = table_.write(writes);
      if (!one) return tl::unexpected(one.error());
      return *one ? std::optional(true) : std::nullopt;
    });
    if (!written) return ids.empty() ? Result<std::vector<std::string>>(tl::unexpected(written.error())) : ids;
    ids.insert(ids.end(), portion.begin(), portion.end());
  }
  return ids;
}

Result<void> DynamoJobStore::forget_below(const Item& job) const {
  std::vector<Key> below;
  if (const auto found = job.find("delivery_ids"); found != job.end()) {
    if (const auto* deliveries = std::get_if<std::vector<std::string>>(&found->second)) {
      std::transform(deliveries->begin(), deliveries->end(), std::back_inserter(below), delivery_key);
    }
  }
  const auto parts = table_.all(text_at(job, "pk"), "PART#");
  if (!parts) return tl::unexpected(parts.error());
  std::transform(parts->begin(), parts->end(), std::back_inserter(below), key_of);
  return table_.remove(below);
}

Result<void> DynamoJobStore::check(TimePoint now) {
  const auto written =
      table_.write({{.key = {"CHECK", "CHECK"}, .attributes = {{"checked_at", std::int64_t{to_unix_nanos(now)}}}}});
  // Somebody else checks at the same moment: it can be written.
  return written ? Result<void>() : tl::unexpected(written.error());
}

std::unique_ptr<JobStore> make_dynamo_job_store(aws::Client& client, Sleeper& sleeper, Random& random,
                                                DynamoJobOptions options) {
  return std::make_unique<DynamoJobStore>(client, sleeper, random, std::move(options));
}

}  // namespace fa
