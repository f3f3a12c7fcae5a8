#include "chatops/courier.h"

#include "chatops/flow_test_rig.h"

namespace fa::chatops {
namespace {

class CourierTest : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    NewJob job;
    job.id = "job-1";
    job.kind = "test";
    job.group = "C1";
    ASSERT_TRUE(jobs->accept({"key"}, {job}, clock.now()));
    const auto claimed = jobs->claim(JobLane::kQuick, "test", std::chrono::minutes(2), clock.now());
    ASSERT_TRUE(claimed && *claimed);
    claim = {(*claimed)->id, (*claimed)->fence};
  }
  Result<slack::Posted> post(const std::string& id) {
    return Courier(slack, *jobs).post(claim, id, {"C1", "1.2", "hello", "", ""}, Context{});
  }
  Result<void> share(const std::string& id) {
    return Courier(slack, *jobs).share(claim, id, {"C1", "1.2", "report.html", "Report", "<html>", ""}, Context{});
  }
  JobClaim claim;
};

const Error kMaybe{ErrorCode::kUnavailable, "connection lost", std::string(slack::kMaybeSent)};

TEST_F(CourierTest, sends_a_message_once_however_often_it_is_asked) {
  const auto first = post("job-1/a");
  ASSERT_TRUE(first);
  const auto second = post("job-1/a");
  ASSERT_TRUE(second);
  EXPECT_EQ(first->ts, second->ts);
  ASSERT_EQ(slack.posted().size(), 1U);
  EXPECT_EQ(slack.posted()[0].message.delivery_id, "job-1/a");
  EXPECT_TRUE(post("job-1/b"));
  EXPECT_EQ(slack.posted().size(), 2U);
  const auto where = delivered_to(*jobs, "job-1/a");
  ASSERT_TRUE(where && *where);
  EXPECT_EQ((*where)->ts, first->ts);
}

TEST_F(CourierTest, finds_what_arrived_although_the_answer_was_lost) {
  slack.fail_next("chat.postMessage", {kMaybe, true});
  ASSERT_TRUE(post("job-1/a"));
  EXPECT_EQ(slack.posted().size(), 1U);
}

TEST_F(CourierTest, looks_before_it_sends_again_where_looking_failed) {
  slack.fail_next("chat.postMessage", {kMaybe, true});
  slack.fail_next("conversations.replies", {{ErrorCode::kUnavailable, "down", ""}, false});
  EXPECT_FALSE(post("job-1/a"));
  ASSERT_TRUE(post("job-1/a"));
  EXPECT_EQ(slack.posted().size(), 1U);
}

TEST_F(CourierTest, sends_again_what_did_not_arrive) {
  slack.fail_next("chat.postMessage", {kMaybe, false});
  EXPECT_FALSE(post("job-1/a"));
  ASSERT_TRUE(post("job-1/a"));
  EXPECT_EQ(slack.posted().size(), 1U);
}

TEST_F(CourierTest, a_refused_message_was_not_sent) {
  slack.fail_next("chat.postMessage", {{ErrorCode::kDenied, "not_in_channel", "not_in_channel"}, false});
  const auto refused = post("job-1/a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "not_in_channel");
  ASSERT_TRUE(post("job-1/a"));
  EXPECT_EQ(slack.posted().size(), 1U);
}

TEST_F(CourierTest, a_lost_claim_sends_nothing) {
  ASSERT_TRUE(jobs->release_all());
  const auto other = jobs->claim(JobLane::kQuick, "other", std::chrono::minutes(2), clock.now());
  ASSERT_TRUE(other && *other);
  const auto refused = post("job-1/a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(slack.posted().empty());
}

TEST_F(CourierTest, shares_a_file_once_whatever_is_lost) {
  slack.fail_next("files.completeUploadExternal", {kMaybe, true});
  ASSERT_TRUE(share("job-1/f"));
  ASSERT_TRUE(share("job-1/f"));
  EXPECT_EQ(slack.files().size(), 1U);
}

TEST_F(CourierTest, uploads_again_what_was_not_shared) {
  slack.fail_next("files.completeUploadExternal", {{ErrorCode::kUnavailable, "down", ""}, false});
  EXPECT_FALSE(share("job-1/f"));
  ASSERT_TRUE(share("job-1/f"));
  EXPECT_EQ(slack.files().size(), 1U);
}

TEST_F(CourierTest, uploads_again_what_an_upload_address_took_without_keeping_it) {
  slack.fail_next("files.completeUploadExternal",
                  {{ErrorCode::kNotFound, "no such file", std::string(slack::kNoSuchFile)}, false});
  ASSERT_TRUE(share("job-1/f"));
  EXPECT_EQ(slack.files().size(), 1U);
}

TEST_F(CourierTest, an_upload_address_that_never_keeps_anything_is_tried_again_later) {
  for (int i = 0; i < 3; ++i) {
    slack.fail_next("files.completeUploadExternal",
                    {{ErrorCode::kNotFound, "no such file", std::string(slack::kNoSuchFile)}, false});
  }
  const auto shared = share("job-1/f");
  ASSERT_FALSE(shared);
  EXPECT_EQ(shared.error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(share("job-1/f"));
  EXPECT_EQ(slack.files().size(), 1U);
}

TEST_F(CourierTest, finds_a_shared_file_after_a_crash) {
  slack.fail_next("files.completeUploadExternal", {{ErrorCode::kUnavailable, "down", ""}, true});
  EXPECT_FALSE(share("job-1/f"));  // As if the process had ended right after the call.
  ASSERT_TRUE(share("job-1/f"));
  EXPECT_EQ(slack.files().size(), 1U);
}

}  // namespace
}  // namespace fa::chatops
