#include "sources/aws/cloudtrail_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "sources/aws/cloudtrail_plan.h"
#include "sources/aws/s3_test_logs.h"

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::asked_of;
using test::at;
using test::FaultKind;
using test::SourceRig;
using test::trail_key;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TimeRange range(const char* begin, const char* end) { return {at(begin), at(end)}; }

TEST(ChangeRanges, reach_back_over_the_baseline_and_six_hours_at_least) {
  struct Case {
    const char* name;
    TimeRange baseline;
    std::vector<TimeRange> ranges;
  };
  const TimeRange window = range("2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z");
  const Case cases[] = {
      {"no baseline", {}, {range("2026-03-14T02:30:00Z", "2026-03-14T09:00:00Z")}},
      {"a short baseline",
       range("2026-03-14T07:30:00Z", "2026-03-14T08:30:00Z"),
       {range("2026-03-14T02:30:00Z", "2026-03-14T09:00:00Z")}},
      {"the same hour of the day before",
       range("2026-03-13T08:30:00Z", "2026-03-13T09:00:00Z"),
       {range("2026-03-13T08:30:00Z", "2026-03-14T09:00:00Z")}},
      {"the same hour of last week",
       range("2026-03-07T08:30:00Z", "2026-03-07T09:00:00Z"),
       {range("2026-03-07T08:30:00Z", "2026-03-07T09:00:00Z"), range("2026-03-12T08:30:00Z", "2026-03-14T09:00:00Z")}},
      {"a baseline behind the window",
       range("2026-03-14T10:00:00Z", "2026-03-14T11:00:00Z"),
       {range("2026-03-14T02:30:00Z", "2026-03-14T09:00:00Z"), range("2026-03-14T10:00:00Z", "2026-03-14T11:00:00Z")}},
  };
  for (const Case& c : cases) EXPECT_EQ(change_ranges(window, c.baseline), c.ranges) << c.name;
}

TEST(ChangeRegions, hold_the_region_of_global_services) {
  EXPECT_THAT(change_regions("ap-northeast-1", {}), ElementsAre("ap-northeast-1", "us-east-1"));
  EXPECT_THAT(change_regions("us-east-1", {"eu-west-1", "us-east-1"}), ElementsAre("eu-west-1", "us-east-1"));
  EXPECT_THAT(change_regions("us-gov-east-1", {}), ElementsAre("us-gov-east-1", "us-gov-west-1"));
}

TEST(OldestEventTime, is_the_last_of_an_answer) {
  EXPECT_EQ(oldest_event_time(R"({"Events":[{"EventTime":1773477000.0,"EventId":"a"},{"EventTime": 1773476000}]})"),
            from_unix_nanos(1'773'476'000'000'000'000));
  EXPECT_EQ(oldest_event_time(R"({"Events":[]})"), kNoTime);
  EXPECT_EQ(oldest_event_time("\"EventTime\""), kNoTime);
  EXPECT_EQ(oldest_event_time("\"EventTime\":x"), kNoTime);
}

std::string event(TimePoint time, const std::string& name = "UpdateService",
                  const std::string& region = "ap-northeast-1", const std::string& id = "e", bool read_only = false) {
  return fmt::format(
      R"({{"eventVersion":"1.08","userIdentity":{{"type":"IAMUser","userName":"alice"}},"eventTime":"{}",)"
      R"("eventSource":"ecs.amazonaws.com","eventName":"{}","awsRegion":"{}","sourceIPAddress":"203.0.113.9",)"
      R"("requestParameters":{{"service":"orders"}},"eventID":"{}","readOnly":{},"eventCategory":"Management"}})",
      format_rfc3339(time), name, region, id, read_only);
}

std::string file(TimePoint delivered) { return test::gzip("{\"Records\":[" + event(delivered - minutes(5)) + "]}"); }

auto trail(const std::string& url, const std::function<void(CloudTrailSettings&)>& change = {}) {
  CloudTrailSettings settings;
  settings.buckets.emplace_back().url = url;
  if (change) change(settings);
  return [settings](const AwsScope& scope) { return make_cloudtrail_source(scope, settings); };
}

auto history(std::vector<std::string> regions = {}) {
  CloudTrailSettings settings;
  settings.regions = std::move(regions);
  return [settings](const AwsScope& scope) { return make_cloudtrail_source(scope, settings); };
}

TEST(CloudTrailSource, reads_the_trail_of_the_region_and_of_global_services) {
  for (const std::size_t page_size : {2U, 1000U}) {
    SourceRig rig;
    rig.stand_in.page_size = page_size;
    auto& bucket = rig.stand_in.world().buckets["trail"];
    std::set<std::string> wanted;
    // The study looks for changes from 02:30 to 09:00, in files delivered until 09:20.
    for (TimePoint t = at("2026-03-13T20:00:00Z"); t < at("2026-03-14T12:00:00Z"); t += minutes(10)) {
      for (const char* region : {"ap-northeast-1", "us-east-1", "eu-west-1"}) {
        bucket.objects[trail_key(t, region)] = file(t);
        const bool needed = t >= at("2026-03-14T02:30:00Z") && t <= at("2026-03-14T09:20:00Z");
        if (needed && std::string(region) != "eu-west-1") wanted.insert(trail_key(t, region));
      }
    }
    for (const char* other : {"CloudTrail-Digest", "CloudTrail-Insight"}) {
      std::string key = trail_key(at("2026-03-14T08:40:00Z"));
      key.replace(key.find("/CloudTrail/"), 12, std::string("/") + other + "/");
      bucket.objects[key] = "x";
    }
    rig.collect(trail("s3://trail"));
    const auto asked = asked_of(rig.stand_in);
    EXPECT_EQ(asked.keys, wanted) << rig.gaps();
    EXPECT_EQ(asked.gets, wanted.size());
    EXPECT_EQ(rig.gaps(), "");
    EXPECT_EQ(rig.stand_in.calls("cloudtrail", "LookupEvents"), 0U);
    // Listing begins at the first wanted time of the day.
    if (page_size == 1000) {
      EXPECT_THAT(asked.lists, SizeIs(3));
    }
    EXPECT_THAT(asked.lists,
                testing::Contains(HasSubstr("start-after=AWSLogs/123456789012/CloudTrail/us-east-1/2026/03/"
                                            "14/123456789012_CloudTrail_us-east-1_20260314T0230")));
    const std::string name = "cloudtrail/123456789012_us-east-1_20260314T0840Z_NtuB0xzZC6rp2Ybq.json.gz";
    ASSERT_TRUE(rig.stored().contains(name));
    EXPECT_EQ(rig.stored().at(name), bucket.objects.at(trail_key(at("2026-03-14T08:40:00Z"), "us-east-1")));
  }
}

TEST(CloudTrailSource, finds_the_accounts_of_organisation_trails) {
  const TimePoint t = at("2026-03-14T08:40:00Z");
  const std::string mine = trail_key(t, "us-east-1", "123456789012", "o-abc123");
  const std::string other = trail_key(t, "ap-northeast-1", "210987654321", "o-abc123");
  const std::string single = trail_key(t, "ap-northeast-1");
  struct Case {
    const char* url;
    std::vector<std::string> accounts;
    std::set<std::string> keys;
  };
  const Case cases[] = {
      {"trail", {}, {mine, other, single}},
      {"trail", {"210987654321"}, {other}},
      {"trail", {"123456789012"}, {mine, single}},
      {"s3://trail/AWSLogs/o-abc123/", {}, {mine, other}},
      {"s3://trail/AWSLogs/o-abc123/210987654321", {}, {other}},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    auto& bucket = rig.stand_in.world().buckets["trail"];
    for (const auto& key : {mine, other, single}) bucket.objects[key] = file(t);
    rig.collect(trail(c.url, [&](CloudTrailSettings& s) { s.buckets[0].accounts = c.accounts; }));
    EXPECT_EQ(asked_of(rig.stand_in).keys, c.keys) << c.url << rig.gaps();
  }
}

TEST(CloudTrailSource, further_regions_are_read_as_well) {
  SourceRig rig;
  const TimePoint t = at("2026-03-14T08:40:00Z");
  auto& bucket = rig.stand_in.world().buckets["trail"];
  std::set<std::string> wanted;
  for (const char* region : {"ap-northeast-1", "us-east-1", "eu-west-1", "us-west-2"}) {
    bucket.objects[trail_key(t, region)] = file(t);
    if (std::string(region) != "us-west-2") wanted.insert(trail_key(t, region));
  }
  rig.collect(trail("trail", [](CloudTrailSettings& s) { s.regions = {"eu-west-1"}; }));
  EXPECT_EQ(asked_of(rig.stand_in).keys, wanted);
}

TEST(CloudTrailSource, asks_the_event_history_where_there_is_no_trail) {
  SourceRig rig;
  rig.stand_in.lookup_page_size = 2;
  auto& events = rig.stand_in.world().management_events;
  for (int i = 0; i < 7; ++i)
    events.push_back(
        event(at("2026-03-14T08:00:00Z") + minutes(i), "UpdateService", "ap-northeast-1", fmt::format("e{}", i)));
  events.push_back(event(at("2026-03-14T03:00:00Z"), "PutRolePolicy", "us-east-1", "global"));
  events.push_back(event(at("2026-03-14T01:00:00Z"), "UpdateService", "ap-northeast-1", "too early"));
  events.push_back(event(at("2026-03-14T08:00:00Z"), "DescribeServices", "ap-northeast-1", "a read", true));
  events.push_back(event(at("2026-03-14T08:00:00Z"), "UpdateService", "eu-west-1", "elsewhere"));
  rig.collect(history());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.stand_in.calls("cloudtrail", "LookupEvents"), 5U);
  ASSERT_THAT(rig.collection.files, SizeIs(2));
  EXPECT_EQ(rig.collection.files[0].name, "cloudtrail/event-history-123456789012-ap-northeast-1.json.zst");
  EXPECT_EQ(rig.collection.files[1].name, "cloudtrail/event-history-123456789012-us-east-1.json.zst");
  EXPECT_EQ(rig.collection.files[1].origin.reproduce,
            "aws cloudtrail lookup-events --region us-east-1 --lookup-attributes "
            "AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-14T02:30:00Z --end-time "
            "2026-03-14T09:00:00Z");
  EXPECT_THAT(rig.notes(), HasSubstr("7 in ap-northeast-1, 1 in us-east-1"));
  EXPECT_FALSE(rig.notes().find("eu-west-1") != std::string::npos);
}

TEST(CloudTrailSource, keeps_to_two_calls_a_second) {
  SourceRig rig;
  rig.stand_in.lookup_page_size = 1;
  for (int i = 0; i < 6; ++i) {
    rig.stand_in.world().management_events.push_back(
        event(at("2026-03-14T08:00:00Z") + minutes(i), "UpdateService", "us-east-1", fmt::format("e{}", i)));
  }
  rig.collect([](const AwsScope& scope) {
    // One region, so that its pauses can be counted.
    static std::unique_ptr<AwsScope> there;
    there = std::make_unique<AwsScope>(AwsScope{scope.client, scope.account, "us-east-1", scope.clock, scope.sleeper,
                                                scope.cost, scope.window, scope.baseline});
    return make_cloudtrail_source(*there, {});
  });
  EXPECT_EQ(rig.stand_in.calls("cloudtrail", "LookupEvents"), 6U);
  EXPECT_THAT(rig.sleeper.slept(), SizeIs(5));
  EXPECT_THAT(rig.sleeper.slept(), testing::Each(Nanoseconds(milliseconds(500))));
}

TEST(CloudTrailSource, what_the_history_does_not_give_is_said) {
  struct Case {
    FaultKind kind;
    const char* said;
  };
  for (const Case& c :
       {Case{FaultKind::kDenied, "cloudtrail:LookupEvents"}, Case{FaultKind::kThrottle, "throttled"},
        Case{FaultKind::kGarbage, "LookupEvents"}, Case{FaultKind::kServerError, "failed"},
        Case{FaultKind::kTimeout, "in time"}, Case{FaultKind::kCut, "lost"},
        Case{FaultKind::kEndlessPages, "more than 200 pages"}, Case{FaultKind::kSameToken, "page token twice"}}) {
    SourceRig rig;
    rig.stand_in.world().management_events.push_back(event(at("2026-03-14T08:00:00Z")));
    rig.stand_in.add_fault({"cloudtrail", "LookupEvents", c.kind, -1, {}});
    rig.collect(history());
    EXPECT_THAT(rig.collection.gaps, SizeIs(2)) << "one a region: " << rig.gaps();
    EXPECT_TRUE(icontains(rig.gaps(), c.said)) << c.said << ": " << rig.gaps();
    EXPECT_LE(rig.stand_in.calls("cloudtrail", "LookupEvents"), 2U * 201U);
  }
}

TEST(CloudTrailSource, a_history_that_breaks_off_says_from_when_on_it_is_complete) {
  SourceRig rig;
  rig.stand_in.lookup_page_size = 1;
  for (int i = 0; i < 6; ++i) {
    rig.stand_in.world().management_events.push_back(
        event(at("2026-03-14T08:00:00Z") + minutes(i), "UpdateService", "ap-northeast-1", fmt::format("e{}", i)));
  }
  int answers = 0;
  std::stop_source stop;
  rig.http.after = [&](const HttpRequest& request, HttpResponse&) {
    const auto target = find_header(request.headers, "X-Amz-Target");
    if (target && request.url.find("ap-northeast-1") != std::string::npos && ++answers == 3) stop.request_stop();
  };
  rig.collect(history(), Context{stop.get_token(), {}});
  const auto gap = std::find_if(rig.collection.gaps.begin(), rig.collection.gaps.end(),
                                [](const Gap& g) { return g.error.starts_with("ap-northeast-1"); });
  ASSERT_NE(gap, rig.collection.gaps.end()) << rig.gaps();
  EXPECT_EQ(gap->range, range("2026-03-14T02:30:00Z", "2026-03-14T08:03:00Z")) << "three newest events came";
  EXPECT_THAT(gap->error, HasSubstr("aws.deadline_seconds"));
}

TEST(CloudTrailSource, older_than_the_history_goes_is_said_and_not_asked) {
  SourceRig rig({}, at("2026-09-14T08:00:00Z"));
  rig.collect(history());
  EXPECT_EQ(rig.stand_in.calls("cloudtrail", "LookupEvents"), 0U);
  EXPECT_THAT(rig.gaps(), HasSubstr("90 days"));
}

TEST(CloudTrailSource, a_trail_that_cannot_be_read_is_replaced_by_the_history) {
  SourceRig rig;
  rig.stand_in.world().management_events.push_back(event(at("2026-03-14T08:00:00Z")));
  rig.collect(trail("no-such-bucket"));
  EXPECT_THAT(rig.gaps(), HasSubstr("no-such-bucket"));
  EXPECT_THAT(rig.notes(), HasSubstr("the event history was asked instead"));
  EXPECT_THAT(rig.collection.files, SizeIs(1));

  SourceRig without;
  without.collect(trail("no-such-bucket", [](CloudTrailSettings& s) { s.event_history = false; }));
  EXPECT_EQ(without.stand_in.calls("cloudtrail", "LookupEvents"), 0U);
}

TEST(CloudTrailSource, estimates_before_it_asks) {
  SourceRig rig;
  auto& bucket = rig.stand_in.world().buckets["trail"];
  const TimePoint t = at("2026-03-14T08:40:00Z");
  bucket.objects[trail_key(t)] = file(t);
  CloudTrailSettings settings;
  settings.buckets.emplace_back().url = "trail";
  const auto of_trail = make_cloudtrail_source(rig.scope, settings)->estimate({});
  ASSERT_TRUE(of_trail) << of_trail.error().message;
  EXPECT_EQ(of_trail->bytes, bucket.objects.begin()->second.size());
  EXPECT_EQ(rig.stand_in.calls("s3", "GetObject"), 0U);
  const auto of_history = make_cloudtrail_source(rig.scope, {})->estimate({});
  ASSERT_TRUE(of_history);
  EXPECT_EQ(of_history->units.at(CostItem::kCloudTrailCall), 2);
  EXPECT_EQ(of_history->usd, 0);
}

TEST(CloudTrailSource, asks_only_what_the_service_accepts) {
  SourceRig rig;
  rig.stand_in.lookup_page_size = 1;
  for (int i = 0; i < 3; ++i) {
    rig.stand_in.world().management_events.push_back(event(at("2026-03-14T08:00:00Z") + minutes(i)));
  }
  auto& bucket = rig.stand_in.world().buckets["trail"];
  bucket.objects[trail_key(at("2026-03-14T08:40:00Z"))] = file(at("2026-03-14T08:40:00Z"));
  rig.collect(history());
  rig.collect(trail("trail"));
  const auto wrong = test::check_requests(rig.stand_in.requests());
  if (!wrong) GTEST_SKIP() << "the request checker or python3-botocore is not here";
  EXPECT_THAT(*wrong, IsEmpty());
}

}  // namespace
}  // namespace fa
