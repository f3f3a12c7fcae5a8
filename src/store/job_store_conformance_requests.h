#pragma once

#include "store/job_store_conformance.h"

/// Requests, deliveries and bookkeeping.
namespace fa {

TEST_P(JobStoreConformance, keeps_all_of_a_job) {
  NewJob asked = some_job("J", JobLane::kAnalysis, "C\"9'; DROP TABLE jobs; --");
  asked.thread = "C9:1.5";
  asked.after = "nobody";
  asked.payload = std::string("{\"a\":\"\xE9\x9A\x9C\xE5\xAE\xB3 \\u0000\"}") + std::string(100'000, ' ');
  add({asked}, at_second(7));
  open({});
  const auto job = store_->job("J");
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->id, "J");
  EXPECT_EQ(job->kind, asked.kind);
  EXPECT_EQ(job->lane, JobLane::kAnalysis);
  EXPECT_EQ(job->group, asked.group);
  EXPECT_EQ(job->thread, asked.thread);
  EXPECT_EQ(job->after, asked.after);
  EXPECT_EQ(job->payload, asked.payload);
  EXPECT_EQ(job->state, JobState::kQueued);
  EXPECT_EQ(job->attempts, 0);
  EXPECT_EQ(job->stage, "");
  EXPECT_EQ(job->error, "");
  EXPECT_EQ(job->created, at_second(7));
  EXPECT_EQ(job->finished, kNoTime);
  expect_error(store_->job("K"), ErrorCode::kNotFound);
}

TEST_P(JobStoreConformance, accepts_a_request_once_by_any_of_its_keys) {
  const auto accept = [&](const std::vector<std::string>& keys, const std::string& job) {
    const auto accepted = store_->accept(keys, {some_job(job)}, at_second(0));
    EXPECT_TRUE(accepted) << accepted.error().message;
    return accepted && accepted->is_new;
  };
  EXPECT_TRUE(accept({"event 1", "message 1"}, "A"));
  EXPECT_FALSE(accept({"event 1", "message 1"}, "B"));
  EXPECT_FALSE(accept({"event 2", "message 1"}, "C"));
  EXPECT_FALSE(accept({"event 1"}, "D"));
  EXPECT_TRUE(accept({"event 2"}, "E")) << "a refused request leaves no keys";
  open({});
  EXPECT_FALSE(accept({"event 2", "event 3"}, "F")) << "also after a restart";
  EXPECT_TRUE(accept({"twice", "twice"}, "G"));
  EXPECT_TRUE(accept({}, "H")) << "without keys nothing came before";
  EXPECT_TRUE(accept({}, "I"));
  EXPECT_THAT(done_in_order(), testing::ElementsAre("A", "E", "G", "H", "I"));
  EXPECT_FALSE(accept({"event 1"}, "A")) << "also when its jobs have ended";
}

TEST_P(JobStoreConformance, leaves_jobs_that_are_known_as_they_are) {
  add({some_job("A")});
  const JobClaim claim = claim_of("A");
  NewJob changed = some_job("A", JobLane::kAnalysis);
  changed.payload = "{}";
  const auto accepted = store_->accept({"other"}, {changed, some_job("B"), changed}, at_second(5));
  ASSERT_TRUE(accepted);
  EXPECT_TRUE(accepted->is_new);
  EXPECT_EQ(store_->job("A")->payload, some_job("A").payload);
  EXPECT_EQ(store_->job("A")->created, at_second(0));
  ASSERT_TRUE(store_->finish(claim, {changed}, at_second(6)));
  EXPECT_EQ(state_of("A"), JobState::kDone);
  EXPECT_THAT(done_in_order(), testing::ElementsAre("B"));
}

TEST_P(JobStoreConformance, stores_nothing_where_a_lane_is_full) {
  open({2, 3});
  const auto accept = [&](const std::string& key, const std::vector<NewJob>& jobs) {
    return store_->accept({key}, jobs, at_second(0));
  };
  const JobLane analysis = JobLane::kAnalysis;
  ASSERT_TRUE(accept("1", {some_job("A1", analysis), some_job("Q1")}));
  ASSERT_TRUE(accept("2", {some_job("A2", analysis)}));
  expect_error(accept("3", {some_job("Q2"), some_job("A3", analysis)}), ErrorCode::kLimit);
  EXPECT_FALSE(knows("Q2"));
  EXPECT_FALSE(knows("A3"));
  ASSERT_TRUE(accept("4", {some_job("A1", analysis), some_job("Q3")})) << "nothing new in the full lane";
  ASSERT_TRUE(accept("5", {})) << "nor here";
  expect_error(accept("6", {some_job("Q4"), some_job("Q5")}), ErrorCode::kLimit);
  EXPECT_FALSE(knows("Q4")) << "all or nothing";

  ASSERT_EQ(claimed(at_second(1), analysis), "A1");
  const auto again = accept("3", {some_job("Q2"), some_job("A3", analysis)});
  ASSERT_TRUE(again) << "what runs does not wait; " << again.error().message;
  EXPECT_TRUE(again->is_new) << "the same request may come again";
  ASSERT_TRUE(store_->finish(last_, {some_job("A4", analysis), some_job("A5", analysis)}, at_second(2)))
      << "what follows from a job is never refused";
  EXPECT_EQ(store_->counts(analysis)->queued, 4U);
  expect_error(accept("7", {some_job("A6", analysis)}), ErrorCode::kLimit);
}

TEST_P(JobStoreConformance, joins_alarms_that_keep_coming) {
  const Nanoseconds window = std::chrono::seconds(100);
  const auto join = [&](const std::string& key, const std::string& job, std::int64_t second) {
    const auto thread = store_->join_alarm(key, job, window, at_second(second));
    EXPECT_TRUE(thread) << thread.error().message;
    return thread.value_or(AlarmThread{});
  };
  EXPECT_TRUE(join("cpu", "1", 0).is_new);
  EXPECT_TRUE(join("disk", "2", 0).is_new) << "another alarm";
  AlarmThread thread = join("cpu", "3", 100);
  EXPECT_FALSE(thread.is_new);
  EXPECT_EQ(thread.first_job, "1");
  EXPECT_EQ(thread.notices, 2U);
  EXPECT_EQ(thread.first, at_second(0));
  EXPECT_EQ(thread.last, at_second(100));
  EXPECT_FALSE(join("cpu", "4", 200).is_new) << "the window begins again with each notice";

  open({});
  thread = join("cpu", "1", 5000);
  EXPECT_TRUE(thread.is_new) << "the same notice again hears the same";
  EXPECT_EQ(thread.notices, 3U);
  EXPECT_FALSE(join("cpu", "3", 5000).is_new);
  EXPECT_EQ(join("cpu", "4", 5000).last, at_second(200));

  thread = join("cpu", "5", 301);
  EXPECT_TRUE(thread.is_new) << "one more than the window";
  EXPECT_EQ(thread.first_job, "5");
  EXPECT_EQ(thread.notices, 1U);
  EXPECT_FALSE(join("cpu", "6", 290).is_new) << "notices that overtake each other";
  EXPECT_EQ(join("cpu", "6", 290).last, at_second(301));
  EXPECT_TRUE(join("cpu", "7", -9000).is_new) << "the clock was set back";
}

TEST_P(JobStoreConformance, remembers_deliveries) {
  add({some_job("A")});
  const JobClaim claim = claim_of("A");
  const auto begin = [&](const std::string& id) {
    const auto delivery = store_->begin_delivery(claim, id);
    EXPECT_TRUE(delivery) << delivery.error().message;
    return delivery.value_or(Delivery{});
  };
  EXPECT_EQ(begin("A/form").state, Delivery::State::kNew);
  open({});
  EXPECT_EQ(begin("A/form").state, Delivery::State::kBegun) << "and it is durable";
  EXPECT_EQ(begin("A/form").receipt, "");
  EXPECT_EQ(*store_->delivered("A/form"), std::nullopt);

  ASSERT_TRUE(store_->note_delivery(claim, "A/form", R"({"file":"F1"})"));
  EXPECT_EQ(begin("A/form").state, Delivery::State::kBegun);
  EXPECT_EQ(begin("A/form").receipt, R"({"file":"F1"})");
  EXPECT_EQ(*store_->delivered("A/form"), std::nullopt) << "noted is not sent";

  ASSERT_TRUE(store_->finish_delivery(claim, "A/form", R"({"ts":"1.5"})"));
  open({});
  EXPECT_EQ(begin("A/form").state, Delivery::State::kSent);
  EXPECT_EQ(begin("A/form").receipt, R"({"ts":"1.5"})");
  EXPECT_EQ(store_->delivered("A/form")->value_or(""), R"({"ts":"1.5"})");
  EXPECT_TRUE(store_->finish_delivery(claim, "A/form", R"({"ts":"1.5"})")) << "the same again is no error";
  expect_error(store_->note_delivery(claim, "A/form", "{}"), ErrorCode::kNotFound);
  expect_error(store_->forget_delivery(claim, "A/form"), ErrorCode::kNotFound);
  EXPECT_EQ(store_->delivered("A/form")->value_or(""), R"({"ts":"1.5"})") << "sent stays sent";

  EXPECT_EQ(begin("A/refused").state, Delivery::State::kNew);
  ASSERT_TRUE(store_->note_delivery(claim, "A/refused", "{}"));
  ASSERT_TRUE(store_->forget_delivery(claim, "A/refused"));
  EXPECT_EQ(begin("A/refused").state, Delivery::State::kNew) << "taken back";
  EXPECT_EQ(begin("A/refused").receipt, "");
  expect_error(store_->note_delivery(claim, "A/never", "{}"), ErrorCode::kNotFound);
  expect_error(store_->finish_delivery(claim, "A/never", "{}"), ErrorCode::kNotFound);
  expect_error(store_->forget_delivery(claim, "A/never"), ErrorCode::kNotFound);
  EXPECT_EQ(*store_->delivered("A/never"), std::nullopt);
}

TEST_P(JobStoreConformance, lets_another_attempt_see_what_an_earlier_one_delivered) {
  add({some_job("A"), some_job("B")});
  const JobClaim first = claim_of("A");
  ASSERT_TRUE(store_->begin_delivery(first, "A/0"));
  ASSERT_TRUE(store_->finish_delivery(first, "A/0", "{}"));
  ASSERT_TRUE(store_->begin_delivery(first, "A/1"));
  ASSERT_TRUE(store_->put_back(first, "timeout", at_second(1)));
  const JobClaim other = claim_of("B", at_second(0));
  ASSERT_TRUE(store_->finish(other, {}, at_second(1)));
  const JobClaim second = claim_of("A");
  EXPECT_EQ(store_->begin_delivery(second, "A/0")->state, Delivery::State::kSent);
  EXPECT_EQ(store_->begin_delivery(second, "A/1")->state, Delivery::State::kBegun);
  ASSERT_TRUE(store_->finish(second, {}, at_second(2)));
  EXPECT_EQ(store_->delivered("A/0")->value_or(""), "{}") << "of any job, also one that has ended";
}

TEST_P(JobStoreConformance, keeps_who_asked_for_what) {
  EXPECT_THAT(*store_->audit_log(10), testing::IsEmpty());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store_->audit({at_second(i), "T1", "C1", "U1", "investigate", fmt::format("J{}", i)}));
  }
  ASSERT_TRUE(store_->audit({at_second(2), "T2", "C2", "U2", "refused", ""}));
  open({});
  const auto log = store_->audit_log(3);
  ASSERT_TRUE(log) << log.error().message;
  ASSERT_EQ(log->size(), 3U);
  EXPECT_EQ(log->at(0).team, "T2");
  EXPECT_EQ(log->at(0).channel, "C2");
  EXPECT_EQ(log->at(0).user, "U2");
  EXPECT_EQ(log->at(0).action, "refused");
  EXPECT_EQ(log->at(0).time, at_second(2));
  EXPECT_EQ(log->at(1).subject, "J4");
  EXPECT_EQ(log->at(2).subject, "J3");
  ASSERT_TRUE(store_->prune(at_second(0), at_second(3)));
  EXPECT_EQ(store_->audit_log(100)->size(), 2U);
}

TEST_P(JobStoreConformance, forgets_what_ended_long_ago_and_nothing_else) {
  add({some_job("done"), some_job("failed"), some_job("late"), some_job("running"), some_job("queued"),
       some_job("waiting", JobLane::kQuick, "C1", "done")});
  const auto deliver = [&](const std::string& id) {
    ASSERT_TRUE(store_->begin_delivery(last_, id + "/0"));
    ASSERT_TRUE(store_->finish_delivery(last_, id + "/0", "{}"));
  };
  for (const char* id : {"done", "failed", "late", "running"}) {
    ASSERT_EQ(claimed(at_second(1)), id);
    deliver(id);
    if (id == std::string("done")) {
      ASSERT_TRUE(store_->finish(last_, {}, at_second(10)));
    }
    if (id == std::string("failed")) {
      ASSERT_TRUE(store_->give_up(last_, "no", {}, at_second(11)));
    }
    if (id == std::string("late")) {
      ASSERT_TRUE(store_->finish(last_, {}, at_second(20)));
    }
  }
  ASSERT_TRUE(store_->join_alarm("cpu", "done", std::chrono::hours(1), at_second(2)));
  ASSERT_TRUE(store_->join_alarm("disk", "late", std::chrono::hours(1), at_second(20)));

  EXPECT_THAT(*store_->prune(at_second(10), kNoTime), testing::IsEmpty()) << "what ended just then is not older";
  const auto gone = store_->prune(at_second(20), kNoTime);
  ASSERT_TRUE(gone) << gone.error().message;
  EXPECT_THAT(*gone, testing::UnorderedElementsAre("done", "failed"));
  open({});
  EXPECT_FALSE(knows("done"));
  EXPECT_FALSE(knows("failed"));
  EXPECT_EQ(state_of("late"), JobState::kDone);
  EXPECT_EQ(state_of("running"), JobState::kRunning);
  EXPECT_EQ(state_of("queued"), JobState::kQueued);
  EXPECT_EQ(*store_->delivered("done/0"), std::nullopt);
  EXPECT_EQ(*store_->delivered("failed/0"), std::nullopt);
  EXPECT_TRUE(store_->delivered("late/0")->has_value());
  EXPECT_TRUE(store_->delivered("running/0")->has_value());
  EXPECT_TRUE(store_->accept({"request done"}, {}, at_second(21))->is_new) << "its request is forgotten as well";
  EXPECT_TRUE(store_->join_alarm("cpu", "x", std::chrono::hours(1), at_second(21))->is_new) << "and so is the alarm";
  EXPECT_FALSE(store_->join_alarm("disk", "y", std::chrono::hours(1), at_second(21))->is_new);
  EXPECT_EQ(store_->counts(JobLane::kQuick)->done, 1U);
  EXPECT_EQ(store_->counts(JobLane::kQuick)->failed, 0U);
  EXPECT_THAT(done_in_order(), testing::ElementsAre("queued", "waiting"))
      << "a job still runs after one that is forgotten";
  EXPECT_THAT(*store_->prune(at_second(1'000'000), kNoTime),
              testing::UnorderedElementsAre("late", "queued", "waiting"));
  EXPECT_EQ(state_of("running"), JobState::kRunning);
}

TEST_P(JobStoreConformance, forgets_much_at_once) {
  std::vector<NewJob> jobs;
  for (int i = 0; i < 650; ++i)
    jobs.push_back(some_job(fmt::format("J{}", i), JobLane::kQuick, fmt::format("C{}", i % 7)));
  jobs[0].after = "J649";
  add(jobs);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 10; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 60; ++i) {
        const auto job = store_->claim(JobLane::kQuick, "A", kLease, at_second(1));
        ASSERT_TRUE(job && *job);
        ASSERT_TRUE(store_->finish({(*job)->id, (*job)->fence}, {}, at_second(2)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->prune(at_second(3), kNoTime)->size(), 600U);
  EXPECT_EQ(store_->counts(JobLane::kQuick)->queued, 50U);
  EXPECT_EQ(store_->counts(JobLane::kQuick)->done, 0U);
  EXPECT_EQ(done_in_order().size(), 50U);
}

TEST_P(JobStoreConformance, tells_whether_anything_can_be_stored) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store_->check(at_second(i)));
}

}  // namespace fa
