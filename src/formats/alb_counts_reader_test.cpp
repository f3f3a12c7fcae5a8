#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "formats/alb_counts.h"
#include "formats/aws_test_sink.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_in_chunks;
using aws_test::read_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string header() {
  std::string text;
  for (const auto& column : kAlbCountColumns) text += (text.empty() ? "" : ",") + std::string(column);
  return text + "\r\n";
}

const std::string kFailing =
    "2026-03-14T08:30:12.345678Z,2026-03-14T08:30:59.000000Z,app/shop/50dc6c495c0c9188,10.0.1.7:8080,"
    "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/checkout/73e2d6bc24d8a067,504,,"
    "\"/api/"
    "checkout,\"\"x\"\"\",182,10.01,10.4,,5000,0,203.0.113.9,Self=1-2-3;Root=1-67891233-abcdef012345678912345678\r\n";
const std::string kFine =
    "2026-03-14T08:30:00.000000Z,2026-03-14T08:30:59.900000Z,app/shop/50dc6c495c0c9188,,web,200,200,,48211,0.0231,"
    "0.031,0.0229,123456789,9876543210,,\r\n";

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_alb_counts_reader({}), text, sink);
  return sink;
}

TEST(AlbCountsReader, a_row_stands_for_its_requests) {
  const std::string text = header() + kFailing + kFine;
  ASSERT_EQ(detect_format(text, true).format, Format::kAlbCounts);
  const CollectingSink sink = read(text);
  ASSERT_THAT(sink.access, SizeIs(2));
  const AccessRecord& bad = sink.access[0];
  EXPECT_EQ(format_rfc3339(bad.time), "2026-03-14T08:30:12.345678Z");
  EXPECT_EQ(bad.occurrences, 182U);
  EXPECT_EQ(bad.entity, "app/shop/50dc6c495c0c9188");
  EXPECT_EQ(bad.target, "10.0.1.7:8080");
  EXPECT_EQ(bad.target_group, "checkout");
  EXPECT_EQ(bad.status, 504);
  EXPECT_EQ(bad.target_status, 0);
  EXPECT_EQ(bad.path, "/api/checkout,\"x\"");
  EXPECT_DOUBLE_EQ(bad.total_seconds, 10.01);
  EXPECT_EQ(bad.target_seconds, -1);
  EXPECT_EQ(bad.trace_id, "1-67891233-abcdef012345678912345678");
  EXPECT_EQ(bytes_at(text, bad.position), kFailing);
  EXPECT_EQ(bad.position.line, 2U);
  const AccessRecord& fine = sink.access[1];
  EXPECT_EQ(fine.target_group, "web");
  EXPECT_EQ(fine.occurrences, 48211U);
  EXPECT_EQ(fine.sent_bytes, 9876543210U);
  EXPECT_EQ(fine.path, "");
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.edges, SizeIs(2));
  EXPECT_EQ(sink.edges[0].callee, "checkout");
}

TEST(AlbCountsReader, pieces_of_any_size_give_the_same_records) {
  const std::string text = header() + kFailing + kFine + kFailing;
  for (std::size_t chunk = 1; chunk < 90; chunk += 7) {
    CollectingSink sink;
    read_in_chunks(*make_alb_counts_reader({}), text, chunk, sink);
    ASSERT_THAT(sink.access, SizeIs(3)) << chunk;
    EXPECT_EQ(sink.access[2].path, "/api/checkout,\"x\"") << chunk;
    EXPECT_EQ(bytes_at(text, sink.access[2].position), kFailing) << chunk;
    EXPECT_EQ(sink.access[2].position.line, 4U) << chunk;
  }
}

TEST(AlbCountsReader, rows_that_are_none_are_counted_and_said) {
  const auto changed = [](std::string_view from, std::string_view to) {
    std::string row = kFine;
    return row.replace(row.find(from), from.size(), to);
  };
  struct Case {
    std::string row;
    const char* said;
  };
  const Case cases[] = {
      {changed("2026-03-14T08:30:00.000000Z", "noon"), "expected a time in column first_time, found \"noon\""},
      {changed("48211", "0"), "a count of requests"},
      {changed("48211", "-3"), "a count of requests"},
      {changed("48211", "99999999999999999999"), "a count of requests"},
      {changed("200,200", "2000,200"), "in column status"},
      {changed("200,200", "200,OK"), "in column target_status"},
      {changed("app/shop/50dc6c495c0c9188", "-"), "the name of a load balancer"},
      {"a,b\r\n", "expected 16 cells, found 2"},
      {"\"not closed\n", "a quote is not closed"},
  };
  for (const Case& c : cases) {
    const CollectingSink sink = read(header() + c.row + kFailing);
    ASSERT_THAT(sink.skipped, SizeIs(1)) << c.row;
    EXPECT_THAT(sink.skipped[0].reason, HasSubstr(c.said));
    EXPECT_THAT(sink.access, SizeIs(1)) << c.row;
  }
}

TEST(AlbCountsReader, odd_numbers_are_unknown_not_wrong) {
  std::string row = kFine;
  row.replace(row.find("0.0231"), 6, "NaN");
  const CollectingSink sink = read(header() + row);
  ASSERT_THAT(sink.access, SizeIs(1));
  EXPECT_EQ(sink.access[0].total_seconds, -1);
}

TEST(AlbCountsReader, only_the_exact_header_is_recognised) {
  std::string other = header();
  other.replace(0, 10, "first__time");
  EXPECT_NE(detect_format(other + kFine, true).format, Format::kAlbCounts);
  EXPECT_THAT(read(other + kFine).access, IsEmpty());
  EXPECT_EQ(detect_format("\xEF\xBB\xBF" + header() + kFine, true).format, Format::kAlbCounts);
  EXPECT_THAT(read("\xEF\xBB\xBF" + header() + kFine).access, SizeIs(1));
  EXPECT_EQ(detect_format(header(), true).format, Format::kAlbCounts);
}

}  // namespace
}  // namespace fa
