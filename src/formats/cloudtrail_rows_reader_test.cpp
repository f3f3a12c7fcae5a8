#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "formats/aws_test_sink.h"
#include "formats/cloudtrail_rows.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_in_chunks;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string header() {
  std::string text;
  for (const auto& column : kCloudTrailRowColumns) text += (text.empty() ? "" : ",") + std::string(column);
  return text + "\r\n";
}

const std::string kUpdate =
    "2026-03-14T08:29:11Z,ecs.amazonaws.com,UpdateService,eu-west-1,203.0.113.9,AssumedRole,"
    "arn:aws:sts::123456789012:assumed-role/deployer/ci-4711,,,123456789012,AROAEXAMPLE:ci-4711,,,false,e1,"
    "\"{\"\"cluster\"\":\"\"shop\"\", \"\"service\"\":\"\"orders\"\",\n\"\"taskDefinition\"\":\"\"orders:42\"\"}\"\r\n";
const std::string kRefused =
    "2026-03-14T08:31:00Z,secretsmanager.amazonaws.com,GetSecretValue,eu-west-1,10.0.0.3,IAMUser,"
    "arn:aws:iam::123456789012:user/alice,alice,,123456789012,AIDA,AccessDenied,\"not authorized, sorry\",true,e2,\r\n";
const std::string kRead =
    "2026-03-14T08:31:00Z,ec2.amazonaws.com,DescribeInstances,eu-west-1,10.0.0.3,IAMUser,,alice,,,,,,true,e3,\r\n";

CollectingSink read(const std::string& text, std::size_t chunk = 1'000'000) {
  CollectingSink sink;
  read_in_chunks(*make_cloudtrail_rows_reader({}), text, chunk, sink);
  return sink;
}

TEST(CloudTrailRowsReader, judges_rows_as_the_log_files_are_judged) {
  const std::string text = header() + kUpdate + kRead + kRefused + kRead;
  ASSERT_EQ(detect_format(text, true).format, Format::kCloudTrailRows);
  const CollectingSink sink = read(text);
  ASSERT_THAT(sink.changes, SizeIs(2));
  const ChangeEvent& c = sink.changes[0];
  EXPECT_EQ(format_rfc3339(c.time), "2026-03-14T08:29:11Z");
  EXPECT_EQ(c.kind, "deployment");
  EXPECT_EQ(c.actor, "deployer/ci-4711");
  EXPECT_EQ(c.action, "ecs:UpdateService");
  EXPECT_EQ(c.service, "orders");
  EXPECT_EQ(c.after, R"({"cluster":"shop","service":"orders","taskDefinition":"orders:42"})");
  EXPECT_EQ(c.origin, "203.0.113.9");
  EXPECT_EQ(c.region, "eu-west-1");
  EXPECT_EQ(bytes_at(text, c.position), kUpdate);
  EXPECT_EQ(c.position.line_count, 2U);
  EXPECT_EQ(sink.changes[1].actor, "alice");
  EXPECT_EQ(sink.changes[1].error, "AccessDenied: not authorized, sorry");
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_EQ(sink.skipped[0].records, 2U);
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("read-only"));
}

TEST(CloudTrailRowsReader, pieces_of_any_size_give_the_same_changes) {
  const std::string text = header() + kUpdate + kRefused + kUpdate;
  for (std::size_t chunk = 1; chunk < 60; chunk += 5) {
    const CollectingSink sink = read(text, chunk);
    ASSERT_THAT(sink.changes, SizeIs(3)) << chunk;
    EXPECT_EQ(bytes_at(text, sink.changes[2].position), kUpdate) << chunk;
  }
}

TEST(CloudTrailRowsReader, parameters_that_are_no_json_cost_nothing_else) {
  std::string row = kUpdate;
  const std::size_t begin = row.find("\"{");
  row = row.substr(0, begin) + "\"{\"\"service\"\":\"\"orders\"\", broken\"\r\n";
  std::string words = kUpdate.substr(0, begin) + "whatever\r\n";
  const CollectingSink sink = read(header() + row + words);
  ASSERT_THAT(sink.changes, SizeIs(2));
  EXPECT_EQ(sink.changes[0].service, "orders");
  EXPECT_EQ(sink.changes[1].after, "");
}

TEST(CloudTrailRowsReader, a_row_without_a_time_or_name_is_told) {
  std::string undated = kRefused;
  undated.replace(0, 20, "");
  std::string nameless = kRefused;
  nameless.replace(nameless.find("GetSecretValue"), 14, "");
  const CollectingSink sink = read(header() + undated + nameless);
  EXPECT_THAT(sink.changes, SizeIs(1));
  ASSERT_THAT(sink.skipped, SizeIs(2));
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("eventTime"));
  EXPECT_THAT(sink.skipped[1].reason, HasSubstr("eventname"));
}

}  // namespace
}  // namespace fa
