#pragma once

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/job_store.h"

/// What every JobStore must do, as tests. A store instantiates them in one .cpp of its test program:
///   INSTANTIATE_TEST_SUITE_P(Sqlite, JobStoreConformance, testing::Values(JobStoreFactory{...}));
/// job_store_conformance_requests.h and job_store_conformance_work.h hold the tests. Only for tests.
namespace fa {

/// A durable place for the jobs of one test.
class JobStorePlace {
 public:
  virtual ~JobStorePlace() = default;
  /// The store at this place, with what it holds; the one opened before is gone by now.
  virtual Result<std::unique_ptr<JobStore>> open(JobLimits limits) = 0;
};

using JobStoreFactory = std::function<std::unique_ptr<JobStorePlace>()>;

inline TimePoint at_second(std::int64_t second) {
  return from_unix_nanos(1'800'000'000'000'000'000) + std::chrono::seconds(second);
}

inline NewJob some_job(const std::string& id, JobLane lane = JobLane::kQuick, const std::string& group = "C1",
                       const std::string& after = "") {
  NewJob job;
  job.id = id;
  job.kind = "acknowledge";
  job.lane = lane;
  job.group = group;
  job.thread = "C1:17.5";
  job.after = after;
  job.payload = R"({"text":"caf\u00e9"})";
  return job;
}

class JobStoreConformance : public testing::TestWithParam<JobStoreFactory> {
 protected:
  static constexpr Nanoseconds kLease = std::chrono::minutes(2);

  void SetUp() override {
    place_ = GetParam()();
    open({});
  }

  void open(JobLimits limits) {
    store_.reset();
    auto opened = place_->open(limits);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  /// Accepts a request of its own for these jobs.
  void add(const std::vector<NewJob>& jobs, TimePoint now = at_second(0)) {
    const auto accepted = store_->accept({"request " + jobs.at(0).id}, jobs, now);
    ASSERT_TRUE(accepted) << accepted.error().message;
    ASSERT_TRUE(accepted->is_new);
  }

  /// Id of the job that is claimed; empty: none.
  std::string claimed(TimePoint now = at_second(1), JobLane lane = JobLane::kQuick, const std::string& owner = "A") {
    const auto job = store_->claim(lane, owner, kLease, now);
    EXPECT_TRUE(job) << job.error().message;
    if (!job || !*job) return "";
    last_ = {(*job)->id, (*job)->fence};
    return (*job)->id;
  }

  JobClaim claim_of(const std::string& id, TimePoint now = at_second(1), const std::string& owner = "A") {
    EXPECT_EQ(claimed(now, JobLane::kQuick, owner), id);
    return last_;
  }

  /// Claims and finishes what is to be done, and says in which order.
  std::vector<std::string> done_in_order(JobLane lane = JobLane::kQuick, TimePoint now = at_second(1)) {
    std::vector<std::string> order;
    while (order.size() < 1000) {
      const std::string id = claimed(now, lane);
      if (id.empty()) break;
      order.push_back(id);
      EXPECT_TRUE(store_->finish(last_, {}, now));
    }
    return order;
  }

  JobState state_of(const std::string& id) {
    const auto job = store_->job(id);
    EXPECT_TRUE(job) << job.error().message;
    return job ? job->state : JobState::kFailed;
  }

  bool knows(const std::string& id) { return store_->job(id).has_value(); }

  template <class T>
  static void expect_error(const Result<T>& result, ErrorCode code) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_FALSE(result.error().message.empty());
  }

  std::unique_ptr<JobStorePlace> place_;
  std::unique_ptr<JobStore> store_;
  JobClaim last_;  ///< What claimed() gave last.
};

}  // namespace fa
