#pragma once

#include <atomic>

#include "store/job_store_conformance.h"

/// Claiming jobs, in which order, and what only the holder of a claim may do.
namespace fa {

TEST_P(JobStoreConformance, takes_a_job_through_its_life) {
  add({some_job("A")}, at_second(5));
  const auto job = store_->claim(JobLane::kQuick, "A", kLease, at_second(6));
  ASSERT_TRUE(job && *job);
  EXPECT_EQ((*job)->id, "A");
  EXPECT_EQ((*job)->state, JobState::kRunning);
  EXPECT_EQ((*job)->attempts, 1);
  EXPECT_EQ((*job)->created, at_second(5));
  EXPECT_EQ((*job)->payload, some_job("A").payload);
  const JobClaim claim{"A", (*job)->fence};
  ASSERT_TRUE(store_->save_stage(claim, "collected", R"({"files":5})"));
  open({});
  EXPECT_EQ(store_->job("A")->stage, "collected");
  EXPECT_EQ(store_->job("A")->stage_data, R"({"files":5})");
  ASSERT_TRUE(store_->finish(claim, {some_job("B", JobLane::kAnalysis, "C1", "A")}, at_second(9)));
  open({});
  EXPECT_EQ(state_of("A"), JobState::kDone);
  EXPECT_EQ(store_->job("A")->finished, at_second(9));
  EXPECT_EQ(store_->job("A")->stage, "collected");
  EXPECT_EQ(store_->job("B")->created, at_second(9));
  EXPECT_EQ(claimed(), "") << "nothing else in this lane";
  EXPECT_EQ(claimed(at_second(10), JobLane::kAnalysis), "B");
}

TEST_P(JobStoreConformance, puts_back_and_gives_up) {
  add({some_job("A")});
  JobClaim claim = claim_of("A");
  ASSERT_TRUE(store_->save_stage(claim, "collected", "{}"));
  ASSERT_TRUE(store_->put_back(claim, "Slack timed out", at_second(100)));
  open({});
  EXPECT_EQ(state_of("A"), JobState::kQueued);
  EXPECT_EQ(store_->job("A")->error, "Slack timed out");
  EXPECT_EQ(claimed(at_second(99)), "") << "not before its time";
  const auto again = store_->claim(JobLane::kQuick, "A", kLease, at_second(100));
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->attempts, 2);
  EXPECT_GT((*again)->fence, claim.fence);
  EXPECT_EQ((*again)->stage, "collected") << "goes on from there";
  EXPECT_EQ((*again)->error, "Slack timed out");
  claim.fence = (*again)->fence;
  ASSERT_TRUE(store_->give_up(claim, "Slack said no", {some_job("tell")}, at_second(101)));
  EXPECT_EQ(state_of("A"), JobState::kFailed);
  EXPECT_EQ(store_->job("A")->error, "Slack said no");
  EXPECT_EQ(store_->job("A")->finished, at_second(101));
  EXPECT_THAT(done_in_order(JobLane::kQuick, at_second(102)), testing::ElementsAre("tell"));
}

TEST_P(JobStoreConformance, lets_groups_take_turns) {
  std::vector<NewJob> jobs;
  for (const char* id : {"a1", "a2", "a3", "a4", "b1", "b2", "c1"})
    jobs.push_back(some_job(id, JobLane::kQuick, {id[0]}));
  add(jobs);
  EXPECT_EQ(claimed(), "a1");
  EXPECT_EQ(claimed(), "b1");
  EXPECT_EQ(claimed(), "c1");
  EXPECT_EQ(claimed(), "a2");
  add({some_job("c2", JobLane::kQuick, "c"), some_job("d1", JobLane::kQuick, "d")});
  EXPECT_EQ(claimed(), "d1") << "never served yet";
  EXPECT_EQ(claimed(), "b2");
  EXPECT_EQ(claimed(), "c2");
  open({});
  add({some_job("b3", JobLane::kQuick, "b")});
  EXPECT_EQ(claimed(), "a3") << "a restart does not change whose turn it is";
  EXPECT_EQ(claimed(), "b3");
  EXPECT_EQ(claimed(), "a4");
  EXPECT_EQ(claimed(), "");
}

TEST_P(JobStoreConformance, keeps_lanes_apart) {
  add({some_job("long", JobLane::kAnalysis), some_job("short")});
  EXPECT_EQ(claimed(at_second(1), JobLane::kQuick), "short");
  EXPECT_EQ(claimed(at_second(1), JobLane::kQuick), "");
  EXPECT_EQ(claimed(at_second(1), JobLane::kAnalysis), "long");
}

TEST_P(JobStoreConformance, holds_a_job_back_until_the_one_before_it_has_ended) {
  add({some_job("A"), some_job("B", JobLane::kQuick, "C1", "A"), some_job("C", JobLane::kQuick, "C1", "B"),
       some_job("D", JobLane::kQuick, "C1", "unknown")});
  const JobClaim a = claim_of("A");
  const JobClaim d = claim_of("D");
  EXPECT_EQ(claimed(), "");
  ASSERT_TRUE(store_->put_back(a, "", at_second(50)));
  EXPECT_EQ(claimed(), "") << "put back is not ended";
  const JobClaim again = claim_of("A", at_second(50));
  open({});
  EXPECT_EQ(claimed(at_second(51)), "");
  ASSERT_TRUE(store_->give_up(again, "failed", {}, at_second(52)));
  EXPECT_EQ(claimed(at_second(53)), "B") << "failed is ended";
  ASSERT_TRUE(store_->finish(last_, {}, at_second(54)));
  EXPECT_EQ(claimed(at_second(55)), "C");
  add({some_job("E", JobLane::kQuick, "C1", "A")}, at_second(56));
  EXPECT_EQ(claimed(at_second(57)), "E") << "ended long ago";
  ASSERT_TRUE(store_->finish(d, {some_job("F", JobLane::kQuick, "C1", "D")}, at_second(58)));
  EXPECT_EQ(claimed(at_second(59)), "F") << "what follows may wait for what it follows";
}

TEST_P(JobStoreConformance, takes_over_a_job_whose_lease_ended) {
  add({some_job("A")});
  const JobClaim first = claim_of("A", at_second(0), "one");
  EXPECT_EQ(claimed(at_second(119), JobLane::kQuick, "two"), "");
  ASSERT_TRUE(store_->extend(first, kLease, at_second(100)));
  EXPECT_EQ(claimed(at_second(219), JobLane::kQuick, "two"), "") << "it was extended";
  EXPECT_EQ(claimed(at_second(100'000), JobLane::kQuick, "one"), "") << "its own owner is at it still";
  ASSERT_TRUE(store_->extend(first, kLease, at_second(225))) << "late, but nobody took it";
  EXPECT_EQ(claimed(at_second(344), JobLane::kQuick, "two"), "");
  const JobClaim second = claim_of("A", at_second(345), "two");
  EXPECT_GT(second.fence, first.fence);
  EXPECT_EQ(store_->job("A")->attempts, 2);
  EXPECT_EQ(claimed(at_second(100'000), JobLane::kQuick, "two"), "");
  EXPECT_EQ(claimed(at_second(100'000), JobLane::kQuick, "one"), "A")
      << "the first owner lost it, and may have it again";
}

TEST_P(JobStoreConformance, does_not_free_one_job_by_claiming_another) {
  add({some_job("A"), some_job("B")});
  claim_of("A", at_second(0), "one");
  claim_of("B", at_second(0), "one");
  EXPECT_EQ(claimed(at_second(1000), JobLane::kQuick, "two"), "A");
  EXPECT_EQ(claimed(at_second(1000), JobLane::kQuick, "one"), "") << "B is its own still";
  EXPECT_EQ(claimed(at_second(1000), JobLane::kQuick, "two"), "B");
}

TEST_P(JobStoreConformance, writes_nothing_for_a_claim_that_was_lost) {
  add({some_job("A"), some_job("B")});
  const JobClaim lost = claim_of("A", at_second(0), "one");
  ASSERT_TRUE(store_->begin_delivery(lost, "A/0"));
  const JobClaim holder = claim_of("B", at_second(0), "two");
  ASSERT_TRUE(store_->finish(holder, {}, at_second(1)));
  const JobClaim present = claim_of("A", at_second(500), "two");
  ASSERT_TRUE(store_->save_stage(present, "collected", "present"));
  struct Claim {
    const char* why;
    JobClaim claim;
  };
  for (const Claim& each : {Claim{"taken over", lost}, Claim{"ended", holder}, Claim{"unknown", {"X", 1}},
                            Claim{"never given", {"A", present.fence + 1}}}) {
    SCOPED_TRACE(each.why);
    const JobClaim& claim = each.claim;
    expect_error(store_->extend(claim, std::chrono::hours(1), at_second(501)), ErrorCode::kCancelled);
    expect_error(store_->save_stage(claim, "reported", "late"), ErrorCode::kCancelled);
    expect_error(store_->finish(claim, {some_job("next")}, at_second(501)), ErrorCode::kCancelled);
    expect_error(store_->put_back(claim, "late", at_second(501)), ErrorCode::kCancelled);
    expect_error(store_->give_up(claim, "late", {some_job("next")}, at_second(501)), ErrorCode::kCancelled);
    expect_error(store_->begin_delivery(claim, "A/1"), ErrorCode::kCancelled);
    expect_error(store_->note_delivery(claim, "A/0", "late"), ErrorCode::kCancelled);
    expect_error(store_->finish_delivery(claim, "A/0", "late"), ErrorCode::kCancelled);
    expect_error(store_->forget_delivery(claim, "A/0"), ErrorCode::kCancelled);
  }
  EXPECT_EQ(state_of("A"), JobState::kRunning);
  EXPECT_EQ(store_->job("A")->stage_data, "present");
  EXPECT_EQ(store_->job("A")->error, "");
  EXPECT_EQ(state_of("B"), JobState::kDone);
  EXPECT_EQ(store_->job("B")->finished, at_second(1));
  EXPECT_FALSE(knows("next"));
  EXPECT_EQ(store_->begin_delivery(present, "A/0")->state, Delivery::State::kBegun);
  EXPECT_EQ(store_->begin_delivery(present, "A/0")->receipt, "");
  EXPECT_EQ(store_->begin_delivery(present, "A/1")->state, Delivery::State::kNew);
  EXPECT_EQ(claimed(at_second(620), JobLane::kQuick, "three"), "A") << "its lease was not extended";
}

TEST_P(JobStoreConformance, survives_clocks_that_jump) {
  add({some_job("A")}, at_second(0));
  const JobClaim a = claim_of("A", at_second(0), "one");
  EXPECT_EQ(claimed(at_second(1'000'000'000), JobLane::kQuick, "one"), "") << "forward: not twice by one owner";
  EXPECT_EQ(claimed(at_second(-86'400), JobLane::kQuick, "one"), "") << "backward: neither";
  EXPECT_TRUE(store_->extend(a, kLease, at_second(-86'400)));
  EXPECT_TRUE(store_->finish(a, {}, at_second(-86'400)));

  add({some_job("B")}, at_second(1'000'000));
  claim_of("B", at_second(1'000'000), "one");
  EXPECT_EQ(claimed(at_second(0), JobLane::kQuick, "two"), "B") << "a lease from the future binds nobody";

  const auto longest = at_second(0) + JobStore::kLongestPause;
  ASSERT_TRUE(store_->put_back(last_, "", longest));
  EXPECT_EQ(claimed(at_second(0)), "") << "the longest pause is kept";
  EXPECT_EQ(claimed(at_second(-1)), "B") << "a longer one is over";
  ASSERT_TRUE(store_->put_back(last_, "", TimePoint::max()));
  EXPECT_EQ(claimed(at_second(0)), "B");
  ASSERT_TRUE(store_->put_back(last_, "", kNoTime));
  EXPECT_EQ(claimed(kNoTime), "B") << "times at the ends of their range";
  ASSERT_TRUE(store_->extend(last_, Nanoseconds::max(), TimePoint::max()));
  EXPECT_EQ(claimed(TimePoint::max(), JobLane::kQuick, "three"), "B");
}

TEST_P(JobStoreConformance, keeps_no_lease_longer_than_the_longest_pause) {
  add({some_job("A")});
  const auto job = store_->claim(JobLane::kQuick, "one", std::chrono::hours(24), at_second(0));
  ASSERT_TRUE(job && *job);
  const auto end = at_second(0) + JobStore::kLongestPause;
  EXPECT_EQ(claimed(end - Nanoseconds{1}, JobLane::kQuick, "two"), "");
  EXPECT_EQ(claimed(end, JobLane::kQuick, "two"), "A");
}

TEST_P(JobStoreConformance, releases_all_for_a_server_that_is_alone) {
  add({some_job("A"), some_job("B", JobLane::kAnalysis), some_job("C"), some_job("D")});
  const JobClaim a = claim_of("A");
  ASSERT_EQ(claimed(at_second(1), JobLane::kAnalysis), "B");
  const JobClaim c = claim_of("C");
  ASSERT_TRUE(store_->finish(c, {}, at_second(1)));
  open({});
  EXPECT_EQ(store_->release_all().value_or(99), 2U);
  EXPECT_EQ(store_->release_all().value_or(99), 0U);
  EXPECT_EQ(state_of("A"), JobState::kQueued);
  expect_error(store_->save_stage(a, "late", "{}"), ErrorCode::kCancelled);
  EXPECT_EQ(claimed(), "A") << "at once, and by any owner; the oldest of its group first";
  EXPECT_EQ(store_->job("A")->attempts, 2);
  EXPECT_EQ(claimed(), "D");
  EXPECT_EQ(claimed(), "");
  EXPECT_EQ(claimed(at_second(1), JobLane::kAnalysis), "B");
}

TEST_P(JobStoreConformance, finds_the_latest_of_a_thread) {
  NewJob first = some_job("1");
  NewJob second = some_job("2");
  NewJob elsewhere = some_job("3");
  NewJob of_another_kind = some_job("4");
  NewJob of_none = some_job("5");
  elsewhere.thread = "C2:1.0";
  of_another_kind.kind = "answer";
  of_none.thread = "";
  add({first, second, elsewhere, of_another_kind, of_none});
  const auto latest = [&](const std::string& thread, const std::string& kind) {
    const auto job = store_->latest_in_thread(thread, kind);
    EXPECT_TRUE(job) << job.error().message;
    return job && *job ? (*job)->id : std::string();
  };
  EXPECT_EQ(latest("C1:17.5", "acknowledge"), "2");
  EXPECT_EQ(latest("C1:17.5", "answer"), "4");
  EXPECT_EQ(latest("C2:1.0", "acknowledge"), "3");
  EXPECT_EQ(latest("C2:1.0", "answer"), "");
  EXPECT_EQ(latest("", "acknowledge"), "") << "no conversation is not one conversation";
  done_in_order();
  EXPECT_EQ(latest("C1:17.5", "acknowledge"), "2") << "whatever its state";
}

TEST_P(JobStoreConformance, says_how_many_come_before) {
  std::vector<NewJob> jobs;
  for (const char* id : {"a1", "a2", "a3", "b1", "b2", "c1"}) jobs.push_back(some_job(id, JobLane::kQuick, {id[0]}));
  jobs.push_back(some_job("other", JobLane::kAnalysis));
  add(jobs);
  const auto ahead = [&](const std::string& id) {
    const auto count = store_->ahead_of(id);
    EXPECT_TRUE(count) << count.error().message;
    return count.value_or(99);
  };
  EXPECT_EQ(ahead("other"), 0U);
  EXPECT_EQ(ahead("a1"), 0U);
  expect_error(store_->ahead_of("x"), ErrorCode::kNotFound);
  // Held against what happens: each job is claimed when all that were said to be before it are.
  std::vector<std::pair<std::string, std::size_t>> said;
  for (const NewJob& job : jobs) {
    if (job.lane == JobLane::kQuick) said.emplace_back(job.id, ahead(job.id));
  }
  ASSERT_EQ(claimed(), "a1");
  EXPECT_EQ(ahead("a1"), 0U) << "it runs";
  EXPECT_EQ(ahead("b1"), 1U) << "what runs counts";
  EXPECT_EQ(ahead("a3"), 5U) << "its group has had a turn";
  ASSERT_TRUE(store_->finish(last_, {}, at_second(1)));
  EXPECT_EQ(ahead("a1"), 0U) << "it has ended";
  std::vector<std::string> order = done_in_order();
  order.insert(order.begin(), "a1");
  for (const auto& [id, count] : said) {
    ASSERT_LT(count, order.size()) << id;
    EXPECT_EQ(order.at(count), id);
  }
}

TEST_P(JobStoreConformance, counts_jobs) {
  EXPECT_EQ(store_->counts(JobLane::kQuick)->oldest_queued, kNoTime);
  add({some_job("A")}, at_second(1));
  add({some_job("B"), some_job("C"), some_job("D"), some_job("E", JobLane::kQuick, "C1", "D")}, at_second(2));
  add({some_job("X", JobLane::kAnalysis)}, at_second(3));
  EXPECT_EQ(store_->counts(JobLane::kQuick)->oldest_queued, at_second(1));
  ASSERT_TRUE(store_->finish(claim_of("A"), {}, at_second(4)));
  ASSERT_TRUE(store_->give_up(claim_of("B"), "no", {}, at_second(4)));
  ASSERT_TRUE(store_->put_back(claim_of("C"), "later", at_second(100)));
  claim_of("D");
  open({});
  const auto counts = store_->counts(JobLane::kQuick);
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_EQ(counts->queued, 2U) << "what waits for a time or a job is queued, too";
  EXPECT_EQ(counts->running, 1U);
  EXPECT_EQ(counts->done, 1U);
  EXPECT_EQ(counts->failed, 1U);
  EXPECT_EQ(counts->oldest_queued, at_second(2));
  EXPECT_EQ(store_->counts(JobLane::kAnalysis)->queued, 1U);
  EXPECT_EQ(store_->counts(JobLane::kAnalysis)->running, 0U);
}

TEST_P(JobStoreConformance, gives_each_job_to_one_of_many_threads) {
  constexpr int kThreads = 4;
  constexpr int kRequests = 40;
  std::atomic<int> accepted = 0;
  std::atomic<int> finished = 0;
  const auto work = [&](int thread) {
    for (int i = 0; i < kRequests; ++i) {
      // All threads bring the same requests, as Slack does that repeats them.
      const auto came =
          store_->accept({fmt::format("event {}", i)},
                         {some_job(fmt::format("J{}", i), JobLane::kQuick, fmt::format("C{}", i % 3))}, at_second(0));
      ASSERT_TRUE(came) << came.error().message;
      accepted += came->is_new ? 1 : 0;
      const auto job = store_->claim(JobLane::kQuick, fmt::format("owner {}", thread), kLease, at_second(1));
      ASSERT_TRUE(job) << job.error().message;
      if (!*job) continue;
      EXPECT_EQ((*job)->attempts, 1) << (*job)->id;
      const JobClaim claim{(*job)->id, (*job)->fence};
      EXPECT_EQ(store_->begin_delivery(claim, claim.job + "/0")->state, Delivery::State::kNew);
      EXPECT_TRUE(store_->counts(JobLane::kQuick));
      EXPECT_TRUE(store_->job(claim.job));
      const bool first = (*job)->kind == "acknowledge";
      NewJob next = some_job(claim.job + "+");
      next.kind = "next";
      const auto ended = store_->finish(claim, first ? std::vector<NewJob>{next} : std::vector<NewJob>{}, at_second(2));
      ASSERT_TRUE(ended) << ended.error().message;
      ++finished;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, kRequests);
  finished += static_cast<int>(done_in_order().size());
  EXPECT_EQ(finished, 2 * kRequests) << "each once";
  EXPECT_EQ(store_->counts(JobLane::kQuick)->done, static_cast<std::uint64_t>(2 * kRequests));
}

}  // namespace fa
