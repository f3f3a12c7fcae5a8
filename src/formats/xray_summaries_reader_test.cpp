#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "formats/aws_test_sink.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_xray_summaries_reader({}), text, sink);
  return sink;
}

const std::string kSummary =
    R"({"Id":"1-5759e988-bd862e3fe1be46a994272793","StartTime":1465510280.5,"Duration":0.096,"ResponseTime":0.09,
 "HasFault":true,"HasError":false,"HasThrottle":true,"IsPartial":false,
 "Http":{"HttpURL":"http://shop/api","HttpStatus":500,"HttpMethod":"GET"},"Annotations":{},"Users":[],
 "ServiceIds":[{"Name":"front","Names":["front"],"Type":"AWS::ECS::Container"}],
 "EntryPoint":{"Name":"front","Names":["front"],"AccountId":"1","Type":"AWS::ECS::Container"},
 "FaultRootCauses":[{"Services":[
   {"Name":"front","Names":["front"],"Type":"AWS::ECS::Container","EntityPath":[{"Name":"front","Exceptions":[],"Remote":false},
      {"Name":"orders.example.com","Exceptions":[],"Remote":true}],"Inferred":false},
   {"Names":["orders"],"EntityPath":[{"Name":"place","Exceptions":[{"Name":"SocketTimeoutException","Message":"connect timed out"},
      {"Name":"Second","Message":"x"}],"Remote":false}]}],"ClientImpacting":true}],
 "ErrorRootCauses":[],
 "ResponseTimeRootCauses":[{"Services":[{"Name":"orders","EntityPath":[{"Name":"orders","Coverage":0.9,"Remote":false}]}]}]})";

TEST(XRaySummariesReader, ReadsASummaryWithItsRootCauses) {
  const std::string text =
      "{\"TraceSummaries\":[" + kSummary + "],\"ApproximateTime\":1465510300.0,\"TracesProcessedCount\":1}";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.summaries, SizeIs(1));
  const TraceSummary& s = sink.summaries[0];
  EXPECT_EQ(s.trace_id, "1-5759e988-bd862e3fe1be46a994272793");
  EXPECT_EQ(format_rfc3339(s.time), "2016-06-09T22:11:20.500Z");
  EXPECT_DOUBLE_EQ(s.duration_seconds, 0.096);
  EXPECT_EQ(s.entry_service, "front");
  EXPECT_TRUE(s.fault);
  EXPECT_FALSE(s.error);
  EXPECT_TRUE(s.throttle);
  ASSERT_THAT(s.fault_root_causes, SizeIs(1));
  ASSERT_THAT(s.fault_root_causes[0], SizeIs(2));
  EXPECT_EQ(s.fault_root_causes[0][0].service, "front");
  EXPECT_EQ(s.fault_root_causes[0][0].entity, "orders.example.com");
  EXPECT_TRUE(s.fault_root_causes[0][0].remote);
  EXPECT_EQ(s.fault_root_causes[0][1].service, "orders");
  EXPECT_EQ(s.fault_root_causes[0][1].entity, "place");
  EXPECT_EQ(s.fault_root_causes[0][1].exception_type, "SocketTimeoutException");
  EXPECT_EQ(s.fault_root_causes[0][1].exception_message, "connect timed out");
  EXPECT_THAT(s.error_root_causes, IsEmpty());
  EXPECT_THAT(s.response_time_root_causes, SizeIs(1));
  EXPECT_EQ(bytes_at(text, s.position), kSummary);
}

TEST(XRaySummariesReader, TakesTheTimeFromWhereItStands) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("StartTime":1465510280)", "2016-06-09T22:11:20Z"},
      {R"("StartTime":"2016-06-10T07:11:20+09:00")", "2016-06-09T22:11:20Z"},
      {R"("Duration":1)", "2016-06-09T22:11:20Z"},
      {R"("StartTime":null)", "2016-06-09T22:11:20Z"},
  };
  for (const auto& [member, time] : cases) {
    const CollectingSink sink =
        read(R"({"TraceSummaries":[{"Id":"1-5759e988-bd862e3fe1be46a994272793",)" + member + "}]}");
    ASSERT_THAT(sink.summaries, SizeIs(1)) << member;
    EXPECT_EQ(format_rfc3339(sink.summaries[0].time), time) << member;
  }
}

TEST(XRaySummariesReader, TheStatusServesWhereFlagsAreMissing) {
  const CollectingSink sink = read(R"({"TraceSummaries":[{"Id":"1-a","Http":{"HttpStatus":503},"ResponseTime":2.5},
      {"Id":"1-b","Http":{"HttpStatus":429}},{"Id":"1-c","Http":{"HttpStatus":503},"HasFault":false}]})");
  ASSERT_THAT(sink.summaries, SizeIs(3));
  EXPECT_TRUE(sink.summaries[0].fault);
  EXPECT_DOUBLE_EQ(sink.summaries[0].duration_seconds, 2.5);
  EXPECT_EQ(sink.summaries[0].time, kNoTime);
  EXPECT_TRUE(sink.summaries[1].error);
  EXPECT_TRUE(sink.summaries[1].throttle);
  EXPECT_FALSE(sink.summaries[2].fault);
}

TEST(XRaySummariesReader, SkipsBrokenSummariesAndSaysWhatIsMissing) {
  const std::string text = "{\"TraceSummaries\":[" + kSummary +
                           R"(,{"Duration":1},7,{"Id":"1-x","Duration":tru,"HasFault":true},)" +
                           R"({"Id":"1-y","IsPartial":true},)" + kSummary + "],\"NextToken\":\"more\"}";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.summaries, SizeIs(4));
  ASSERT_THAT(sink.skipped, SizeIs(4));
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("with an Id"));
  EXPECT_EQ(bytes_at(text, sink.skipped[1].position), "7");
  EXPECT_THAT(sink.skipped[2].reason, HasSubstr("partial"));
  EXPECT_THAT(sink.skipped[3].reason, HasSubstr("NextToken"));
  EXPECT_THAT(read("{\"x\":1}").skipped, SizeIs(1));
  EXPECT_THAT(read(text.substr(0, text.size() - kSummary.size())).summaries, SizeIs(3));
}

}  // namespace
}  // namespace fa
