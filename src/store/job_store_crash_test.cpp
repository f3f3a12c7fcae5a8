// kill -9 at any moment: what was reported is there, and nothing is half there.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "store/child_test_rig.h"
#include "store/job_store.h"
#include "store/test_folder.h"

namespace fa {
namespace {

constexpr TimePoint kNow = from_unix_nanos(1'800'000'000'000'000'000);

NewJob crash_job(const std::string& id, JobLane lane, const std::string& group) {
  NewJob job;
  job.id = id;
  job.kind = "k";
  job.lane = lane;
  job.group = group;
  job.payload = std::string(1000, 'p');
  return job;
}

/// Accepts, claims, delivers and finishes without end; says each thing when the store has said that it is done.
void work_until_killed(const std::filesystem::path& file, int round, const Say& say) {
  auto opened = open_job_store(file, {1'000'000, 1'000'000});
  if (!opened) return say("error " + opened.error().message + "\n");
  JobStore& store = **opened;
  if (!store.release_all()) return say("error release_all\n");
  for (int i = 0;; ++i) {
    const std::string id = fmt::format("{}-{}", round, i);
    const auto accepted = store.accept(
        {"key " + id, "other key " + id},
        {crash_job("q" + id, JobLane::kQuick, fmt::format("C{}", i % 3)), crash_job("a" + id, JobLane::kAnalysis, "C")},
        kNow);
    if (!accepted || !accepted->is_new) return say("error accept\n");
    say("accepted " + id + "\n");
    const auto job = store.claim(JobLane::kQuick, "owner", std::chrono::minutes(1), kNow);
    if (!job || !*job) return say("error claim\n");
    const JobClaim claim{(*job)->id, (*job)->fence};
    say(fmt::format("claimed {} {}\n", claim.job, claim.fence));
    if (!store.save_stage(claim, "s", claim.job)) return say("error save_stage\n");
    say("staged " + claim.job + "\n");
    const auto delivery = store.begin_delivery(claim, claim.job + "/0");
    if (!delivery) return say("error begin_delivery\n");
    say("begun " + claim.job + "\n");
    if (!store.finish_delivery(claim, claim.job + "/0", "receipt")) return say("error finish_delivery\n");
    say("sent " + claim.job + "\n");
    if (!store.finish(claim, {crash_job("n" + claim.job, JobLane::kAnalysis, "C")}, kNow)) return say("error finish\n");
    say("finished " + claim.job + "\n");
  }
}

class KilledStore : public MemoryTestFolder {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "jobs.db"; }

  void spin() {
    for (int left = std::uniform_int_distribution(0, 300'000)(random_); left > 0; --left) spun_ = spun_ + 1;
  }

  /// What a child reported before it was killed, after so many reports and a few moments more.
  std::vector<std::string> killed_after(int reports, int round) {
    std::vector<std::string> said;
    ChildProcess child([&](const Say& say) { work_until_killed(file(), round, say); });
    for (int i = 0; i < reports; ++i) said.push_back(child.hear('\n'));
    spin();
    child.kill();
    for (std::string last = child.hear('\n'); !last.empty(); last = child.hear('\n')) said.push_back(last);
    return said;
  }

  void expect_kept(JobStore& store, const std::string& line) {
    SCOPED_TRACE(line);
    const std::vector<std::string_view> words = split(trim(line), ' ');
    const std::string id(words.at(1));
    const auto job = store.job(words[0] == "accepted" ? "q" + id : id);
    ASSERT_TRUE(job) << job.error().message;
    if (words[0] == "accepted") {
      EXPECT_TRUE(store.job("a" + id));
      EXPECT_FALSE(store.accept({"key " + id}, {}, kNow)->is_new);
      EXPECT_FALSE(store.accept({"other key " + id}, {}, kNow)->is_new);
    } else if (words[0] == "claimed") {
      EXPECT_GE(job->attempts, 1);
      EXPECT_GE(job->fence, std::stoll(std::string(words.at(2))));
    } else if (words[0] == "staged") {
      EXPECT_EQ(job->stage_data, id);
    } else if (words[0] == "begun") {
      EXPECT_EQ(ask(fmt::format("SELECT count(*) FROM deliveries WHERE id = '{}/0'", id)), "1");
    } else if (words[0] == "sent") {
      EXPECT_EQ(store.delivered(id + "/0")->value_or(""), "receipt");
    } else if (words[0] == "finished") {
      EXPECT_EQ(job->state, JobState::kDone);
      EXPECT_TRUE(store.job("n" + id));
    } else {
      ADD_FAILURE() << "no report";
    }
  }

  /// The first column of the first row.
  std::string ask(const std::string& query) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
    std::string answer;
    const auto keep = [](void* into, int, char** values, char**) {
      static_cast<std::string*>(into)->append(values[0] != nullptr ? values[0] : "NULL");
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database, query.c_str(), keep, &answer, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
    return answer;
  }

  void expect_nothing_is_half_there() {
    EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(ask("PRAGMA foreign_key_check"), "");
    // Of each request both keys and both jobs; of each finished job the one that follows; numbers as counted.
    const char* const halves[] = {
        "SELECT group_concat(id) FROM jobs q WHERE id LIKE 'q%' AND "
        "((SELECT count(*) FROM jobs WHERE id = 'a' || substr(q.id, 2)) <> 1 OR "
        "(SELECT count(*) FROM requests WHERE key IN ('key ' || substr(q.id, 2), 'other key ' || substr(q.id, 2))) <> "
        "2)",
        "SELECT nullif(abs(2 * (SELECT count(*) FROM jobs WHERE id LIKE 'q%') - (SELECT count(*) FROM requests)), 0)",
        "SELECT group_concat(id) FROM jobs q WHERE id LIKE 'q%' AND "
        "(state = 4) <> (SELECT count(*) FROM jobs WHERE id = 'n' || q.id)",
        "SELECT group_concat(lane || ' ' || state) FROM job_counts c "
        "WHERE jobs <> (SELECT count(*) FROM jobs WHERE lane = c.lane AND state = c.state)",
        "SELECT group_concat(name) FROM job_groups g "
        "WHERE jobs <> (SELECT count(*) FROM jobs WHERE lane = g.lane AND fair_group = g.name) "
        "OR ready <> (SELECT count(*) FROM jobs WHERE lane = g.lane AND fair_group = g.name AND state = 0)",
        "SELECT group_concat(id) FROM jobs WHERE state = 3 AND (owner = '' OR fence = 0 OR attempts = 0)",
        "SELECT group_concat(j.id) FROM jobs j JOIN deliveries d ON d.job = j.id WHERE j.stage = ''"};
    for (const char* query : halves) EXPECT_EQ(ask(query), "NULL") << query;
  }

  std::mt19937 random_{20'261'127};  // NOLINT: the same moments each time, as far as a scheduler allows
  volatile int spun_ = 0;
};

TEST_F(KilledStore, can_be_made_again) {
  for (int i = 0; i < 20; ++i) {
    const std::filesystem::path made = folder_ / fmt::format("{}.db", i);
    {
      ChildProcess child([&](const Say&) { (void)open_job_store(made, {}); });
      spin();
    }
    const auto store = open_job_store(made, {});
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_TRUE((*store)->accept({"a"}, {crash_job("a", JobLane::kQuick, "C")}, kNow)->is_new);
  }
}

TEST_F(KilledStore, holds_all_that_was_reported_and_nothing_half) {
  constexpr int kKills = 30;
  std::size_t reported = 0;
  ASSERT_TRUE(open_job_store(file(), {}));
  for (int round = 0; round < kKills && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const auto said = killed_after(std::uniform_int_distribution(0, 35)(random_), round);
    expect_nothing_is_half_there();
    auto store = open_job_store(file(), {});
    ASSERT_TRUE(store) << store.error().message;
    for (const std::string& line : said) {
      if (line.ends_with('\n')) expect_kept(**store, line);  // killed while it spoke: nobody was told
    }
    reported += said.size();
  }
  EXPECT_GT(reported, 300U);
}

}  // namespace
}  // namespace fa
