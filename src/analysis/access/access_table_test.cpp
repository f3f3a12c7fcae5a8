#include "analysis/access/access_table.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

using std::chrono::seconds;

const TimePoint kStart = from_unix_nanos(1'700'000'040'000'000'000);  // A whole minute.

AccessRecord request(TimePoint at, std::string_view path, int status, double took) {
  AccessRecord r;
  r.time = at;
  r.target = "10.0.0.7:80";
  r.target_group = "cart";
  r.path = path;
  r.status = status;
  r.total_seconds = took;
  return r;
}

std::string print(const AccessTable& table) {
  std::string out = std::to_string(table.requests()) + " " + std::to_string(table.failed()) + "\n";
  for (const AccessTable::Failure& f : table.failures()) {
    out += f.target + " " + format_rfc3339(f.minute) + " " + std::to_string(f.status) + " " +
           std::to_string(f.requests) + "\n";
  }
  for (const AccessTable::Path& p : table.paths()) {
    out += p.path + " " + std::to_string(p.requests) + " " + std::to_string(p.failed) + " " +
           std::to_string(p.seconds.count()) + "\n";
  }
  return out;
}

TEST(AccessTable, counts_failures_by_target_minute_and_status_and_times_by_path) {
  AccessRecord direct = request(kStart + seconds(61), "/b", 503, 0.5);
  direct.target_group = {};
  AccessRecord many = request(kStart + seconds(10), "/a", 502, 0.25);
  many.occurrences = 5;
  const AccessRecord records[] = {request(kStart + seconds(59), "/a", 502, 0.25),
                                  many,
                                  request(kStart + seconds(60), "/a", 502, 0.25),
                                  direct,
                                  request(kStart, "/a", 404, -1),
                                  request(kStart, "/a", 499, 1)};
  AccessTable table;
  table.add(records);
  EXPECT_EQ(print(table),
            "10 8\n"
            "10.0.0.7:80 2023-11-14T22:15:00Z 503 1\n"
            "cart 2023-11-14T22:14:00Z 502 6\n"
            "cart 2023-11-14T22:15:00Z 502 1\n"
            "/a 9 7 8\n"
            "/b 1 1 1\n");
  EXPECT_NEAR(table.paths()[0].seconds.quantile(0.5), 0.25, 0.25 * 0.045);
}

TEST(AccessTable, parts_that_are_merged_say_the_same_as_the_whole) {
  AccessTable whole;
  AccessTable parts[3];
  for (int i = 0; i < 600; ++i) {
    const std::string path = "/" + std::to_string(i % 11);
    const AccessRecord r = request(kStart + seconds(i), path, i % 5 == 0 ? 500 + i % 3 : 200, 0.01 * i);
    whole.add({&r, 1});
    parts[i % 3].add({&r, 1});
  }
  AccessTable merged;
  for (const AccessTable& part : parts) merged.merge(part);
  EXPECT_EQ(print(merged), print(whole));
}

TEST(AccessTable, what_lies_beyond_the_limits_is_counted_together) {
  AccessTable table;
  for (std::size_t i = 0; i < AccessTable::kMaxNames + 7; ++i) {
    const std::string name = "/item/" + std::to_string(i);
    const AccessRecord r = request(kStart, name, 200, 0.1);
    table.add({&r, 1});
  }
  AccessTable merged;
  merged.merge(table);
  for (const AccessTable* t : {&table, &merged}) {
    ASSERT_EQ(t->paths().size(), AccessTable::kMaxNames + 1);
    EXPECT_EQ(t->paths()[0].path, AccessTable::other_name());
    EXPECT_EQ(t->paths()[0].requests, 7U);
  }
  AccessTable failing;
  for (std::size_t i = 0; i < AccessTable::kMaxFailures + 3; ++i) {
    const AccessRecord r = request(kStart + std::chrono::minutes(i), "/", 500, 0.1);
    failing.add({&r, 1});
  }
  EXPECT_EQ(failing.failures().size(), AccessTable::kMaxFailures);
  EXPECT_EQ(failing.unlisted_failures(), 3U);
  EXPECT_EQ(failing.failed(), AccessTable::kMaxFailures + 3);
}

}  // namespace
}  // namespace fa
