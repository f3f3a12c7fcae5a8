#include "sources/aws/athena_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/alb_counts.h"
#include "formats/cloudtrail_rows.h"

namespace fa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TimeRange range(const char* begin, const char* end) { return {*parse_rfc3339(begin), *parse_rfc3339(end)}; }
const std::vector<TimeRange> kStudy = {range("2026-03-14T23:30:00Z", "2026-03-15T00:10:00Z"),
                                       range("2026-03-07T08:00:00Z", "2026-03-07T09:00:00Z")};

AthenaTable table(const std::string& name, const std::string& partitioning = "projection",
                  const std::string& column = "day") {
  AthenaTable t;
  t.table = name;
  t.partitioning = partitioning;
  t.partition_column = column;
  return t;
}

/// Names behind `AS` in the outermost SELECT, or plain ones.
std::size_t holes(const std::string& sql) {
  std::size_t count = 0;
  bool quote = false;
  for (const char c : sql) {
    if (c == '\'') quote = !quote;
    if (c == '?' && !quote) ++count;
  }
  return count;
}

TEST(AthenaSql, reads_only_the_partitions_of_the_study) {
  struct Case {
    AthenaTable table;
    const char* predicate;
    std::vector<std::string> first;
    std::size_t days;
  };
  const Case cases[] = {
      {table("alb_logs"), "WHERE \"day\" IN (?, ?, ?)", {"'2026/03/07'", "'2026/03/14'", "'2026/03/15'"}, 3},
      {table("alb_logs", "projection", "timestamp"),
       "WHERE \"timestamp\" IN (?, ?, ?)",
       {"'2026/03/07'", "'2026/03/14'", "'2026/03/15'"},
       3},
      {table("alb_logs", "year_month_day"),
       "(\"year\" = ? AND \"month\" = ? AND \"day\" = ?) OR (\"year\" = ? AND \"month\" = ? AND \"day\" = ?) OR",
       {"'2026'", "'03'", "'07'", "'2026'", "'03'", "'14'", "'2026'", "'03'", "'15'"},
       3},
      {table("alb_logs", "none"), "WHERE TRUE", {}, 0},
  };
  for (const Case& c : cases) {
    for (const auto& sql : {alb_counts_sql({}, c.table, kStudy), cloudtrail_rows_sql({}, c.table, kStudy)}) {
      ASSERT_TRUE(sql) << sql.error().message;
      EXPECT_THAT(sql->text, HasSubstr(c.predicate));
      EXPECT_EQ(holes(sql->text), sql->parameters.size());
      ASSERT_GE(sql->parameters.size(), c.first.size());
      EXPECT_TRUE(std::equal(c.first.begin(), c.first.end(), sql->parameters.begin()));
      EXPECT_EQ(sql->days, c.days);
    }
  }
}

TEST(AthenaSql, values_are_parameters_and_times_have_the_form_of_the_column) {
  const auto alb = alb_counts_sql({}, table("t", "none"), kStudy);
  EXPECT_THAT(alb->parameters, ElementsAre("'2026-03-07T08:00:00.000000Z'", "'2026-03-07T09:00:00.000000Z'",
                                           "'2026-03-14T23:30:00.000000Z'", "'2026-03-15T00:10:00.000000Z'"));
  EXPECT_THAT(alb->text, Not(HasSubstr("2026")));
  TimeRange odd = range("2026-03-14T08:00:00.25Z", "2026-03-14T09:00:00.000001Z");
  EXPECT_THAT(alb_counts_sql({}, table("t", "none"), {odd})->parameters,
              ElementsAre("'2026-03-14T08:00:00.250000Z'", "'2026-03-14T09:00:00.000001Z'"));
  EXPECT_THAT(cloudtrail_rows_sql({}, table("t", "none"), {odd})->parameters,
              ElementsAre("'2026-03-14T08:00:00Z'", "'2026-03-14T09:00:01Z'"));
}

TEST(AthenaSql, counts_instead_of_fetching) {
  AthenaSettings settings;
  settings.rows_limit = 500;
  const auto sql = alb_counts_sql(settings, table("t"), kStudy);
  for (const char* words : {"count(*) AS requests", "GROUP BY", "target_group", "avg(seconds)", "LIMIT 501",
                            "elb_status_code", "target_status_code", "request_url", "min_by(trace_id"}) {
    EXPECT_THAT(sql->text, HasSubstr(words));
  }
  EXPECT_EQ(sql->columns.size(), kAlbCountColumns.size());
  // Every column of the result is named in the statement.
  for (const auto& column : kAlbCountColumns) EXPECT_THAT(sql->text, HasSubstr(std::string(column)));
}

TEST(AthenaSql, asks_for_writes_and_errors_of_everybody) {
  const auto sql = cloudtrail_rows_sql({}, table("trail.logs"), kStudy);
  for (const char* words :
       {"useridentity.arn", "useridentity.type", "sourceipaddress", "requestparameters", "errorcode", "errormessage",
        "awsregion", "'false') <> 'true'", "FROM \"trail\".\"logs\""}) {
    EXPECT_THAT(sql->text, HasSubstr(words));
  }
  EXPECT_THAT(sql->text, Not(HasSubstr("LIKE")));
  EXPECT_THAT(sql->text, Not(HasSubstr("SELECT *")));
  for (const auto& column : kCloudTrailRowColumns) EXPECT_THAT(sql->text, HasSubstr(std::string(column)));
}

TEST(AthenaSql, names_are_checked_and_quoted) {
  AthenaSettings settings;
  settings.database = "logs-db";
  EXPECT_THAT(alb_counts_sql(settings, table("alb_logs"), kStudy)->text, HasSubstr("FROM \"logs-db\".\"alb_logs\""));
  EXPECT_THAT(alb_counts_sql(settings, table("other.alb_logs"), kStudy)->text,
              HasSubstr("FROM \"other\".\"alb_logs\""));
  EXPECT_EQ(alb_counts_sql(settings, table("alb_logs"), kStudy)->table, "logs-db.alb_logs");
  for (const char* bad : {"", "x\"; DROP TABLE y; --", "a b", "a.b.c", "a'b", "a?b", "t\n", "t)", "a.", ".b", "日本"}) {
    const auto sql = alb_counts_sql({}, table(bad), kStudy);
    ASSERT_FALSE(sql) << bad;
    EXPECT_EQ(sql.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(sql.error().message, HasSubstr("aws.athena.tables.table"));
  }
  for (const char* bad : {"day\" = '' OR \"x", "", "a.b"}) {
    const auto sql = cloudtrail_rows_sql({}, table("t", "projection", bad), kStudy);
    ASSERT_FALSE(sql) << bad;
    EXPECT_THAT(sql.error().message, HasSubstr("partition_column"));
  }
  settings.database = "x\".\"y";
  EXPECT_THAT(alb_counts_sql(settings, table("t"), kStudy).error().message, HasSubstr("aws.athena.database"));
  EXPECT_THAT(alb_counts_sql({}, table("t", "by_week"), kStudy).error().message, HasSubstr("year_month_day"));
}

TEST(AthenaSql, too_many_days_and_no_time_at_all_are_refused) {
  EXPECT_EQ(alb_counts_sql({}, table("t"), {range("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z")}).error().code,
            ErrorCode::kLimit);
  EXPECT_EQ(alb_counts_sql({}, table("t"), {}).error().code, ErrorCode::kInvalidInput);
}

TEST(AthenaSql, shows_values_in_place_for_people) {
  AthenaSql sql;
  sql.text = "SELECT '?' AS \"?\" FROM t WHERE a = ? AND b = ?";
  sql.parameters = {"'1'", "'2'"};
  EXPECT_EQ(inlined(sql), "SELECT '?' AS \"?\" FROM t WHERE a = '1' AND b = '2'");
  EXPECT_THAT(inlined(*alb_counts_sql({}, table("t"), kStudy)),
              HasSubstr("\"day\" IN ('2026/03/07', '2026/03/14', '2026/03/15')"));
}

}  // namespace
}  // namespace fa
