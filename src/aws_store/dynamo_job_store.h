#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "aws_store/aws_store.h"
#include "aws_store/dynamo_table.h"

/// The job store as one DynamoDB table (docs/formats/jobs.md has its items). Private to this folder.
namespace fa {

/// A job that has not ended, as its lane knows it: all that decides who is next.
struct LaneEntry {
  Key key;
  std::string id;
  std::string group;
  std::int64_t number = 0;
  bool running = false;
  TimePoint until = kNoTime;  ///< End of its lease, or of its pause.
  std::string owner;
  std::int64_t fence = 0;
  std::string after;  ///< Empty: it waits for none.
  JobLane after_lane = JobLane::kQuick;
  TimePoint created = kNoTime;
};

struct LaneState {
  std::vector<LaneEntry> entries;              ///< Oldest first.
  std::map<std::string, std::int64_t> served;  ///< By group; larger is later. Groups without one: never served.
  [[nodiscard]] std::size_t queued() const;
};

/// Every change is one transaction whose conditions are what was read before it; where one does not hold, it is read
/// again. What this process claims, it claims one after the other, so that its threads do not run into each other.
class DynamoJobStore final : public JobStore {
 public:
  DynamoJobStore(aws::Client& client, Sleeper& sleeper, Random& random, DynamoJobOptions options)
      : table_(client, sleeper, random, options.table, options.call_patience), options_(std::move(options)) {}

  // dynamo_job_store_requests.cpp
  Result<Accepted> accept(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                          TimePoint now) override;
  Result<AlarmThread> join_alarm(const std::string& key, const std::string& job, Nanoseconds window,
                                 TimePoint now) override;
  Result<Job> job(const std::string& id) override;
  Result<std::optional<Job>> latest_in_thread(const std::string& thread, const std::string& kind) override;

  // dynamo_job_store_lanes.cpp
  Result<std::size_t> ahead_of(const std::string& id) override;
  Result<JobCounts> counts(JobLane lane) override;
  Result<std::optional<Job>> claim(JobLane lane, const std::string& owner, Nanoseconds lease, TimePoint now) override;

  // dynamo_job_store_work.cpp
  Result<void> extend(const JobClaim& claim, Nanoseconds lease, TimePoint now) override;
  Result<void> save_stage(const JobClaim& claim, const std::string& stage, const std::string& data) override;
  Result<void> finish(const JobClaim& claim, const std::vector<NewJob>& next, TimePoint now) override;
  Result<void> put_back(const JobClaim& claim, const std::string& error, TimePoint not_before) override;
  Result<void> give_up(const JobClaim& claim, const std::string& error, const std::vector<NewJob>& next,
                       TimePoint now) override;
  Result<std::uint64_t> release_all() override;

  // dynamo_job_store_deliveries.cpp
  Result<Delivery> begin_delivery(const JobClaim& claim, const std::string& id) override;
  Result<void> note_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) override;
  Result<void> finish_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) override;
  Result<void> forget_delivery(const JobClaim& claim, const std::string& id) override;
  Result<std::optional<std::string>> delivered(const std::string& id) override;

  // dynamo_job_store_bookkeeping.cpp
  Result<void> audit(const AuditEntry& entry) override;
  Result<std::vector<AuditEntry>> audit_log(std::size_t limit) override;
  Result<std::vector<std::string>> prune(TimePoint before, TimePoint audit_before) override;
  Result<void> check(TimePoint now) override;

 private:
  /// True: written; false: look again.
  using Attempt = Result<std::optional<bool>>;

  // Jobs (dynamo_job_items.cpp).
  Result<Job> read_job(const Item& item) const;
  /// What stores new jobs, unless they are there already. `known`: their items and those they wait for, where there are
  /// such. `first_number`: of the first of `jobs`.
  Result<std::vector<std::vector<Write>>> new_job_writes(const std::vector<NewJob>& jobs,
                                                         const std::map<Key, Item>& known, std::int64_t first_number,
                                                         TimePoint now) const;
  /// Those of `jobs` that are not stored, each once; `known` gets their items and those of the jobs they wait for.
  Result<std::vector<NewJob>> unknown_of(const std::vector<NewJob>& jobs, std::map<Key, Item>& known) const;
  Result<std::int64_t> take_numbers(std::size_t count) const;
  /// Puts a text into `item` as `name`, or into items of their own below the job where it is long.
  Result<void> keep_text(const std::string& job, const std::string& name, const std::string& text, Item& item) const;
  Result<std::string> kept_text(const Item& job, const std::string& name) const;

  // Lanes.
  Result<LaneState> read_lane(JobLane lane) const;
  Result<const LaneEntry*> next_of(const LaneState& state, JobLane lane, const std::string& owner, TimePoint now) const;
  Result<bool> waits_for_another(const LaneEntry& entry, const LaneState& state, JobLane lane) const;
  Result<bool> take(const LaneEntry& entry, JobLane lane, const std::string& owner, TimePoint until, TimePoint now);

  // Claims.
  Result<Item> held(const JobClaim& claim) const;
  Result<void> end_job(const JobClaim& claim, JobState state, const std::string& error, const std::vector<NewJob>& next,
                       TimePoint now);
  /// Changes a delivery that was begun and is not sent.
  Result<void> change_begun(const JobClaim& claim, const std::string& id, const Write& change) const;

  // Forgetting.
  Result<std::vector<std::string>> forget_jobs(const std::vector<Key>& keys) const;
  Result<void> forget_below(const Item& job) const;

  DynamoTable table_;
  DynamoJobOptions options_;
  std::mutex claiming_;
};

/// Keys of items. Names of any length and content become keys.
Key job_key(const std::string& id);
Key entry_key(JobLane lane, std::int64_t number);
Key group_key(JobLane lane, const std::string& group);
Key counter_key(const std::string& name);
Key request_key(const std::string& key);
Key delivery_key(const std::string& id);
Key thread_key(const std::string& thread, const std::string& kind, std::int64_t number);
std::string thread_partition(const std::string& thread);
std::string lane_partition(JobLane lane);
std::string short_key(std::string_view kind, const std::string& name);
std::string padded(std::int64_t number);  ///< Sorts as the number does; not negative.

inline constexpr std::string_view kEntryPrefix = "JOB#";
inline constexpr std::string_view kGroupPrefix = "GROUP#";

/// Only the holder of a claim writes: the condition on the job's item, and its values.
inline constexpr const char* kHeld = "claim_fence = :fence AND job_state = :running";
Item held_values(const JobClaim& claim);
JobLane lane_of(const Item& item);
bool has_ended(const Item& job);
tl::unexpected<Error> unheld(const JobClaim& claim);
/// No lease is longer than the longest pause: one that ends later was made before a clock was set back.
TimePoint lease_end(Nanoseconds lease, TimePoint now);
TimePoint shifted(TimePoint t, Nanoseconds by);  ///< `t + by` without leaving the range of times.

}  // namespace fa
