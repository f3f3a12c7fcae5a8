#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "formats/aws_test_sink.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::CollectingSink;
using aws_test::read_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_xray_graph_reader({}), text, sink);
  return sink;
}

TEST(XRayGraphReader, ReadsNodesAndCallsWithTheirStatistics) {
  const CollectingSink sink =
      read(R"({"StartTime":1465510200.0,"EndTime":1465510800.0,"ContainsOldGroupVersions":false,"Services":[
    {"ReferenceId":0,"Name":"front","Names":["front"],"Root":true,"Type":"AWS::ECS::Container","State":"active","Edges":[
      {"ReferenceId":1,"StartTime":1465510200.0,"SummaryStatistics":{"OkCount":90,"ErrorStatistics":{"ThrottleCount":2,"OtherCount":3,"TotalCount":5},
       "FaultStatistics":{"OtherCount":5,"TotalCount":5},"TotalCount":100,"TotalResponseTime":25.0},"ResponseTimeHistogram":[{"Value":0.1,"Count":9}],"Aliases":[]}],
     "SummaryStatistics":{"TotalCount":100}},
    {"ReferenceId":1,"Names":["orders"],"Type":"AWS::DynamoDB::Table","Edges":[]},
    {"ReferenceId":2,"Name":"front","Type":"client","Edges":[{"ReferenceId":0}]}]})");
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.nodes, SizeIs(3));
  EXPECT_EQ(sink.nodes[0].name, "front");
  EXPECT_EQ(sink.nodes[0].kind, "AWS::ECS::Container");
  EXPECT_EQ(sink.nodes[1].name, "orders");
  ASSERT_THAT(sink.edges, SizeIs(1));
  EXPECT_EQ(sink.edges[0].caller, "front");
  EXPECT_EQ(sink.edges[0].callee, "orders");
  EXPECT_EQ(sink.edges[0].requests, 100U);
  EXPECT_EQ(sink.edges[0].errors, 5U);
  EXPECT_DOUBLE_EQ(sink.edges[0].mean_seconds, 0.25);
  EXPECT_EQ(sink.edges[0].origin, "xray");
}

TEST(XRayGraphReader, JoinsThePagesOfOneGraph) {
  const CollectingSink sink =
      read(R"({"Services":[{"ReferenceId":0,"Name":"a","Edges":[{"ReferenceId":1}]}],"NextToken":"x"}
{"Services":[{"ReferenceId":1,"Name":"b","Edges":[{"ReferenceId":0}]}]}
)");
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.edges, SizeIs(2));
  EXPECT_EQ(sink.edges[0].callee, "b");
  EXPECT_EQ(sink.edges[1].callee, "a");
}

TEST(XRayGraphReader, NeverGuessesAmongGraphsThatNumberDifferently) {
  const CollectingSink sink = read(R"({"Services":[{"ReferenceId":0,"Name":"a","Edges":[{"ReferenceId":5}]}]}
{"Services":[{"ReferenceId":5,"Name":"b","Edges":[]}]}
{"Services":[{"ReferenceId":5,"Name":"c","Edges":[]}]}
)");
  EXPECT_THAT(sink.edges, IsEmpty());
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("edge from a to ReferenceId 5"));
}

TEST(XRayGraphReader, SkipsWhatIsBrokenAndKeepsTheRest) {
  const CollectingSink sink =
      read(R"({"Services":[{"ReferenceId":0,"Name":"a","Edges":[{"ReferenceId":1},{"ReferenceId":9},{},7]},
    {"ReferenceId":7,"Edges":[{"ReferenceId":0}]}, "x", {"ReferenceId":1,"Name":"b","Edges":[{"ReferenceId":0,"SummaryStatistics":
    {"TotalCount":-5,"TotalResponseTime":1e999,"FaultStatistics":{"TotalCount":99999999999999999999}}}]}]})");
  EXPECT_THAT(sink.nodes, SizeIs(2));
  ASSERT_THAT(sink.edges, SizeIs(2));
  EXPECT_EQ(sink.edges[1].requests, 0U);
  EXPECT_EQ(sink.edges[1].mean_seconds, -1);
  EXPECT_GE(sink.skipped.size(), 3U);
  EXPECT_THAT(read("{\"x\":1}").skipped, SizeIs(1));
}

TEST(XRayGraphReader, ReadsTheRecordedGraphsWhole) {
  const std::filesystem::path folder = FA_PROJECT_DIR "/../shared/data/incidents/petshop";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded service graphs at " << folder;
  std::size_t graphs = 0;
  for (const auto& incident : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(incident.path() / "service-graph.json");
    if (!file) continue;
    ++graphs;
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const CollectingSink sink = read(text);
    EXPECT_THAT(sink.skipped, IsEmpty()) << incident.path();
    std::set<std::string> names;
    for (const TopologyNode& node : sink.nodes) names.insert(node.name);
    EXPECT_TRUE(names.contains("PetSearch_AWS::ECS::Fargate")) << incident.path();
    std::size_t declared = 0;
    for (std::size_t at = text.find("\"ReferenceId\""); at != std::string::npos;
         at = text.find("\"ReferenceId\"", at + 1)) {
      ++declared;
    }
    EXPECT_EQ(declared, sink.nodes.size() + sink.edges.size()) << incident.path();
  }
  EXPECT_GT(graphs, 0U);
}

}  // namespace
}  // namespace fa
