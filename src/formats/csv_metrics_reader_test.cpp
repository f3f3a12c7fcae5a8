#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/csv.h"
#include "formats/csv_layout.h"
#include "formats/record_collector.h"

namespace fa {
namespace {

constexpr std::int64_t kT = 1'704'067'200'000'000'000;  // 2024-01-01T00:00:00Z

TEST(Csv, splits_rows_as_rfc_4180_says) {
  struct Case {
    std::string text;
    std::vector<std::string> cells;
    std::size_t length;
  };
  const Case cases[] = {
      {"a,b,c\nd", {"a", "b", "c"}, 6},
      {"a,,\r\n", {"a", "", ""}, 5},
      {"\"x,\"\"y\"\"\n\",b\nq", {"x,\"y\"\n", "b"}, 13},
      {" a , \"b\" ,c", {"a", "b", "c"}, 11},
      {"a\"b,c\n", {"a\"b", "c"}, 6},
      {"\n", {""}, 1},
  };
  for (const Case& c : cases) {
    CsvRow row;
    ASSERT_EQ(read_csv_row(c.text, ',', true, row), CsvStep::kRow) << c.text;
    EXPECT_EQ(std::vector<std::string>(row.cells.begin(), row.cells.end()), c.cells) << c.text;
    EXPECT_EQ(row.length, c.length) << c.text;
  }
  CsvRow row;
  EXPECT_EQ(read_csv_row("a,b", ',', false, row), CsvStep::kNeedMore);
  EXPECT_EQ(read_csv_row("\"a\"", ',', false, row), CsvStep::kNeedMore);
  EXPECT_EQ(read_csv_row("\"a,b\nc", ',', true, row), CsvStep::kBroken);
  EXPECT_EQ(row.length, 5U);
}

TEST(CsvMetrics, reads_a_wide_table) {
  const std::string input =
      "timestamp,cart_cpu,cart_mem,pay_cpu,pay_mem,total\n"
      "2024-01-01T00:00:00Z,1,2,3,4,5\n"
      "2024-01-01 00:01:00,1.5,,NaN,40%,6\r\n";
  for (const std::size_t piece : {0U, 1U, 40U}) {
    const RecordCollector got = collect(Format::kCsvMetrics, input, piece);
    ASSERT_EQ(got.metrics.size(), 5U);
    EXPECT_TRUE(got.skipped.empty());
    const MetricSeries& total = got.metric("total");
    EXPECT_EQ(total.service, "");
    EXPECT_EQ(total.values, (std::vector<double>{5, 6}));
    EXPECT_EQ(total.times, (std::vector<TimePoint>{at_nanos(kT), at_nanos(kT + 60'000'000'000)}));
    EXPECT_EQ(bytes_of(input, total.position), input.substr(input.find('\n') + 1));
    EXPECT_EQ(total.position.line, 2U);
    EXPECT_EQ(total.position.line_count, 2U);
    const MetricSeries& cpu = got.metric("cpu");
    EXPECT_EQ(cpu.service, "cart");
    EXPECT_EQ(cpu.values, (std::vector<double>{1, 1.5}));
  }
}

TEST(CsvMetrics, splits_headers_only_where_the_table_shows_it) {
  struct Case {
    std::string header;
    std::vector<std::string> services;
  };
  const Case cases[] = {
      {"a.latency,b.latency,b.errors", {"a", "b", "b"}},
      {"cpu_usage,cpu_limit,mem_usage", {"", "", ""}},
      {"orders_total,orders_failed,depth", {"", "", ""}},
      {"a|x,b|x,plain", {"a", "b", ""}},
      {"redis-cart_mem,front_mem,front_latency-90", {"redis-cart", "front", "front"}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> header{"time"};
    std::size_t at = 0;
    while (at <= c.header.size()) {
      const std::size_t end = std::min(c.header.find(',', at), c.header.size());
      header.push_back(c.header.substr(at, end - at));
      at = end + 1;
    }
    std::string why;
    const auto layout = find_csv_layout(header, {{"1704067200", "1", "2", "3"}}, why);
    ASSERT_TRUE(layout) << why;
    std::vector<std::string> services;
    for (std::size_t i = 1; i < layout->columns.size(); ++i) services.push_back(layout->columns[i].entity);
    EXPECT_EQ(services, c.services) << c.header;
  }
}

TEST(CsvMetrics, reads_a_long_table) {
  const RecordCollector got = collect(Format::kCsvMetrics,
                                      "service;pod;metric;unit;value;ts;zone\n"
                                      "cart;c1;latency;ms;12;1704067200000;a\n"
                                      "cart;c1;latency;ms;13;1704067260000;a\n"
                                      "pay;p1;errors;1;0;1704067200000;b\n");
  ASSERT_EQ(got.metrics.size(), 2U);
  const MetricSeries& m = got.metric("latency");
  EXPECT_EQ(m.service, "cart");
  EXPECT_EQ(m.instance, "c1");
  EXPECT_EQ(m.unit, "ms");
  EXPECT_EQ(m.values, (std::vector<double>{12, 13}));
  EXPECT_EQ(m.times[0], at_nanos(kT));
  EXPECT_EQ(m.dimensions, (std::vector<std::pair<std::string, std::string>>{{"zone", "a"}}));
}

TEST(CsvMetrics, takes_the_service_from_a_column) {
  const RecordCollector got = collect(Format::kCsvMetrics,
                                      "Time\tService\tCPU\tErrors\n"
                                      "2024-01-01T00:00:00Z\tcart\t1\t0\n"
                                      "2024-01-01T00:00:00Z\tpay\t2\t9\n");
  ASSERT_EQ(got.metrics.size(), 4U);
  EXPECT_EQ(got.metrics[3].service, "pay");
  EXPECT_EQ(got.metrics[3].name, "Errors");
  EXPECT_EQ(got.metrics[3].values, std::vector<double>{9});
}

TEST(CsvMetrics, skips_broken_rows_and_names_them) {
  const RecordCollector got = collect(Format::kCsvMetrics,
                                      "time,a,b\n"
                                      "2024-01-01T00:00:00Z,1,2\n"
                                      "2024-01-01T00:01:00Z,1\n"
                                      "never,1,2\n"
                                      "2024-01-01T00:03:00Z,oops,2\n"
                                      "2024-01-01T00:04:00Z,\"1,2\n"
                                      "2024-01-01T00:05:00Z,1,2\n"
                                      "2024-01-01T00:06:00Z,1,2\n"
                                      "2024-01-01T00:07:00Z,1,2\n"
                                      "2024-01-01T00:08:00Z,1,2\n"
                                      "2024-01-01T00:09:00Z,1,2\n"
                                      "2024-01-01T00:10:00Z,1,2\n"
                                      "2024-01-01T00:11:00Z,1,2\n"
                                      "2024-01-01T00:12:00Z,1,2\n"
                                      "2024-01-01T00:13:00Z,1,2\n");
  EXPECT_EQ(got.metric("a").values.size(), 10U);
  EXPECT_EQ(got.metric("b").values.size(), 11U);
  std::vector<std::string> reasons;
  for (const Skipped& s : got.skipped) reasons.push_back(s.reason);
  EXPECT_EQ(reasons, (std::vector<std::string>{
                         "line 3: expected 3 cells, found 2",
                         "line 4: expected a timestamp in column time, found \"never\"",
                         "line 5: expected a number in column a, found \"oops\"",
                         "line 6: a quote is not closed, or the row is longer than the limit",
                     }));
}

TEST(CsvMetrics, a_stray_quote_costs_one_row) {
  const RecordCollector got = collect(Format::kCsvMetrics,
                                      "time,a\n"
                                      "2024-01-01T00:00:00Z,1\n"
                                      "2024-01-01T00:01:00Z,\"2\n"
                                      "2024-01-01T00:02:00Z,3\n"
                                      "2024-01-01T00:03:00Z,\"4\",\n"
                                      "2024-01-01T00:04:00Z,5\n");
  EXPECT_EQ(got.metric("a").values, (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(got.skipped.size(), 2U);
}

}  // namespace
}  // namespace fa
