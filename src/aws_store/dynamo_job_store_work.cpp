// What the holder of a claim writes.
#include <fmt/core.h>

#include "aws_store/dynamo_job_store.h"
#include "base/text.h"

namespace fa {
namespace {

/// Enough for any message; the job's item must stay small.
constexpr std::size_t kMostErrorBytes = std::size_t{16} << 10;

std::string state_text(JobState state) { return std::string(job_state_name(state)); }

Write update_of(const Key& key, const JobClaim& claim, std::string update, const Item& values) {
  Write write{.kind = Write::Kind::kUpdate,
              .key = key,
              .update = std::move(update),
              .condition = kHeld,
              .values = held_values(claim)};
  write.values.insert(values.begin(), values.end());
  return write;
}

Key entry_of_job(const Item& job) { return entry_key(lane_of(job), number_at(job, "job_number")); }

}  // namespace

Result<Item> DynamoJobStore::held(const JobClaim& claim) const {
  auto job = table_.get(job_key(claim.job));
  if (!job) return tl::unexpected(job.error());
  if (!*job || number_at(**job, "claim_fence") != claim.fence ||
      text_at(**job, "job_state") != job_state_name(JobState::kRunning)) {
    return unheld(claim);
  }
  return std::move(**job);
}

Result<void> DynamoJobStore::extend(const JobClaim& claim, Nanoseconds lease, TimePoint now) {
  const auto extended = table_.until_written([&]() -> Attempt {
    const auto job = held(claim);
    if (!job) return tl::unexpected(job.error());
    const auto written = table_.write({update_of(entry_of_job(*job), claim, "SET lease_until = :until",
                                                 {{":until", std::int64_t{to_unix_nanos(lease_end(lease, now))}}})});
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(true) : std::nullopt;
  });
  return extended ? Result<void>() : tl::unexpected(extended.error());
}

Result<void> DynamoJobStore::save_stage(const JobClaim& claim, const std::string& stage, const std::string& data) {
  const auto saved = table_.until_written([&]() -> Attempt {
    const auto job = held(claim);
    if (!job) return tl::unexpected(job.error());
    Item kept;
    if (auto ok = keep_text(claim.job, "stage_data", data, kept); !ok) return tl::unexpected(ok.error());
    const auto written = table_.write(
        {update_of(job_key(claim.job), claim,
                   "SET stage_name = :stage, stage_data = :data, stage_data_parts = :parts, stage_data_hash = :hash",
                   {{":stage", stage},
                    {":data", kept.at("stage_data")},
                    {":parts", kept.at("stage_data_parts")},
                    {":hash", kept.at("stage_data_hash")}})});
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(true) : std::nullopt;
  });
  return saved ? Result<void>() : tl::unexpected(saved.error());
}

Result<void> DynamoJobStore::finish(const JobClaim& claim, const std::vector<NewJob>& next, TimePoint now) {
  return end_job(claim, JobState::kDone, "", next, now);
}

Result<void> DynamoJobStore::give_up(const JobClaim& claim, const std::string& error, const std::vector<NewJob>& next,
                                     TimePoint now) {
  return end_job(claim, JobState::kFailed, error, next, now);
}

Result<void> DynamoJobStore::end_job(const JobClaim& claim, JobState state, const std::string& error,
                                     const std::vector<NewJob>& next, TimePoint now) {
  const auto ended = table_.until_written([&]() -> Attempt {
    const auto job = held(claim);
    if (!job) return tl::unexpected(job.error());
    std::map<Key, Item> known;
    const auto unknown = unknown_of(next, known);
    if (!unknown) return tl::unexpected(unknown.error());
    known.erase(job_key(claim.job));  // Ended with this transaction: nobody waits for it.
    const auto first = take_numbers(unknown->size());
    if (!first) return tl::unexpected(first.error());
    auto groups = new_job_writes(*unknown, known, *first, now);
    if (!groups) return tl::unexpected(groups.error());

    Item values{{":state", state_text(state)}, {":now", std::int64_t{to_unix_nanos(now)}}};
    std::string update = "SET job_state = :state, finished_at = :now, aged_at = :now";
    if (state == JobState::kFailed) {
      update += ", error_text = :error";
      values[":error"] = std::string(utf8_prefix(error, kMostErrorBytes));
    }
    std::vector<Write> writes{update_of(job_key(claim.job), claim, update, values)};
    writes.push_back(
        {.kind = Write::Kind::kDelete, .key = entry_of_job(*job), .condition = kHeld, .values = held_values(claim)});
    writes.push_back({.kind = Write::Kind::kUpdate,
                      .key = counter_key(fmt::format("ended#{}", job_lane_name(lane_of(*job)))),
                      .update = fmt::format("ADD {}_count :one", job_state_name(state)),
                      .values = {{":one", std::int64_t{1}}}});
    for (std::vector<Write>& group : *groups) std::move(group.begin(), group.end(), std::back_inserter(writes));
    if (writes.size() > aws::dynamodb::kMostWritesOfTransaction) {
      return fail(ErrorCode::kLimit, fmt::format("job {} has {} jobs behind it, more than can be stored at once",
                                                 claim.job, unknown->size()));
    }
    const auto written = table_.write(writes);
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(true) : std::nullopt;
  });
  return ended ? Result<void>() : tl::unexpected(ended.error());
}

Result<void> DynamoJobStore::put_back(const JobClaim& claim, const std::string& error, TimePoint not_before) {
  const auto back = table_.until_written([&]() -> Attempt {
    const auto job = held(claim);
    if (!job) return tl::unexpected(job.error());
    const Item queued{{":state", state_text(JobState::kQueued)}};
    Item with_error = queued;
    with_error[":error"] = std::string(utf8_prefix(error, kMostErrorBytes));
    Item with_pause = queued;
    with_pause[":until"] = std::int64_t{to_unix_nanos(not_before)};
    with_pause[":nobody"] = std::string();
    const auto written =
        table_.write({update_of(job_key(claim.job), claim, "SET job_state = :state, error_text = :error", with_error),
                      update_of(entry_of_job(*job), claim,
                                "SET job_state = :state, lease_until = :until, lease_owner = :nobody", with_pause)});
    if (!written) return tl::unexpected(written.error());
    return *written ? std::optional(true) : std::nullopt;
  });
  return back ? Result<void>() : tl::unexpected(back.error());
}

Result<std::uint64_t> DynamoJobStore::release_all() {
  std::uint64_t released = 0;
  for (const JobLane lane : {JobLane::kQuick, JobLane::kAnalysis}) {
    const auto state = read_lane(lane);
    if (!state) return tl::unexpected(state.error());
    for (const LaneEntry& entry : state->entries) {
      if (!entry.running) continue;
      const JobClaim claim{entry.id, entry.fence};
      const Item queued{{":state", state_text(JobState::kQueued)}};
      Item free = queued;
      free[":until"] = std::int64_t{0};
      free[":nobody"] = std::string();
      const auto written = table_.write(
          {update_of(job_key(entry.id), claim, "SET job_state = :state", queued),
           update_of(entry.key, claim, "SET job_state = :state, lease_until = :until, lease_owner = :nobody", free)});
      if (!written) return tl::unexpected(written.error());
      if (*written) ++released;  // Else it has ended or changed hands meanwhile.
    }
  }
  return released;
}

}  // namespace fa
