#include "sources/file/metric_query_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::gzip;
using test::TempFolder;
using testing::HasSubstr;
using testing::IsEmpty;

std::string queries(const std::string& id, const std::string& metric) {
  return R"([{"Id":")" + id + R"(","MetricStat":{"Metric":{"Namespace":"AWS/ECS","MetricName":")" + metric +
         R"(","Dimensions":[{"Name":"ServiceName","Value":"orders"}]},"Period":60,"Stat":"Average"}}])";
}

MetricQueryBook find(const TempFolder& folder) {
  const std::vector<std::string> arguments = {folder.path()};
  return find_metric_queries(discover_inputs(arguments, {}, {}), {});
}

TEST(MetricQueryBook, FindsQueriesByContent) {
  const TempFolder folder;
  folder.write("queries.bin", gzip(queries("m1", "CPUUtilization")));
  folder.write("app.log", "[2026-03-14 08:30:00] not JSON\n");
  folder.write("broken.json", R"([{"Id":"m2","MetricStat":{"Metr)");
  const MetricQueryBook book = find(folder);
  EXPECT_THAT(book.gaps, IsEmpty());
  ASSERT_EQ(book.all.count("m1"), 1U);
  EXPECT_EQ(book.all.at("m1").name, "CPUUtilization");
  EXPECT_EQ(book.for_file("data.json")->size(), 1U);
  EXPECT_EQ(book.for_file("deep/data.json"), &book.all);
}

TEST(MetricQueryBook, TheQueriesBesideAnAnswerExplainIt) {
  const TempFolder folder;
  folder.write("a/queries.json", queries("m1", "CPUUtilization"));
  folder.write("b/queries.json", queries("m1", "MemoryUtilization"));
  const MetricQueryBook book = find(folder);
  EXPECT_THAT(book.gaps, IsEmpty());
  EXPECT_EQ(book.for_file("a/data.json")->at("m1").name, "CPUUtilization");
  EXPECT_EQ(book.for_file("b/data.json")->at("m1").name, "MemoryUtilization");
  EXPECT_EQ(book.for_file("data.json")->at("m1").name, "CPUUtilization");
}

TEST(MetricQueryBook, AnIdDefinedTwiceInOneFolderIsSaid) {
  const TempFolder folder;
  folder.write("1.json", queries("m1", "CPUUtilization"));
  folder.write("2.json", queries("m1", "CPUUtilization"));
  EXPECT_THAT(find(folder).gaps, IsEmpty());
  folder.write("3.json", queries("m1", "MemoryUtilization"));
  const MetricQueryBook book = find(folder);
  ASSERT_EQ(book.gaps.size(), 1U);
  EXPECT_EQ(book.gaps[0].source, "3.json");
  EXPECT_THAT(book.gaps[0].error, HasSubstr("'m1'"));
  EXPECT_EQ(book.for_file("x")->at("m1").name, "CPUUtilization");
}

}  // namespace
}  // namespace fa
