#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// The durable half of the server: what was asked for, how far it got, and what was already said. A request is stored
/// here before it is acknowledged, and what is stored here survives the end of the process at any instruction.
namespace fa {

/// Quick jobs (a form, an acknowledgement, a decision) never wait behind analyses.
enum class JobLane { kQuick, kAnalysis };
enum class JobState { kQueued, kRunning, kDone, kFailed };

std::string_view job_lane_name(JobLane lane);     ///< quick, analysis
std::string_view job_state_name(JobState state);  ///< queued, running, done, failed

struct NewJob {
  std::string id;  ///< Chosen by whoever asks, from what is asked: the same request again is the same job.
  std::string kind;
  JobLane lane = JobLane::kQuick;
  std::string group;   ///< Whom to be fair to: jobs of different groups take turns.
  std::string thread;  ///< Conversation it belongs to; may be empty.
  /// Job that must have ended (done or failed) before; empty: none. One that is not stored when this one is (nor stands
  /// before it in the same list) counts as ended, so that no two jobs can wait for each other.
  std::string after;
  std::string payload;  ///< JSON, the kind's own.
};

struct Job : NewJob {
  JobState state = JobState::kQueued;
  int attempts = 0;        ///< Claims so far, this one included.
  std::int64_t fence = 0;  ///< Of the present claim: who holds an older one may not write any more.
  std::string stage;       ///< Name of the last finished stage; empty before the first.
  std::string stage_data;  ///< JSON, that stage's own.
  std::string error;       ///< Of the last attempt that failed.
  TimePoint created = kNoTime;
  TimePoint finished = kNoTime;
};

/// A claim on a job. Every write by its holder names it; a claim that was lost gives kCancelled and writes nothing.
struct JobClaim {
  std::string job;
  std::int64_t fence = 0;
};

struct Accepted {
  bool is_new = false;  ///< False: this request came before, and nothing was stored.
};

/// A message or file that goes out once. Its id must be derived from its job and its place in it.
struct Delivery {
  enum class State {
    kNew,    ///< Nobody tried: send it.
    kBegun,  ///< Somebody tried, and it is not known whether it arrived: look before sending.
    kSent,
  };
  State state = State::kNew;
  std::string receipt;  ///< JSON as given to note_delivery() or finish_delivery(); empty before.
};

/// Alarms that belong together: the same alarm in the same place, as long as it keeps coming.
struct AlarmThread {
  bool is_new = false;    ///< This notice began it.
  std::string first_job;  ///< Job of the notice that began it.
  std::uint64_t notices = 0;
  TimePoint first = kNoTime;
  TimePoint last = kNoTime;
};

struct JobCounts {
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  TimePoint oldest_queued = kNoTime;  ///< When the longest waiting job was made.
};

/// Who asked for what; kept for people, never read by the program.
struct AuditEntry {
  TimePoint time = kNoTime;
  std::string team;
  std::string channel;
  std::string user;
  std::string action;   ///< A stable name: investigate, ask, confirm, reject, widen, refused, ...
  std::string subject;  ///< Job or incident id; no text that anybody typed.
};

struct JobLimits {
  std::size_t queued_analyses = 200;  ///< Waiting at once, in all; one more is kLimit.
  std::size_t queued_quick = 20'000;
};

/// Thread-safe; calls block for as long as a durable write takes. Errors: kUnreadable (not ours, damaged, cannot be
/// written, disk full), kUnavailable (locked for too long), kLimit, kNotFound, kCancelled (claim lost). A failed call
/// has changed nothing. `now` is wall-clock time and may jump: a job is never claimed twice by one owner, and a pause
/// longer than `kLongestPause` ahead of `now` counts as over. Leases are cut to `kLongestPause` for the same reason.
class JobStore {
 public:
  static constexpr Nanoseconds kLongestPause = std::chrono::minutes(30);

  virtual ~JobStore() = default;

  // Requests.
  /// Stores a request with its jobs, unless any of `keys` came before (then nothing). All or nothing, and durable when
  /// it returns. Jobs whose id is known already are left as they are. kLimit when a lane is full: nothing is stored,
  /// and the same request may come again.
  virtual Result<Accepted> accept(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                                  TimePoint now) = 0;
  /// Finds or begins the thread of an alarm: the notice joins where the last one of `key` is at most `window` before
  /// `now` (or after it: notices overtake each other). `job` is that of this notice; the same job again changes
  /// nothing, and hears again whether it began the thread.
  virtual Result<AlarmThread> join_alarm(const std::string& key, const std::string& job, Nanoseconds window,
                                         TimePoint now) = 0;

  // Work.
  /// The next job of a lane that may run: of the group that was served longest ago the oldest one. Also one whose lease
  /// ended, unless `owner` holds it itself. nullopt: nothing to do now.
  virtual Result<std::optional<Job>> claim(JobLane lane, const std::string& owner, Nanoseconds lease,
                                           TimePoint now) = 0;
  virtual Result<void> extend(const JobClaim& claim, Nanoseconds lease, TimePoint now) = 0;
  virtual Result<void> save_stage(const JobClaim& claim, const std::string& stage, const std::string& data) = 0;
  /// Ends it well; further jobs may be added in the same transaction (never kLimit).
  virtual Result<void> finish(const JobClaim& claim, const std::vector<NewJob>& next, TimePoint now) = 0;
  /// Puts it back, not to be claimed before `not_before`.
  virtual Result<void> put_back(const JobClaim& claim, const std::string& error, TimePoint not_before) = 0;
  /// Ends it badly.
  virtual Result<void> give_up(const JobClaim& claim, const std::string& error, const std::vector<NewJob>& next,
                               TimePoint now) = 0;
  /// Makes all running jobs claimable at once, without waiting for their leases: for a server that knows to be alone.
  virtual Result<std::uint64_t> release_all() = 0;

  virtual Result<Job> job(const std::string& id) = 0;
  /// Youngest job of that kind in a thread, whatever its state. nullopt: none, or no thread (empty).
  virtual Result<std::optional<Job>> latest_in_thread(const std::string& thread, const std::string& kind) = 0;
  /// How many jobs of its lane are claimed before it, running ones included, if no others come; those that wait for a
  /// time or a job do not count. 0: it runs, has ended or is next with nothing running.
  virtual Result<std::size_t> ahead_of(const std::string& id) = 0;
  virtual Result<JobCounts> counts(JobLane lane) = 0;

  // Deliveries. kNotFound where one was not begun, or was sent already and shall be noted or taken back.
  /// What is known of a delivery; marks a new one as begun, durably.
  virtual Result<Delivery> begin_delivery(const JobClaim& claim, const std::string& id) = 0;
  /// Keeps what is known of one that was begun (an uploaded file's id), for whoever has to look after a crash.
  virtual Result<void> note_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) = 0;
  virtual Result<void> finish_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) = 0;
  /// Takes back a begun delivery that is known not to have arrived (refused before it was sent).
  virtual Result<void> forget_delivery(const JobClaim& claim, const std::string& id) = 0;
  /// The receipt of a sent delivery of any job; nullopt where it was not sent.
  virtual Result<std::optional<std::string>> delivered(const std::string& id) = 0;

  // Bookkeeping.
  virtual Result<void> audit(const AuditEntry& entry) = 0;
  /// Newest first.
  virtual Result<std::vector<AuditEntry>> audit_log(std::size_t limit) = 0;
  /// Forgets ended jobs, their deliveries, requests and alarm threads that are older than `before`, and the audit log
  /// before `audit_before`. Returns the ids of the jobs forgotten. Works in portions between which others have their
  /// turn: where one fails after jobs were forgotten, the ids of these are returned, and the next call goes on.
  virtual Result<std::vector<std::string>> prune(TimePoint before, TimePoint audit_before) = 0;
  /// A cheap write: whether jobs can be stored at all.
  virtual Result<void> check(TimePoint now) = 0;
};

/// Opens the SQLite file (WAL, synchronous FULL), or makes it. One process at a time: a second one on the same file is
/// refused (kUnavailable, names the file and the holder's process id) by a lock beside it that ends with its holder.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_job_store(const std::filesystem::path& path, JobLimits limits);

/// Where collected data and reports are kept. Keys are `[A-Za-z0-9_-]+(/[A-Za-z0-9._-]+)*` without `..` and parts that
/// are only a dot, parts of at most 200 bytes and 1,000 in all; anything else is kInvalidInput. A blob has no others
/// below it. Thread-safe for different keys, none of which is below another. Errors besides: kNotFound, kUnreadable.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// Whole or not at all, durable when it returns; replaces.
  virtual Result<void> put(const std::string& key, std::string_view bytes) = 0;
  virtual Result<std::string> get(const std::string& key) = 0;
  /// A new, empty folder on this machine to collect into. What an earlier attempt left under this key is gone.
  virtual Result<std::filesystem::path> begin_folder(const std::string& key) = 0;
  /// Makes that folder the blob, whole or not at all.
  virtual Result<void> finish_folder(const std::string& key) = 0;
  /// The folder for reading; kNotFound where none was finished.
  virtual Result<std::filesystem::path> folder(const std::string& key) = 0;
  /// Removes whatever is at `key` and below; nothing there is no error.
  virtual Result<void> remove(const std::string& key) = 0;
};

/// Blobs as files and folders below `root`, which is made when missing, readable for its owner only.
[[nodiscard]] Result<std::unique_ptr<BlobStore>> open_blob_folder(const std::filesystem::path& root);

}  // namespace fa
