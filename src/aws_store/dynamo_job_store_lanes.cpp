// Which job is next, and how many wait.
#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>

#include "aws_store/dynamo_job_store.h"

namespace fa {
namespace {

/// Groups that were never served come before all that were, and among themselves in the order of their first jobs.
std::int64_t turn_of(const LaneState& state, const std::string& group) {
  const auto served = state.served.find(group);
  if (served != state.served.end()) return served->second;
  for (const LaneEntry& entry : state.entries) {
    if (entry.group == group) return entry.number - std::numeric_limits<std::int64_t>::max() / 2;
  }
  return 0;
}

LaneEntry entry_of(const Item& item) {
  LaneEntry entry;
  entry.key = key_of(item);
  entry.id = text_at(item, "job_id");
  entry.group = text_at(item, "fair_group");
  entry.number = number_at(item, "job_number");
  entry.running = text_at(item, "job_state") == job_state_name(JobState::kRunning);
  entry.until = time_at(item, "lease_until");
  entry.owner = text_at(item, "lease_owner");
  entry.fence = number_at(item, "claim_fence");
  entry.after = text_at(item, "after_job");
  entry.after_lane = lane_of(item);
  entry.created = time_at(item, "created_at");
  return entry;
}

/// What was put back waits for its time; what never was is ready.
bool was_put_back(const LaneEntry& entry) { return !entry.running && entry.until != from_unix_nanos(0); }

/// A lease or pause that ends later than it can was made before a clock was set back.
bool is_over(TimePoint until, TimePoint now) { return until <= now || until > shifted(now, JobStore::kLongestPause); }

bool holds(const LaneState& state, const std::string& id) {
  return std::any_of(state.entries.begin(), state.entries.end(), [&](const LaneEntry& e) { return e.id == id; });
}

}  // namespace

std::size_t LaneState::queued() const {
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [](const LaneEntry& entry) { return !entry.running; }));
}

Result<LaneState> DynamoJobStore::read_lane(JobLane lane) const {
  const auto items = table_.all(lane_partition(lane));
  if (!items) return tl::unexpected(items.error());
  LaneState state;
  for (const Item& item : *items) {
    const std::string sk = text_at(item, "sk");
    if (sk.starts_with(kEntryPrefix)) state.entries.push_back(entry_of(item));
    if (sk.starts_with(kGroupPrefix)) state.served[text_at(item, "fair_group")] = number_at(item, "served_fence");
  }
  return state;
}

Result<bool> DynamoJobStore::waits_for_another(const LaneEntry& entry, const LaneState& state, JobLane lane) const {
  if (entry.after.empty()) return false;
  if (entry.after_lane == lane) return holds(state, entry.after);
  const auto other = table_.get(job_key(entry.after));
  if (!other) return tl::unexpected(other.error());
  return other->has_value() && !has_ended(**other);
}

Result<const LaneEntry*> DynamoJobStore::next_of(const LaneState& state, JobLane lane, const std::string& owner,
                                                 TimePoint now) const {
  using Turn = std::pair<std::int64_t, std::int64_t>;
  std::map<std::string, std::int64_t> turns;
  std::vector<std::pair<Turn, const LaneEntry*>> in_turn;
  for (const LaneEntry& entry : state.entries) {
    const bool may_run = entry.running ? entry.owner != owner && is_over(entry.until, now)
                                       : !was_put_back(entry) || is_over(entry.until, now);
    if (!may_run) continue;
    const auto [turn, is_new] = turns.try_emplace(entry.group, 0);
    if (is_new) turn->second = turn_of(state, entry.group);
    in_turn.push_back({{turn->second, entry.number}, &entry});
  }
  std::sort(in_turn.begin(), in_turn.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [turn, entry] : in_turn) {
    const auto waits = waits_for_another(*entry, state, lane);
    if (!waits) return tl::unexpected(waits.error());
    if (!*waits) return entry;
  }
  return nullptr;
}

Result<std::optional<Job>> DynamoJobStore::claim(JobLane lane, const std::string& owner, Nanoseconds lease,
                                                 TimePoint now) {
  const std::scoped_lock one_after_the_other(claiming_);
  return table_.until_written([&]() -> Result<std::optional<std::optional<Job>>> {
    const auto state = read_lane(lane);
    if (!state) return tl::unexpected(state.error());
    const auto next = next_of(*state, lane, owner, now);
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) return std::optional(std::optional<Job>());
    const auto taken = take(**next, lane, owner, lease_end(lease, now), now);
    if (!taken) return tl::unexpected(taken.error());
    if (!*taken) return std::nullopt;
    auto claimed = job((*next)->id);
    if (!claimed) return tl::unexpected(claimed.error());
    return std::optional(std::optional<Job>(std::move(*claimed)));
  });
}

Result<bool> DynamoJobStore::take(const LaneEntry& entry, JobLane lane, const std::string& owner, TimePoint until,
                                  TimePoint now) {
  const auto fence = table_.add(counter_key(fmt::format("claims#{}", job_lane_name(lane))), "last_number", 1);
  if (!fence) return tl::unexpected(fence.error());
  const std::string running(job_state_name(JobState::kRunning));
  const Item seen{{":seen_fence", entry.fence},
                  {":seen_state", entry.running ? running : std::string(job_state_name(JobState::kQueued))}};
  Write lease{.kind = Write::Kind::kUpdate,
              .key = entry.key,
              .update = "SET job_state = :state, lease_owner = :owner, lease_until = :until, claim_fence = :fence",
              .condition = "claim_fence = :seen_fence AND job_state = :seen_state AND lease_until = :seen_until",
              .values = seen};
  lease.values.insert({{":state", running},
                       {":owner", owner},
                       {":until", std::int64_t{to_unix_nanos(until)}},
                       {":fence", *fence},
                       {":seen_until", std::int64_t{to_unix_nanos(entry.until)}}});
  Write job{.kind = Write::Kind::kUpdate,
            .key = job_key(entry.id),
            .update = "SET job_state = :state, claim_fence = :fence ADD attempt_count :one",
            .condition = "claim_fence = :seen_fence AND job_state = :seen_state",
            .values = seen};
  job.values.insert({{":state", running}, {":fence", *fence}, {":one", std::int64_t{1}}});
  const Write group{
      .key = group_key(lane, entry.group),
      .attributes = {
          {"fair_group", entry.group}, {"served_fence", *fence}, {"aged_at", std::int64_t{to_unix_nanos(now)}}}};
  return table_.write({lease, job, group});
}

Result<std::size_t> DynamoJobStore::ahead_of(const std::string& id) {
  const auto item = table_.get(job_key(id));
  if (!item) return tl::unexpected(item.error());
  if (!*item) return fail(ErrorCode::kNotFound, fmt::format("table {} holds no job {}", table_.name(), id));
  if (text_at(**item, "job_state") != job_state_name(JobState::kQueued)) return std::size_t{0};
  const JobLane lane = lane_of(**item);
  const auto state = read_lane(lane);
  if (!state) return tl::unexpected(state.error());
  const std::string group = text_at(**item, "fair_group");
  std::size_t running = 0;
  std::size_t before = 0;
  std::map<std::string, std::size_t> others;
  for (const LaneEntry& entry : state->entries) {
    if (entry.running) ++running;
    if (entry.running || was_put_back(entry)) continue;
    const auto waits = waits_for_another(entry, *state, lane);
    if (!waits) return tl::unexpected(waits.error());
    if (*waits) continue;
    if (entry.group != group) ++others[entry.group];
    if (entry.group == group && entry.number < number_at(**item, "job_number")) ++before;
  }
  // Groups take turns: of one that is before ours one job more than we wait for in our own.
  std::size_t ahead = running + before;
  for (const auto& [other, ready] : others) {
    const bool earlier = turn_of(*state, other) < turn_of(*state, group);
    ahead += std::min(ready, before + (earlier ? 1U : 0U));
  }
  return ahead;
}

Result<JobCounts> DynamoJobStore::counts(JobLane lane) {
  const auto state = read_lane(lane);
  if (!state) return tl::unexpected(state.error());
  const auto ended = table_.get(counter_key(fmt::format("ended#{}", job_lane_name(lane))));
  if (!ended) return tl::unexpected(ended.error());
  JobCounts counts;
  for (const LaneEntry& entry : state->entries) {
    ++(entry.running ? counts.running : counts.queued);
    if (entry.running) continue;
    if (counts.oldest_queued == kNoTime || entry.created < counts.oldest_queued) counts.oldest_queued = entry.created;
  }
  const auto count = [&](JobState of) {
    const std::int64_t number = *ended ? number_at(**ended, std::string(job_state_name(of)) + "_count") : 0;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
  };
  counts.done = count(JobState::kDone);
  counts.failed = count(JobState::kFailed);
  return counts;
}

}  // namespace fa
