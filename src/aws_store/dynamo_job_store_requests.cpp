// What was asked for.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "aws_store/dynamo_job_store.h"
#include "base/hash.h"

namespace fa {
namespace {

using aws::dynamodb::kMostWritesOfTransaction;

std::int64_t expiry(TimePoint now, Nanoseconds keep) {
  // A day longer than prune() leaves it, which is what decides.
  const TimePoint end = shifted(shifted(now, keep), std::chrono::hours(24));
  return std::chrono::floor<std::chrono::seconds>(end.time_since_epoch()).count();
}

tl::unexpected<Error> lane_is_full_of(JobLane lane, std::size_t limit) {
  return fail(ErrorCode::kLimit, fmt::format("{} jobs of the lane {} wait already, which is the most that may; nothing "
                                             "was stored, ask again later",
                                             limit, job_lane_name(lane)));
}

std::size_t jobs_in(const std::vector<NewJob>& jobs, JobLane lane) {
  return static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [&](const NewJob& job) { return job.lane == lane; }));
}

AlarmThread alarm_thread_of(const Item& item, const std::string& job) {
  AlarmThread thread;
  thread.first_job = text_at(item, "first_job");
  thread.is_new = thread.first_job == job;
  thread.notices = static_cast<std::uint64_t>(number_at(item, "notice_count"));
  thread.first = time_at(item, "first_at");
  thread.last = time_at(item, "aged_at");
  return thread;
}

}  // namespace

Result<Accepted> DynamoJobStore::accept(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                                        TimePoint now) {
  std::vector<Key> requests;
  std::vector<Write> last;
  for (const std::string& key : std::set<std::string>(keys.begin(), keys.end())) {
    requests.push_back(request_key(key));
    last.push_back(
        {.key = requests.back(),
         .attributes = {{"aged_at", std::int64_t{to_unix_nanos(now)}}, {"expires_at", expiry(now, options_.keep)}},
         .condition = "attribute_not_exists(pk)"});
  }
  return table_.until_written([&]() -> Result<std::optional<Accepted>> {
    const auto seen = table_.get(requests);
    if (!seen) return tl::unexpected(seen.error());
    if (!seen->empty()) return Accepted{false};
    std::map<Key, Item> known;
    const auto unknown = unknown_of(jobs, known);
    if (!unknown) return tl::unexpected(unknown.error());
    for (const JobLane lane : {JobLane::kQuick, JobLane::kAnalysis}) {
      const std::size_t added = jobs_in(*unknown, lane);
      if (added == 0) continue;
      const auto state = read_lane(lane);
      if (!state) return tl::unexpected(state.error());
      const std::size_t most = lane == JobLane::kQuick ? options_.limits.queued_quick : options_.limits.queued_analyses;
      if (state->queued() + added > most) return lane_is_full_of(lane, most);
    }
    const auto first = take_numbers(unknown->size());
    if (!first) return tl::unexpected(first.error());
    auto groups = new_job_writes(*unknown, known, *first, now);
    if (!groups) return tl::unexpected(groups.error());
    // More than fit into one transaction: the keys come with the last ones, so that a request that was cut off comes
    // again, and finds those of its jobs that are stored.
    std::vector<Write> writes;
    for (std::vector<Write>& group : *groups) {
      if (writes.size() + group.size() + last.size() > kMostWritesOfTransaction) {
        const auto written = table_.write(writes);
        if (!written) return tl::unexpected(written.error());
        if (!*written) return std::nullopt;
        writes.clear();
      }
      std::move(group.begin(), group.end(), std::back_inserter(writes));
    }
    writes.insert(writes.end(), last.begin(), last.end());
    const auto written = table_.write(writes);
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(Accepted{true}) : std::nullopt;
  });
}

Result<AlarmThread> DynamoJobStore::join_alarm(const std::string& key, const std::string& job, Nanoseconds window,
                                               TimePoint now) {
  const std::string alarm = short_key("ALARM", key);
  const Key notice{short_key("NOTICE", job), "NOTICE"};
  return table_.until_written([&]() -> Result<std::optional<AlarmThread>> {
    const auto seen = table_.get(notice);
    if (!seen) return tl::unexpected(seen.error());
    if (*seen) {
      const auto thread = table_.get(Key{text_at(**seen, "alarm_pk"), text_at(**seen, "alarm_sk")});
      if (!thread) return tl::unexpected(thread.error());
      if (*thread) return alarm_thread_of(**thread, job);
    }
    const auto newest = table_.newest(alarm, {}, 1);
    if (!newest) return tl::unexpected(newest.error());
    // Within the window in either direction: notices may come out of order, and clocks are set back.
    const bool joins = !newest->empty() && time_at(newest->front(), "aged_at") >= shifted(now, -window) &&
                       time_at(newest->front(), "aged_at") <= shifted(now, window);
    AlarmThread thread{true, job, 1, now, now};
    std::int64_t number = 1;
    Write change{.condition = "attribute_not_exists(pk)"};
    if (!newest->empty()) number = number_at(newest->front(), "thread_number") + (joins ? 0 : 1);
    if (joins) {
      const std::int64_t notices = number_at(newest->front(), "notice_count");
      thread = alarm_thread_of(newest->front(), job);
      thread.notices += 1;
      thread.last = std::max(thread.last, now);
      change.condition = "notice_count = :seen";
      change.values = {{":seen", notices}};
    }
    change.key = {alarm, padded(number)};
    change.attributes = {{"thread_number", number},
                         {"first_job", thread.first_job},
                         {"notice_count", static_cast<std::int64_t>(thread.notices)},
                         {"first_at", std::int64_t{to_unix_nanos(thread.first)}},
                         {"aged_at", std::int64_t{to_unix_nanos(thread.last)}},
                         {"expires_at", expiry(thread.last, options_.keep)}};
    const auto written = table_.write({change,
                                       {.key = notice,
                                        .attributes = {{"alarm_pk", change.key.pk},
                                                       {"alarm_sk", change.key.sk},
                                                       {"aged_at", std::int64_t{to_unix_nanos(now)}},
                                                       {"expires_at", expiry(now, options_.keep)}}}});
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(thread) : std::nullopt;
  });
}

Result<Job> DynamoJobStore::job(const std::string& id) {
  const auto item = table_.get(job_key(id));
  if (!item) return tl::unexpected(item.error());
  if (!*item) return fail(ErrorCode::kNotFound, fmt::format("table {} holds no job {}", table_.name(), id));
  return read_job(**item);
}

Result<std::optional<Job>> DynamoJobStore::latest_in_thread(const std::string& thread, const std::string& kind) {
  if (thread.empty()) return std::nullopt;
  const auto newest = table_.newest(thread_partition(thread), kind + "#", 1);
  if (!newest) return tl::unexpected(newest.error());
  if (newest->empty()) return std::nullopt;
  const auto item = table_.get(job_key(text_at(newest->front(), "job_id")));
  if (!item) return tl::unexpected(item.error());
  if (!*item) return std::nullopt;
  auto found = read_job(**item);
  if (!found) return tl::unexpected(found.error());
  return std::move(*found);
}

}  // namespace fa
