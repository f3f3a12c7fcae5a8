/// The stores of AWS are held to what those on a disk are held to, against a stand-in that evaluates conditions.
#include "aws_store/aws_store.h"

#include <unistd.h>

#include <atomic>

#include "base/text.h"
#include "store/blob_store_conformance.h"
#include "store/job_store_conformance_requests.h"
#include "store/job_store_conformance_work.h"
#include "support/aws/client_world.h"
#include "support/aws/stand_in.h"

namespace fa {
namespace {

using testing::HasSubstr;

/// The stand-in, and a client of its own for each thread of work.
class AwsPlace {
 public:
  AwsPlace() : stand_in(world()) {}
  static test::AwsWorld world() {
    test::AwsWorld made;
    made.dynamo_tables = {"fa2-jobs"};
    made.buckets["fa2-data"];
    return made;
  }
  static aws::Credentials credentials() {
    aws::Credentials made;
    made.access_key_id = test::AwsWorld().access_key_id;
    made.secret_access_key = Secret(test::AwsWorld().secret_access_key);
    return made;
  }

  test::AwsStandIn stand_in;
  test::StandInHttp http{stand_in};
  SystemClock clock;
  test::FakeSleeper sleeper;
  test::FixedRandom random;
  Retrier retrier{sleeper, random};
  test::FakeCredentials given{{credentials()}};
  aws::Client client{{http, retrier, given, clock}, test::ClientWorld::region("ap-northeast-1")};
};

DynamoJobOptions job_options(JobLimits limits = {}) {
  DynamoJobOptions options;
  options.table = "fa2-jobs";
  options.limits = limits;
  return options;
}

class DynamoPlace final : public JobStorePlace {
 public:
  // Many small pages make large queues slow; lets_many_processes_work_on_one_table has them.
  DynamoPlace() { aws_.stand_in.dynamo_page_items = 1000; }
  Result<std::unique_ptr<JobStore>> open(JobLimits limits) override {
    return make_dynamo_job_store(aws_.client, aws_.sleeper, aws_.random, job_options(limits));
  }

 private:
  AwsPlace aws_;
};

class S3Place final : public BlobStorePlace {
 public:
  ~S3Place() override { std::filesystem::remove_all(local_); }
  S3Place() = default;
  S3Place(const S3Place&) = delete;
  S3Place& operator=(const S3Place&) = delete;
  Result<std::unique_ptr<BlobStore>> open() override {
    S3BlobOptions options;
    options.bucket = "fa2-data";
    options.prefix = "team/";
    options.local = local_;
    options.part_bytes = 10;
    return open_s3_blob_store(aws_.client, options);
  }

 private:
  AwsPlace aws_;
  std::filesystem::path local_ = std::filesystem::path(testing::TempDir()) / fmt::format("fa2-s3-{}", ::getpid());
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Dynamo, JobStoreConformance,
                         testing::Values(JobStoreFactory([] { return std::make_unique<DynamoPlace>(); })),
                         [](const auto&) { return std::string("Table"); });
INSTANTIATE_TEST_SUITE_P(S3, BlobStoreConformance,
                         testing::Values(BlobStoreFactory([] { return std::make_unique<S3Place>(); })),
                         [](const auto&) { return std::string("Bucket"); });

namespace {

class DynamoJobs : public testing::Test {
 protected:
  std::unique_ptr<JobStore> store() {
    return make_dynamo_job_store(aws_.client, aws_.sleeper, aws_.random, job_options());
  }
  AwsPlace aws_;
};

TEST_F(DynamoJobs, keeps_texts_beyond_the_limit_of_an_item) {
  const auto jobs = store();
  NewJob job = some_job("large");
  job.payload.clear();
  while (job.payload.size() < 1'000'000) job.payload += "\xE9\x9A\x9C\xE5\xAE\xB3 42 ";
  ASSERT_TRUE(jobs->accept({"request"}, {job}, at_second(0)));
  EXPECT_EQ(jobs->job("large")->payload, job.payload);
  const auto claimed = jobs->claim(JobLane::kQuick, "A", std::chrono::minutes(2), at_second(1));
  ASSERT_TRUE(claimed && *claimed);
  EXPECT_EQ((*claimed)->payload, job.payload);
  const JobClaim claim{"large", (*claimed)->fence};
  ASSERT_TRUE(jobs->save_stage(claim, "collected", job.payload + "!"));
  EXPECT_EQ(jobs->job("large")->stage_data, job.payload + "!");
  ASSERT_TRUE(jobs->save_stage(claim, "reported", "{}"));
  EXPECT_EQ(jobs->job("large")->stage_data, "{}");
  ASSERT_TRUE(jobs->finish(claim, {}, at_second(2)));
  EXPECT_EQ(jobs->prune(at_second(3), kNoTime)->size(), 1U);
  EXPECT_FALSE(jobs->job("large"));
}

TEST_F(DynamoJobs, takes_names_that_are_no_keys) {
  const auto jobs = store();
  NewJob job = some_job(std::string(3000, 'x'), JobLane::kQuick, "");
  job.thread = std::string(5000, '#');
  ASSERT_TRUE(jobs->accept({std::string(4000, 'k'), std::string("\xFF\x01", 2)}, {job}, at_second(0)));
  EXPECT_FALSE(jobs->accept({std::string(4000, 'k')}, {}, at_second(0))->is_new);
  EXPECT_FALSE(jobs->accept({std::string("\xFF\x01", 2)}, {}, at_second(0))->is_new);
  EXPECT_EQ(jobs->latest_in_thread(job.thread, job.kind)->value().id, job.id);
  EXPECT_TRUE(jobs->join_alarm("", "", std::chrono::minutes(1), at_second(0))->is_new);
}

TEST_F(DynamoJobs, goes_on_where_others_write_the_same) {
  const auto jobs = store();
  aws_.stand_in.dynamo_conflict_every = 2;
  for (int i = 0; i < 10; ++i) {
    const auto accepted = jobs->accept({fmt::format("request {}", i)}, {some_job(fmt::format("J{}", i))}, at_second(0));
    ASSERT_TRUE(accepted) << accepted.error().message;
    EXPECT_TRUE(accepted->is_new);
    const auto job = jobs->claim(JobLane::kQuick, "A", std::chrono::minutes(2), at_second(1));
    ASSERT_TRUE(job && *job);
    const JobClaim claim{(*job)->id, (*job)->fence};
    EXPECT_EQ(jobs->begin_delivery(claim, claim.job + "/0")->state, Delivery::State::kNew);
    EXPECT_TRUE(jobs->finish_delivery(claim, claim.job + "/0", "{}"));
    EXPECT_TRUE(jobs->finish(claim, {}, at_second(2)));
  }
  EXPECT_EQ(jobs->counts(JobLane::kQuick)->done, 10U);
  aws_.stand_in.dynamo_conflict_every = 1;
  const auto never = jobs->accept({"never"}, {some_job("never")}, at_second(0));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ErrorCode::kUnavailable);
}

TEST_F(DynamoJobs, stores_a_request_once_although_its_answer_was_lost) {
  const auto jobs = store();
  aws_.stand_in.add_fault({"dynamodb", "TransactWriteItems", test::FaultKind::kCut, 1});
  const auto accepted = jobs->accept({"request"}, {some_job("A")}, at_second(0));
  ASSERT_TRUE(accepted) << accepted.error().message;
  EXPECT_TRUE(accepted->is_new) << "who repeats a call did not come before";
  EXPECT_EQ(aws_.stand_in.calls("dynamodb", "TransactWriteItems"), 2U);
}

TEST_F(DynamoJobs, says_what_keeps_it_from_working) {
  DynamoJobOptions options = job_options();
  options.table = "elsewhere";
  const auto missing = make_dynamo_job_store(aws_.client, aws_.sleeper, aws_.random, options);
  const auto check = missing->check(at_second(0));
  ASSERT_FALSE(check);
  EXPECT_EQ(check.error().code, ErrorCode::kUnreadable) << "a missing table is no missing job";
  EXPECT_THAT(check.error().message, HasSubstr("elsewhere"));
  EXPECT_EQ(missing->job("A").error().code, ErrorCode::kUnreadable);
  aws_.stand_in.add_fault({"dynamodb", "", test::FaultKind::kDenied});
  const auto denied = store()->check(at_second(0));
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(denied.error().message, HasSubstr("dynamodb:"));
}

TEST_F(DynamoJobs, lets_many_processes_work_on_one_table) {
  constexpr int kJobs = 24;
  aws_.stand_in.dynamo_page_items = 7;
  std::vector<NewJob> all;
  for (int i = 0; i < kJobs; ++i)
    all.push_back(some_job(fmt::format("J{}", i), JobLane::kQuick, fmt::format("C{}", i % 5)));
  ASSERT_TRUE(store()->accept({"all"}, all, at_second(0)));
  std::atomic<int> done = 0;
  std::vector<std::thread> processes;
  for (int process = 0; process < 3; ++process) {
    processes.emplace_back([&, process] {
      const auto own = store();
      while (true) {
        const auto job =
            own->claim(JobLane::kQuick, fmt::format("process {}", process), std::chrono::minutes(2), at_second(1));
        if (!job) {  // Others were faster sixteen times in a row.
          EXPECT_EQ(job.error().code, ErrorCode::kUnavailable) << job.error().message;
          continue;
        }
        if (!*job) return;
        EXPECT_EQ((*job)->attempts, 1) << (*job)->id;
        EXPECT_TRUE(own->finish({(*job)->id, (*job)->fence}, {}, at_second(2)));
        ++done;
      }
    });
  }
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(done, kJobs) << "each once";
}

TEST(S3Blobs, takes_no_manifest_that_leads_out_of_its_folder) {
  AwsPlace aws;
  S3BlobOptions options;
  options.bucket = "fa2-data";
  options.local = std::filesystem::path(testing::TempDir()) / fmt::format("fa2-s3-hostile-{}", ::getpid());
  const auto blobs = open_s3_blob_store(aws.client, options);
  ASSERT_TRUE(blobs) << blobs.error().message;
  for (const char* manifest :
       {"", "[]", "{}", R"({"files":1})", R"({"files":[{"path":"../x","parts":[]}]})",
        R"({"files":[{"path":"/etc/x","parts":[]}]})", R"({"files":[{"path":"a/../../x","parts":[]}]})",
        R"({"files":[{"path":"","parts":[]}]})", R"({"files":[{"path":"x","parts":[1]}]})",
        R"({"files":[{"path":1,"parts":[]}]})", R"({"files":["x"]})", R"({"files":[{"path":"x"}]})"}) {
    aws.stand_in.world().buckets["fa2-data"].objects["run~folder.json"] = manifest;
    const auto folder = (*blobs)->folder("run");
    ASSERT_FALSE(folder) << manifest;
    EXPECT_EQ(folder.error().code, ErrorCode::kUnreadable) << manifest;
  }
  std::filesystem::remove_all(options.local);
}

}  // namespace
}  // namespace fa
