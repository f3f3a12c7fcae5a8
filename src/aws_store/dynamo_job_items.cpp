// How jobs are kept as items.
#include <fmt/core.h>

#include <algorithm>

#include "aws_store/dynamo_job_store.h"
#include "base/hash.h"
#include "base/text.h"

namespace fa {
namespace {

/// Longer texts become items of their own: with all that a job holds, its item stays far below the limit of 400 KB.
constexpr std::size_t kMostInline = std::size_t{64} << 10;
constexpr std::size_t kPartBytes = std::size_t{350} << 10;
/// Keys may have 1,024 bytes.
constexpr std::size_t kMostKeyBytes = 500;

JobState state_from(std::string_view name) {
  for (const JobState state : {JobState::kQueued, JobState::kRunning, JobState::kDone, JobState::kFailed}) {
    if (name == job_state_name(state)) return state;
  }
  return JobState::kQueued;
}

Key part_key(const std::string& job, const std::string& hash, std::size_t part) {
  return {job_key(job).pk, fmt::format("PART#{}#{}", hash, padded(static_cast<std::int64_t>(part)))};
}

/// A cut that divides no character.
std::size_t part_end(const std::string& text, std::size_t begin) {
  const std::string_view part = utf8_prefix(std::string_view(text).substr(begin), kPartBytes);
  return begin + std::max<std::size_t>(part.size(), 1);
}

}  // namespace

std::string padded(std::int64_t number) { return fmt::format("{:020}", number); }

std::string short_key(std::string_view kind, const std::string& name) {
  const bool fits = name.size() <= kMostKeyBytes && is_valid_utf8(name);
  // `=` and `~` tell names from hashes, so that no name can be taken for another one's hash.
  return fits ? fmt::format("{}#={}", kind, name) : fmt::format("{}#~{}", kind, sha256_hex(name));
}

std::string lane_partition(JobLane lane) { return fmt::format("LANE#{}", job_lane_name(lane)); }
std::string thread_partition(const std::string& thread) { return short_key("THREAD", thread); }
Key job_key(const std::string& id) { return {short_key("JOB", id), "JOB"}; }
Key entry_key(JobLane lane, std::int64_t number) {
  return {lane_partition(lane), std::string(kEntryPrefix) + padded(number)};
}
Key group_key(JobLane lane, const std::string& group) { return {lane_partition(lane), short_key("GROUP", group)}; }
Key counter_key(const std::string& name) { return {"COUNTER", name}; }
Key request_key(const std::string& key) { return {short_key("REQUEST", key), "REQUEST"}; }
Key delivery_key(const std::string& id) { return {short_key("DELIVERY", id), "DELIVERY"}; }
Key thread_key(const std::string& thread, const std::string& kind, std::int64_t number) {
  return {thread_partition(thread), fmt::format("{}#{}", kind, padded(number))};
}

JobLane lane_of(const Item& item) {
  return text_at(item, "lane_name") == job_lane_name(JobLane::kAnalysis) ? JobLane::kAnalysis : JobLane::kQuick;
}

bool has_ended(const Item& job) {
  const JobState state = state_from(text_at(job, "job_state"));
  return state == JobState::kDone || state == JobState::kFailed;
}

Item held_values(const JobClaim& claim) {
  return {{":fence", claim.fence}, {":running", std::string(job_state_name(JobState::kRunning))}};
}

tl::unexpected<Error> unheld(const JobClaim& claim) {
  return fail(ErrorCode::kCancelled, fmt::format("the claim {} on job {} is not held any more: it ended, was put back "
                                                 "or belongs to another worker now",
                                                 claim.fence, claim.job));
}

TimePoint shifted(TimePoint t, Nanoseconds by) {
  if (by.count() > 0 && t > TimePoint::max() - by) return TimePoint::max();
  if (by.count() < 0 && t < TimePoint::min() - by) return TimePoint::min();
  return t + by;
}

TimePoint lease_end(Nanoseconds lease, TimePoint now) { return shifted(now, std::min(lease, JobStore::kLongestPause)); }

Result<void> DynamoJobStore::keep_text(const std::string& job, const std::string& name, const std::string& text,
                                       Item& item) const {
  item[name] = text.size() <= kMostInline ? text : std::string();
  item[name + "_parts"] = std::int64_t{0};
  item[name + "_hash"] = std::string();
  if (text.size() <= kMostInline) return {};
  const std::string hash = sha256_hex(text);
  std::size_t parts = 0;
  for (std::size_t begin = 0; begin < text.size(); ++parts) {
    const std::size_t end = part_end(text, begin);
    // Under its hash, so that whoever writes it again writes the same.
    const auto written = table_.until_written([&]() -> Attempt {
      const auto one = table_.write(
          {{.key = part_key(job, hash, parts), .attributes = {{"part_text", text.substr(begin, end - begin)}}}});
      if (!one) return tl::unexpected(one.error());
      return *one ? std::optional(true) : std::nullopt;
    });
    if (!written) return tl::unexpected(written.error());
    begin = end;
  }
  item[name + "_parts"] = static_cast<std::int64_t>(parts);
  item[name + "_hash"] = hash;
  return {};
}

Result<std::string> DynamoJobStore::kept_text(const Item& job, const std::string& name) const {
  const auto parts = static_cast<std::size_t>(std::max<std::int64_t>(number_at(job, name + "_parts"), 0));
  if (parts == 0) return text_at(job, name);
  const std::string id = text_at(job, "job_id");
  std::vector<Key> keys;
  for (std::size_t i = 0; i < parts; ++i) keys.push_back(part_key(id, text_at(job, name + "_hash"), i));
  const auto items = table_.get(keys);
  if (!items) return tl::unexpected(items.error());
  std::string text;
  for (const Key& key : keys) {
    const auto part = items->find(key);
    if (part == items->end()) {
      return fail(ErrorCode::kUnreadable, fmt::format("table {} misses a part of job {}", table_.name(), id));
    }
    text += text_at(part->second, "part_text");
  }
  return text;
}

Result<Job> DynamoJobStore::read_job(const Item& item) const {
  Job job;
  job.id = text_at(item, "job_id");
  job.kind = text_at(item, "job_kind");
  job.lane = lane_of(item);
  job.group = text_at(item, "fair_group");
  job.thread = text_at(item, "thread_name");
  job.after = text_at(item, "after_job");
  auto payload = kept_text(item, "payload_text");
  if (!payload) return tl::unexpected(payload.error());
  job.payload = std::move(*payload);
  job.state = state_from(text_at(item, "job_state"));
  job.attempts = static_cast<int>(number_at(item, "attempt_count"));
  job.fence = number_at(item, "claim_fence");
  job.stage = text_at(item, "stage_name");
  auto data = kept_text(item, "stage_data");
  if (!data) return tl::unexpected(data.error());
  job.stage_data = std::move(*data);
  job.error = text_at(item, "error_text");
  job.created = time_at(item, "created_at");
  job.finished = time_at(item, "finished_at");
  return job;
}

Result<std::int64_t> DynamoJobStore::take_numbers(std::size_t count) const {
  if (count == 0) return 0;
  const auto added = static_cast<std::int64_t>(count);
  const auto last = table_.add(counter_key("jobs"), "last_number", added);
  if (!last) return tl::unexpected(last.error());
  return *last - added + 1;
}

Result<std::vector<NewJob>> DynamoJobStore::unknown_of(const std::vector<NewJob>& jobs,
                                                       std::map<Key, Item>& known) const {
  std::vector<Key> keys;
  for (const NewJob& job : jobs) {
    keys.push_back(job_key(job.id));
    if (!job.after.empty()) keys.push_back(job_key(job.after));
  }
  auto found = table_.get(keys);
  if (!found) return tl::unexpected(found.error());
  known = std::move(*found);
  std::vector<NewJob> unknown;
  std::map<std::string, bool> listed;
  for (const NewJob& job : jobs) {
    if (known.contains(job_key(job.id)) || listed.contains(job.id)) continue;
    listed[job.id] = true;
    unknown.push_back(job);
  }
  return unknown;
}

Result<std::vector<std::vector<Write>>> DynamoJobStore::new_job_writes(const std::vector<NewJob>& jobs,
                                                                       const std::map<Key, Item>& known,
                                                                       std::int64_t first_number, TimePoint now) const {
  std::vector<std::vector<Write>> all;
  std::map<std::string, JobLane> before;  // In the same list, as far as written.
  std::int64_t number = first_number;
  const std::string queued(job_state_name(JobState::kQueued));
  for (const NewJob& job : jobs) {
    const std::string lane(job_lane_name(job.lane));
    Item item{{"job_id", job.id},
              {"job_kind", job.kind},
              {"lane_name", lane},
              {"fair_group", job.group},
              {"thread_name", job.thread},
              {"after_job", job.after},
              {"job_state", queued},
              {"attempt_count", std::int64_t{0}},
              {"claim_fence", std::int64_t{0}},
              {"job_number", number},
              {"created_at", std::int64_t{to_unix_nanos(now)}},
              {"finished_at", std::int64_t{to_unix_nanos(kNoTime)}}};
    if (auto kept = keep_text(job.id, "payload_text", job.payload, item); !kept) return tl::unexpected(kept.error());
    Item entry{{"job_id", job.id},
               {"fair_group", job.group},
               {"job_number", number},
               {"job_state", queued},
               {"lease_until", std::int64_t{0}},
               {"lease_owner", std::string()},
               {"claim_fence", std::int64_t{0}},
               {"after_job", std::string()},
               {"created_at", std::int64_t{to_unix_nanos(now)}}};
    if (const auto it = before.find(job.after); it != before.end()) {
      entry["after_job"] = job.after;
      entry["lane_name"] = std::string(job_lane_name(it->second));
    } else if (const auto other = known.find(job_key(job.after)); other != known.end() && !has_ended(other->second)) {
      entry["after_job"] = job.after;
      entry["lane_name"] = text_at(other->second, "lane_name");
    }
    const char* unless_known = "attribute_not_exists(pk)";
    std::vector<Write> writes{
        {.key = job_key(job.id), .attributes = std::move(item), .condition = unless_known},
        {.key = entry_key(job.lane, number), .attributes = std::move(entry), .condition = unless_known}};
    if (!job.thread.empty()) {
      writes.push_back({.key = thread_key(job.thread, job.kind, number), .attributes = {{"job_id", job.id}}});
    }
    all.push_back(std::move(writes));
    before[job.id] = job.lane;
    ++number;
  }
  return all;
}

}  // namespace fa
