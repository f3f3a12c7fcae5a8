#include "sources/aws/logs_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sources/aws/logs_test_rig.h"

namespace fa {
namespace {

using std::chrono::milliseconds;
using test::at;
using test::FaultKind;
using test::LogsRig;
using test::ReadLine;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

LogsSettings groups(std::vector<std::string> names) {
  LogsSettings settings;
  settings.groups = std::move(names);
  return settings;
}

std::vector<std::string> messages(const std::vector<ReadLine>& lines) {
  std::vector<std::string> all;
  for (const ReadLine& line : lines) all.push_back(line.message);
  return all;
}

std::set<std::string> services(const std::vector<ReadLine>& lines) {
  std::set<std::string> all;
  for (const ReadLine& line : lines) all.insert(line.service);
  return all;
}

TEST(LogsSource, fetches_every_line_of_small_groups) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 730, "order {} stored", "a");
  rig.add_lines("/ecs/orders", rig.baseline, 410, "earlier order {} stored", "b");  // streams interleave in the pages
  rig.add_lines("/ecs/orders", rig.window, 57, "other stream {} speaks", "c");
  rig.add_lines("/ecs/cart", rig.window, 12, "cart {} opened");
  rig.add_lines("/ecs/other", rig.window, 12, "not asked for {}");
  rig.collect(groups({"/ecs/orders", "/ecs/cart"}));
  EXPECT_EQ(rig.gaps(), "");
  const auto lines = rig.lines();
  ASSERT_EQ(lines.size(), 730U + 410U + 57U + 12U);
  const auto all = messages(lines);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), lines.size()) << "none twice";
  EXPECT_EQ(services(lines), (std::set<std::string>{"orders", "cart"}));
  EXPECT_THAT(rig.notes(), AllOf(HasSubstr("2 log groups"), HasSubstr("Every line was asked for of: /ecs/cart, "
                                                                      "/ecs/orders")));
  EXPECT_EQ(rig.calls("StartQuery"), 0U);
  for (const auto& file : rig.collection.files) {
    EXPECT_EQ(file.origin.source, "cloudwatch_logs");
    EXPECT_EQ(file.origin.account, "123456789012");
    EXPECT_THAT(file.origin.reproduce,
                HasSubstr("aws logs filter-log-events --region ap-northeast-1 --log-group-name"));
  }
}

TEST(LogsSource, stores_the_answers_as_they_came) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 150, "order {}");
  rig.collect(groups({"/ecs/orders"}));
  ASSERT_THAT(rig.collection.files, SizeIs(1));
  EXPECT_EQ(rig.collection.files[0].name, "cloudwatch_logs/ecs_orders/20260314T083000Z_20260314T090000Z.json.zst");
  EXPECT_EQ(rig.collection.files[0].origin.range, rig.window) << "the baseline has no lines and no file";
}

TEST(LogsSource, begins_and_ends_at_the_millisecond) {
  LogsRig rig;
  const auto add = [&](const char* time) { rig.group("/ecs/orders").events.push_back({at(time), "s", time}); };
  for (const char* time : {"2026-03-14T07:29:59.999Z", "2026-03-14T07:30:00Z", "2026-03-14T08:29:59.999Z",
                           "2026-03-14T08:30:00Z", "2026-03-14T08:59:59.999Z", "2026-03-14T09:00:00Z"}) {
    add(time);
  }
  rig.collect(groups({"/ecs/orders"}));
  std::vector<TimePoint> times;
  for (const ReadLine& line : rig.lines()) times.push_back(line.time);
  EXPECT_THAT(times, testing::ElementsAre(at("2026-03-14T07:30:00Z"), at("2026-03-14T08:29:59.999Z"),
                                          at("2026-03-14T08:30:00Z"), at("2026-03-14T08:59:59.999Z")));
}

TEST(LogsSource, cuts_larger_groups_into_slices_that_join) {
  LogsRig rig;
  const std::string padding(2'000, 'x');
  rig.add_lines("/ecs/orders", rig.window, 20'000, "order {} " + padding);
  rig.stand_in.event_page_size = 10'000;
  rig.add_incoming_bytes("/ecs/orders", at("2026-03-14T08:40:00Z"), 41e6);
  rig.collect(groups({"/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.collection.files.size(), 5U);
  EXPECT_EQ(rig.lines().size(), 20'000U);
  EXPECT_THAT(rig.notes(), HasSubstr("41 MB of text by the metric IncomingBytes of 1 log groups"));
}

TEST(LogsSource, two_runs_give_the_same_bytes) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 3'000, "order {}");
  rig.add_lines("/ecs/cart", rig.baseline, 3'000, "cart {}");
  rig.add_incoming_bytes("/ecs/orders", at("2026-03-14T08:40:00Z"), 60e6);  // several slices
  rig.group("/ecs/nothing");
  rig.collect(groups({"/ecs/orders", "/ecs/cart", "/ecs/missing", "/ecs/nothing"}));
  const auto first = rig.stored();
  rig.collect(groups({"/ecs/orders", "/ecs/cart", "/ecs/missing", "/ecs/nothing"}));
  EXPECT_GT(first.size(), 8U);
  EXPECT_EQ(rig.stored(), first);
}

TEST(LogsSource, finds_groups_by_prefix_and_tag_over_several_pages) {
  LogsRig rig;
  for (int i = 0; i < 10; ++i) {
    rig.add_lines(fmt::format("/shop/service-{}", i), rig.window, 1, "hello {}");
    rig.add_lines(fmt::format("/else/service-{}", i), rig.window, 1, "hello {}");
  }
  rig.group("/else/service-7").tags = {{"team", "shop"}, {"stage", "prod"}};
  rig.group("/else/service-8").tags = {{"team", "shop"}, {"stage", "test"}};
  LogsSettings settings;
  settings.prefixes = {"/shop/", "/shop/service-1"};
  settings.tags = {{"team", "shop"}, {"stage", "prod"}};
  rig.collect(settings);
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.lines().size(), 11U);
  EXPECT_TRUE(services(rig.lines()).contains("service-7"));
}

TEST(LogsSource, names_what_it_does_not_find) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 3, "order {}");
  LogsSettings settings = groups(
      {"/ecs/order", "/ecs/orders", "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/x", "arn:aws:s3:::bucket"});
  settings.prefixes = {"/none/"};
  settings.tags = {{"team", "nobody"}};
  rig.collect(settings);
  EXPECT_EQ(rig.lines().size(), 3U);
  EXPECT_THAT(rig.collection.gaps, SizeIs(5));
  EXPECT_THAT(rig.gaps(), HasSubstr("There is no log group /ecs/order in account 123456789012, ap-northeast-1."));
  EXPECT_THAT(rig.gaps(), HasSubstr("is in eu-west-1; this collection asks in ap-northeast-1"));
  EXPECT_THAT(rig.gaps(), HasSubstr("arn:aws:s3:::bucket is no ARN of a log group"));
  EXPECT_THAT(rig.gaps(), HasSubstr("No log group in ap-northeast-1 begins with /none/."));
  EXPECT_THAT(rig.gaps(), HasSubstr("carries the tags team=nobody"));
}

TEST(LogsSource, reads_groups_of_linked_accounts_by_their_arn) {
  LogsRig rig;
  test::AwsWorld other;
  other.account = "210987654321";
  other.access_key_id = "AKIAOTHER";
  other.linked = true;
  other.log_groups["/ecs/orders"].events = {{at("2026-03-14T08:40:00Z"), "s", "from the other account"}};
  other.log_groups["/ecs/stock"].events = {{at("2026-03-14T08:41:00Z"), "s", "stock of the other account"}};
  rig.stand_in.world().other_accounts.push_back(other);
  rig.add_lines("/ecs/orders", rig.window, 2, "own {}");
  rig.collect(groups({"arn:aws:logs:ap-northeast-1:210987654321:log-group:/ecs/orders:*", "/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.lines(), SizeIs(3));
  EXPECT_EQ(services(rig.lines()), std::set<std::string>{"orders"});
  bool seen = false;
  for (const auto& file : rig.collection.files) {
    if (file.origin.account != "210987654321") continue;
    seen = true;
    EXPECT_THAT(file.origin.reproduce, HasSubstr("--log-group-identifier arn:aws:logs:ap-northeast-1:210987654321:"));
  }
  EXPECT_TRUE(seen);

  LogsSettings linked;
  linked.prefixes = {"/ecs/"};
  linked.linked_accounts = true;
  rig.collect(linked);
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.lines(), SizeIs(4));
}

TEST(LogsSource, says_what_a_refusal_means) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 30, "order {}");
  rig.stand_in.add_fault({"logs", "FilterLogEvents", FaultKind::kDenied});
  rig.collect(groups({"/ecs/orders"}));
  EXPECT_THAT(rig.collection.gaps, SizeIs(2)) << "window and baseline";
  for (const Gap& gap : rig.collection.gaps) {
    EXPECT_THAT(gap.source, HasSubstr("/ecs/orders"));
    EXPECT_THAT(gap.error, HasSubstr("logs:FilterLogEvents"));
    EXPECT_FALSE(gap.impact.empty());
  }
  EXPECT_LE(rig.calls("FilterLogEvents"), 6U) << "a refusal is not asked for again and again";

  LogsRig blind;
  blind.stand_in.add_fault({"logs", "DescribeLogGroups", FaultKind::kDenied});
  blind.collect(groups({"/ecs/orders"}));
  EXPECT_THAT(blind.gaps(), HasSubstr("logs:DescribeLogGroups"));
}

TEST(LogsSource, a_page_that_fails_keeps_what_came_before) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 1'000, "order {}");
  rig.add_incoming_bytes("/ecs/orders", at("2026-03-14T08:40:00Z"), 40'000);
  struct FailingHttp final : HttpClient {
    explicit FailingHttp(HttpClient& client) : inner(client) {}
    Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink) override {
      const auto target = find_header(request.headers, "x-amz-target");
      const bool window = request.body.find("1773477000000") != std::string::npos;
      if (window && target && target->ends_with("FilterLogEvents") && ++pages > 4) {
        return HttpResponse{500, {}, R"({"__type":"ServiceUnavailableException"})"};
      }
      return inner.send(request, context, sink);
    }
    HttpClient& inner;
    std::atomic<int> pages{0};
  } http(rig.http);
  struct Keys final : aws::CredentialsProvider {
    Result<aws::Credentials> get(const Context&) override {
      aws::Credentials made;
      made.access_key_id = "AKIASTANDIN";
      made.secret_access_key = Secret("stand-in-secret");
      return made;
    }
  } keys;
  aws::ClientSettings client_settings;
  client_settings.region = "ap-northeast-1";
  aws::Client client({http, rig.retrier, keys, rig.clock}, client_settings);
  const AwsScope scope{client,      "123456789012", "ap-northeast-1", rig.clock,
                       rig.sleeper, rig.cost,       rig.window,       rig.baseline};
  rig.folder = *CollectedFolder::create(rig.files.path() / "broken-off");
  make_logs_source(scope, groups({"/ecs/orders"}))->collect(*rig.folder, {});
  ASSERT_TRUE(rig.folder->finish({}, {}, ""));
  rig.collection = *collection_from_json(rig.bytes_of(std::string(kCollectionFileName)));
  const auto lines = rig.lines();
  EXPECT_EQ(lines.size(), 400U);
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_EQ(rig.collection.gaps[0].range, (TimeRange{lines.back().time, rig.window.end}));
  EXPECT_THAT(rig.collection.gaps[0].error, HasSubstr("FilterLogEvents"));
}

TEST(LogsSource, ends_paging_that_has_no_end) {
  for (const FaultKind kind : {FaultKind::kEndlessPages, FaultKind::kSameToken}) {
    LogsRig rig;
    rig.add_lines("/ecs/orders", rig.window, 5, "order {}");
    rig.add_incoming_bytes("/ecs/orders", at("2026-03-14T08:40:00Z"), 200);
    rig.stand_in.add_fault({"logs", "FilterLogEvents", kind});
    rig.collect(groups({"/ecs/orders"}));
    EXPECT_THAT(rig.gaps(), AnyOf(HasSubstr("more than 1000 pages"), HasSubstr("same page token twice")));
    EXPECT_LE(rig.calls("FilterLogEvents"), 2'010U);

    LogsRig listing;
    listing.add_lines("/ecs/orders", listing.window, 5, "order {}");
    listing.stand_in.add_fault({"logs", "DescribeLogGroups", kind});
    LogsSettings settings;
    settings.prefixes = {"/ecs/"};
    listing.collect(settings);
    EXPECT_THAT(listing.gaps(), HasSubstr("Listing log groups was given up"));
  }
}

TEST(LogsSource, survives_every_fault_and_names_a_gap) {
  for (const FaultKind kind : {FaultKind::kThrottle, FaultKind::kServerError, FaultKind::kTimeout, FaultKind::kDenied,
                               FaultKind::kGarbage, FaultKind::kCut, FaultKind::kEmpty, FaultKind::kExpiredToken}) {
    LogsRig rig;
    rig.add_lines("/ecs/orders", rig.window, 5, "order {}");
    rig.stand_in.add_fault({"logs", "", kind});
    rig.collect(groups({"/ecs/orders"}));
    EXPECT_THAT(rig.lines(), IsEmpty());
    EXPECT_FALSE(rig.collection.gaps.empty()) << static_cast<int>(kind);
  }
}

TEST(LogsSource, lets_passing_faults_pass) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 500, "order {}");
  rig.stand_in.add_fault({"logs", "FilterLogEvents", FaultKind::kThrottle, 2});
  rig.stand_in.add_fault({"logs", "FilterLogEvents", FaultKind::kCut, 1});
  rig.collect(groups({"/ecs/orders"}));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.lines().size(), 500U);
}

TEST(LogsSource, reads_groups_of_infrequent_access_through_queries) {
  LogsRig rig;
  rig.group("/ecs/rare").log_class = "INFREQUENT_ACCESS";
  rig.add_lines("/ecs/rare", rig.window, 120, "rare {}");
  rig.add_lines("/ecs/rare", rig.baseline, 30, "before rare {}");
  rig.group("/ecs/gone").log_class = "DELIVERY";
  rig.collect(groups({"/ecs/rare", "/ecs/gone"}));
  EXPECT_EQ(rig.lines().size(), 150U);
  EXPECT_EQ(services(rig.lines()), std::set<std::string>{"rare"});
  EXPECT_EQ(rig.calls("FilterLogEvents"), 0U);
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("/ecs/gone"), HasSubstr("DELIVERY")));
  EXPECT_THAT(rig.notes(), HasSubstr("INFREQUENT_ACCESS, of: /ecs/rare"));
}

TEST(LogsSource, fetches_long_messages_whole) {
  LogsRig rig;
  rig.group("/ecs/rare").log_class = "INFREQUENT_ACCESS";
  const std::string trace = "ERROR boom " + std::string(3'000, 'x') + " the cause";
  rig.group("/ecs/rare").events = {{at("2026-03-14T08:40:00Z"), "s", trace},
                                   {at("2026-03-14T08:41:00Z"), "s", "short"}};
  rig.collect(groups({"/ecs/rare"}));
  const auto lines = rig.lines();
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0].message, HasSubstr("the cause"));
  EXPECT_EQ(rig.calls("GetLogRecord"), 1U);
  EXPECT_EQ(rig.gaps(), "");

  rig.stand_in.add_fault({"logs", "GetLogRecord", FaultKind::kDenied});
  rig.collect(groups({"/ecs/rare"}));
  ASSERT_THAT(rig.lines(), SizeIs(2));
  EXPECT_THAT(rig.gaps(), HasSubstr("logs:GetLogRecord"));
}

TEST(LogsSource, stops_when_it_is_told_to) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 500, "order {}");
  std::stop_source stop;
  stop.request_stop();
  rig.collect(groups({"/ecs/orders"}), {stop.get_token(), std::nullopt});
  EXPECT_THAT(rig.lines(), IsEmpty());
  EXPECT_FALSE(rig.collection.gaps.empty());
}

TEST(LogsSource, decides_by_what_is_stored_where_the_study_lies_back) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 10, "order {}");
  rig.clock.advance(std::chrono::hours(24 * 5));
  rig.collect(groups({"/ecs/orders"}));
  EXPECT_THAT(rig.notes(), HasSubstr("StoredBytes, compressed, of the whole retention"));
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "GetMetricData"), 0U);
  EXPECT_THAT(rig.lines(), SizeIs(10));
}

TEST(LogsSource, estimates_without_fetching) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 10, "order {}");
  rig.add_incoming_bytes("/ecs/orders", at("2026-03-14T08:40:00Z"), 5e9);
  const auto source = make_logs_source(rig.scope, groups({"/ecs/orders"}));
  const auto large = source->estimate({});
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_EQ(large->units.at(CostItem::kLogsInsightsBytes), 25e9);
  EXPECT_GT(large->usd, 0.1);
  EXPECT_THAT(large->how, HasSubstr("IncomingBytes"));
  EXPECT_EQ(rig.calls("FilterLogEvents") + rig.calls("StartQuery"), 0U);

  rig.add_lines("/ecs/small", rig.window, 10, "order {}");
  rig.add_incoming_bytes("/ecs/small", at("2026-03-14T08:40:00Z"), 5e6);
  const auto small = make_logs_source(rig.scope, groups({"/ecs/small"}))->estimate({});
  ASSERT_TRUE(small);
  EXPECT_EQ(small->usd, 0);
  EXPECT_EQ(small->bytes, 5'000'000U);
}

TEST(LogsSource, makes_requests_that_the_models_allow) {
  LogsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 250, "order {}");
  rig.group("/ecs/rare").log_class = "INFREQUENT_ACCESS";
  rig.add_lines("/ecs/rare", rig.window, 3, "rare {}");
  LogsSettings settings = groups({"/ecs/orders", "/ecs/rare"});
  settings.tags = {{"a", "b"}};
  rig.collect(settings);
  const auto wrong = test::check_requests(rig.stand_in.requests());
  if (!wrong) GTEST_SKIP() << "../shared/tools/check_request.py or python3-botocore is missing";
  EXPECT_THAT(*wrong, IsEmpty());
}

}  // namespace
}  // namespace fa
