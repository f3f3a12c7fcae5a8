#include "sources/aws/alb_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "sources/aws/s3_test_logs.h"

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::alb_key;
using test::alb_line;
using test::asked_of;
using test::at;
using test::AwsWorld;
using test::FaultKind;
using test::SourceRig;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

auto source(const std::string& url = "s3://logs", const std::function<void(S3LogsSettings&)>& change = {}) {
  S3LogsSettings settings;
  settings.url = url;
  if (change) change(settings);
  return [settings](const AwsScope& scope) { return make_alb_source(scope, settings); };
}

std::string log_text(TimePoint end) {
  return alb_line(end - minutes(4)) + alb_line(end - minutes(1), 504, "checkout", "/pay");
}

/// A day and a half of logs of one balancer; the study is 07:30 to 09:00 of the second day.
AwsWorld::Bucket& fill(SourceRig& rig, const std::string& name = "logs") {
  auto& bucket = rig.stand_in.world().buckets[name];
  for (TimePoint end = at("2026-03-13T12:00:00Z"); end <= at("2026-03-14T10:00:00Z"); end += minutes(5)) {
    bucket.objects[alb_key(end)] = test::gzip(log_text(end));
  }
  return bucket;
}

std::set<std::string> keys_between(const char* first, const char* last) {
  std::set<std::string> keys;
  for (TimePoint end = at(first); end <= at(last); end += minutes(5)) keys.insert(alb_key(end));
  return keys;
}

TEST(AlbSource, fetches_what_can_hold_the_study_and_nothing_else) {
  for (const std::size_t page_size : {3U, 50U, 1000U}) {
    SourceRig rig;
    fill(rig);
    rig.stand_in.page_size = page_size;
    rig.collect(source());
    const auto asked = asked_of(rig.stand_in);
    EXPECT_EQ(asked.keys, keys_between("2026-03-14T07:30:00Z", "2026-03-14T09:20:00Z")) << page_size;
    EXPECT_EQ(asked.gets, asked.keys.size()) << "each once";
    EXPECT_THAT(asked.lists, Each(Not(HasSubstr("2026/03/13"))));
    // 07:30 to 09:20 are 23 files; what stands before and behind them costs a page each.
    EXPECT_LE(asked.lists.size(), 1 + 3 + (23 + page_size - 1) / page_size) << page_size;
    EXPECT_EQ(rig.gaps(), "");
    EXPECT_EQ(rig.stored().size(), 23U);
  }
}

TEST(AlbSource, keeps_the_bytes_as_they_are_and_says_where_they_are_from) {
  SourceRig rig;
  const auto& bucket = fill(rig);
  rig.collect(source());
  const std::string name = "alb/123456789012_ap-northeast-1_app.shop.50dc6c495c0c9188_20260314T0835Z_10.0.0.9_r.log.gz";
  const std::string key = alb_key(at("2026-03-14T08:35:00Z"));
  ASSERT_TRUE(rig.stored().contains(name)) << rig.stored().begin()->first;
  EXPECT_EQ(rig.stored().at(name), bucket.objects.at(key));
  const auto file = std::find_if(rig.collection.files.begin(), rig.collection.files.end(),
                                 [&](const auto& f) { return f.name == name; });
  ASSERT_NE(file, rig.collection.files.end());
  EXPECT_EQ(file->origin.source, "s3");
  EXPECT_EQ(file->origin.account, "123456789012");
  EXPECT_EQ(file->origin.region, "ap-northeast-1");
  EXPECT_EQ(file->origin.resource, "s3://logs/" + key);
  EXPECT_EQ(file->origin.range, (TimeRange{at("2026-03-14T08:30:00Z"), at("2026-03-14T08:35:00Z")}));
  EXPECT_EQ(file->origin.reproduce, "aws s3 cp s3://logs/" + key + " - --region ap-northeast-1 | gunzip");
  EXPECT_THAT(rig.notes(), HasSubstr("23 access log files of 1 account in ap-northeast-1"));
}

TEST(AlbSource, takes_any_way_to_write_the_place) {
  for (const char* url : {"logs/prod", "s3://logs/prod/", "s3://logs/prod/AWSLogs", "arn:aws:s3:::logs/prod",
                          "s3://logs/prod/AWSLogs/123456789012/elasticloadbalancing/ap-northeast-1/2026/03/14/"}) {
    SourceRig rig;
    auto& bucket = rig.stand_in.world().buckets["logs"];
    const std::string key =
        alb_key(at("2026-03-14T08:35:00Z"), "app.shop.1", "123456789012", "ap-northeast-1", "prod/");
    bucket.objects[key] = test::gzip(log_text(at("2026-03-14T08:35:00Z")));
    bucket.objects[alb_key(at("2026-03-14T08:35:00Z"))] = "another prefix";
    rig.collect(source(url));
    EXPECT_EQ(asked_of(rig.stand_in).keys, std::set<std::string>{key}) << url << rig.gaps();
  }
}

TEST(AlbSource, finds_accounts_and_regions_or_takes_the_named_ones) {
  const TimePoint end = at("2026-03-14T08:35:00Z");
  const std::string mine = alb_key(end);
  const std::string other = alb_key(end, "app.shop.1", "210987654321");
  const std::string abroad = alb_key(end, "app.shop.1", "210987654321", "eu-west-1");
  struct Case {
    const char* name;
    std::vector<std::string> accounts;
    std::string region;
    std::set<std::string> keys;
  };
  const Case cases[] = {
      {"all accounts", {}, "", {mine, other}},
      {"one account", {"210987654321"}, "", {other}},
      {"another region", {}, "eu-west-1", {abroad}},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    auto& bucket = rig.stand_in.world().buckets["logs"];
    for (const auto& key : {mine, other, abroad}) bucket.objects[key] = test::gzip(log_text(end));
    bucket.objects["AWSLogs/not-an-account/elasticloadbalancing/x"] = "x";
    rig.collect(source("logs", [&](S3LogsSettings& s) {
      s.accounts = c.accounts;
      s.region = c.region;
    }));
    EXPECT_EQ(asked_of(rig.stand_in).keys, c.keys) << c.name << rig.gaps();
  }
}

TEST(AlbSource, several_balancers_and_other_kinds_of_logs) {
  SourceRig rig;
  rig.stand_in.page_size = 3;
  auto& bucket = rig.stand_in.world().buckets["logs"];
  std::set<std::string> wanted;
  for (TimePoint end = at("2026-03-14T00:05:00Z"); end <= at("2026-03-14T10:00:00Z"); end += minutes(5)) {
    for (const char* balancer : {"app.shop.1", "app.shop.10", "app.zoo.2"})
      bucket.objects[alb_key(end, balancer)] = "x";
    for (const char* balancer : {"classic-one", "net.tcp.3", "zzz"}) bucket.objects[alb_key(end, balancer)] = "x";
    const std::string key = alb_key(end, "app.shop.1");
    const std::size_t name = key.rfind('/') + 1;
    bucket.objects[key.substr(0, name) + "conn_log_" + key.substr(name)] = "x";
    if (end >= at("2026-03-14T07:30:00Z") && end <= at("2026-03-14T09:20:00Z")) {
      for (const char* balancer : {"app.shop.1", "app.shop.10", "app.zoo.2"}) wanted.insert(alb_key(end, balancer));
    }
  }
  rig.collect(source());
  const auto asked = asked_of(rig.stand_in);
  EXPECT_EQ(asked.keys, wanted);
  EXPECT_LE(asked.lists.size(), 45U) << "jumps over what is not wanted";
  EXPECT_THAT(rig.notes(), HasSubstr("2 Classic Load Balancers log here too"));
  EXPECT_THAT(rig.notes(), HasSubstr("1 Network Load Balancer log here too"));
  EXPECT_THAT(rig.notes(), HasSubstr("conn_log"));
}

TEST(AlbSource, a_baseline_of_another_day_is_found_in_its_own_folder) {
  SourceRig rig;
  rig.scope.baseline = {at("2026-03-07T23:30:00Z"), at("2026-03-08T00:00:00Z")};
  auto& bucket = rig.stand_in.world().buckets["logs"];
  const std::set<std::string> wanted = {alb_key(at("2026-03-07T23:35:00Z")), alb_key(at("2026-03-08T00:00:00Z")),
                                        alb_key(at("2026-03-14T08:35:00Z"))};
  for (const auto& key : wanted) bucket.objects[key] = test::gzip("x");
  bucket.objects[alb_key(at("2026-03-08T08:35:00Z"))] = "x";
  bucket.objects[alb_key(at("2026-03-14T00:00:00Z"))] = "x";
  rig.collect(source());
  EXPECT_EQ(asked_of(rig.stand_in).keys, wanted);
}

TEST(AlbSource, throttled_downloads_and_lost_connections_are_repeated) {
  for (const FaultKind kind : {FaultKind::kThrottle, FaultKind::kCut, FaultKind::kServerError}) {
    SourceRig rig;
    const auto& bucket = fill(rig);
    rig.stand_in.add_fault({"s3", "GetObject", kind, 3, {}});
    rig.collect(source());
    EXPECT_EQ(rig.gaps(), "");
    ASSERT_EQ(rig.stored().size(), 23U);
    for (const auto& file : rig.collection.files) {
      EXPECT_EQ(rig.stored().at(file.name), bucket.objects.at(file.origin.resource.substr(10))) << "whole, once";
    }
  }
}

TEST(AlbSource, refusals_for_one_reason_are_one_gap) {
  struct Case {
    const char* name;
    std::function<void(AwsWorld::Bucket&)> change;
    std::vector<const char*> said;
  };
  const Case cases[] = {
      {"encrypted", [](auto& b) { b.kms_denied = true; }, {"23 of 23 access log files", "kms:Decrypt"}},
      {"requester pays", [](auto& b) { b.requester_pays = true; }, {"requester_pays = true"}},
      {"archived",
       [](auto& b) {
         for (const auto& [key, bytes] : b.objects) b.info[key].storage_class = "GLACIER";
       },
       {"23 of 23 access log files", "restore"}},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    c.change(fill(rig));
    rig.collect(source());
    ASSERT_THAT(rig.collection.gaps, SizeIs(1)) << c.name << "\n" << rig.gaps();
    for (const char* words : c.said) EXPECT_THAT(rig.gaps(), HasSubstr(words)) << c.name;
    EXPECT_THAT(rig.stored(), IsEmpty()) << c.name;
    const auto used = rig.cost.by_source().begin()->second;
    const auto bytes = used.find(CostItem::kS3BytesOut);
    EXPECT_EQ(bytes == used.end() ? 0 : bytes->second, 0) << c.name;
  }
}

TEST(AlbSource, one_archived_file_among_others_costs_only_itself) {
  SourceRig rig;
  auto& bucket = fill(rig);
  bucket.info[alb_key(at("2026-03-14T08:35:00Z"))].storage_class = "DEEP_ARCHIVE";
  rig.collect(source());
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_EQ(rig.collection.gaps[0].range, (TimeRange{at("2026-03-14T08:30:00Z"), at("2026-03-14T08:35:00Z")}));
  EXPECT_EQ(rig.stored().size(), 22U);
}

TEST(AlbSource, the_requester_pays_when_told_to) {
  SourceRig rig;
  fill(rig).requester_pays = true;
  rig.collect(source("logs", [](S3LogsSettings& s) { s.requester_pays = true; }));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.stored().size(), 23U);
  EXPECT_THAT(rig.collection.files[0].origin.reproduce, HasSubstr("--request-payer requester"));
}

TEST(AlbSource, a_bucket_of_another_region_is_found) {
  SourceRig rig;
  fill(rig).region = "eu-west-1";
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.stored().size(), 23U);
  EXPECT_THAT(rig.collection.files[0].origin.reproduce, HasSubstr("--region eu-west-1"));
  EXPECT_EQ(rig.collection.files[0].origin.region, "ap-northeast-1") << "of the load balancer";
}

TEST(AlbSource, what_a_limit_does_not_allow_is_left_out_from_the_far_end) {
  SourceRig rig;
  const auto& bucket = fill(rig);
  const std::size_t size = bucket.objects.at(alb_key(at("2026-03-14T08:30:00Z"))).size();
  // Eleven files are of the window (08:30 to 09:20): room for these and two of the baseline.
  SourceRig small(CostLimits{.max_fetch_bytes = size * 13 + size / 2});
  fill(small);
  small.collect(source());
  EXPECT_EQ(asked_of(small.stand_in).keys, keys_between("2026-03-14T08:20:00Z", "2026-03-14T09:20:00Z"));
  ASSERT_THAT(small.collection.gaps, SizeIs(1));
  EXPECT_THAT(small.gaps(), HasSubstr("10 of 23 access log files"));
  EXPECT_THAT(small.gaps(), HasSubstr("aws.limits.max_fetch_bytes"));
  EXPECT_THAT(small.gaps(), HasSubstr("The window is complete"));
  EXPECT_EQ(small.collection.gaps[0].range, (TimeRange{at("2026-03-14T07:25:00Z"), at("2026-03-14T08:15:00Z")}));

  SourceRig tiny(CostLimits{.max_fetch_bytes = size * 3 + size / 2});
  fill(tiny);
  tiny.collect(source());
  EXPECT_EQ(asked_of(tiny.stand_in).keys.size(), 3U);
  EXPECT_THAT(tiny.gaps(), HasSubstr("Of the window itself 8 files are missing"));
}

TEST(AlbSource, no_call_is_made_beyond_the_limits) {
  SourceRig rig(CostLimits{.max_calls = 0});
  fill(rig);
  rig.collect(source());
  EXPECT_THAT(rig.stand_in.requests(), IsEmpty());
  EXPECT_THAT(rig.gaps(), HasSubstr("aws.limits.max_calls"));
}

TEST(AlbSource, nothing_there_is_said_with_reasons) {
  struct Case {
    const char* name;
    std::vector<std::string> keys;
    const char* said;
  };
  const Case cases[] = {
      {"an empty bucket", {}, "Is this the right bucket and prefix?"},
      {"only other services", {"AWSLogs/123456789012/CloudTrail/ap-northeast-1/2026/03/14/x"}, "on these days"},
      {"only other times", {alb_key(at("2026-03-14T01:00:00Z"))}, "only of other times"},
      {"only another region",
       {alb_key(at("2026-03-14T08:35:00Z"), "app.a.1", "123456789012", "eu-west-1")},
       "access logs may be off"},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    auto& bucket = rig.stand_in.world().buckets["logs"];
    for (const auto& key : c.keys) bucket.objects[key] = "x";
    rig.collect(source());
    ASSERT_THAT(rig.collection.gaps, SizeIs(1)) << c.name;
    EXPECT_TRUE(icontains(rig.gaps(), c.said)) << c.name << ": " << rig.gaps();
    EXPECT_EQ(rig.collection.gaps[0].range, rig.scope.window);
  }
}

TEST(AlbSource, files_that_cannot_be_here_yet_are_said) {
  SourceRig rig({}, at("2026-03-14T08:58:00Z"));
  auto& bucket = rig.stand_in.world().buckets["logs"];
  bucket.objects[alb_key(at("2026-03-14T08:50:00Z"))] = test::gzip("x");
  rig.collect(source());
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_EQ(rig.collection.gaps[0].range, (TimeRange{at("2026-03-14T08:50:00Z"), at("2026-03-14T09:00:00Z")}));
  EXPECT_THAT(rig.gaps(), HasSubstr("Collect again after 2026-03-14T09:20:00Z"));
}

TEST(AlbSource, listing_that_does_not_work_is_said_and_ends) {
  struct Case {
    FaultKind kind;
    const char* said;
  };
  for (const Case& c :
       {Case{FaultKind::kDenied, "s3:ListBucket"}, Case{FaultKind::kGarbage, "S3 ListObjectsV2"},
        Case{FaultKind::kThrottle, "throttled"}, Case{FaultKind::kServerError, "failed"},
        Case{FaultKind::kTimeout, "in time"}, Case{FaultKind::kCut, "lost"}, Case{FaultKind::kHuge, "larger than"},
        Case{FaultKind::kExpiredToken, "expired"}, Case{FaultKind::kEmpty, "Is this the right bucket"},
        // The list jumps over what is not wanted, so that pages without end come to a place it has been at.
        Case{FaultKind::kEndlessPages, "was not read to its end"}, Case{FaultKind::kSameToken, "page token twice"}}) {
    SourceRig rig;
    fill(rig);
    rig.stand_in.add_fault({"s3", "ListObjectsV2", c.kind, -1, {}});
    rig.collect(source());
    EXPECT_FALSE(rig.collection.gaps.empty()) << c.said;
    EXPECT_TRUE(icontains(rig.gaps(), c.said)) << c.said << ": " << rig.gaps();
  }
}

TEST(AlbSource, a_wrong_url_is_a_gap_of_its_own) {
  SourceRig rig;
  rig.collect(source("https://logs.s3.amazonaws.com"));
  EXPECT_THAT(rig.gaps(), HasSubstr("s3://bucket/prefix"));
  EXPECT_THAT(rig.stand_in.requests(), IsEmpty());
}

TEST(AlbSource, when_accounts_cannot_be_listed_the_callers_own_is_read) {
  SourceRig rig;
  fill(rig);
  rig.stand_in.add_fault({"s3", "ListObjectsV2", FaultKind::kDenied, 1, {}});
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.stored().size(), 23U);
  EXPECT_THAT(rig.notes(), HasSubstr("looked at 123456789012 alone"));
}

TEST(AlbSource, a_passed_deadline_leaves_gaps_and_no_halves) {
  SourceRig rig;
  fill(rig);
  std::stop_source stop;
  rig.http.after = [&](const HttpRequest& request, HttpResponse&) {
    if (request.url.find(".log.gz") != std::string::npos) stop.request_stop();
  };
  rig.collect(source(), Context{stop.get_token(), {}});
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_THAT(rig.gaps(), HasSubstr("aws.deadline_seconds"));
  EXPECT_EQ(rig.stored().size(), rig.collection.files.size());
}

TEST(AlbSource, files_that_come_unpacked_are_kept_under_a_true_name) {
  SourceRig rig;
  auto& bucket = rig.stand_in.world().buckets["logs"];
  const std::string key = alb_key(at("2026-03-14T08:35:00Z"));
  bucket.objects[key] = test::gzip(log_text(at("2026-03-14T08:35:00Z")));
  bucket.info[key].content_encoding = "gzip";
  rig.collect(source());
  ASSERT_THAT(rig.stored(), SizeIs(1)) << rig.gaps();
  EXPECT_THAT(rig.stored().begin()->first,
              testing::AnyOf(testing::EndsWith("_r.log.zst"), testing::EndsWith(".log.gz")));
}

TEST(AlbSource, an_estimate_lists_and_downloads_nothing) {
  SourceRig rig;
  const auto& bucket = fill(rig);
  S3LogsSettings settings;
  settings.url = "logs";
  const auto made = make_alb_source(rig.scope, settings);
  const auto estimate = made->estimate({});
  ASSERT_TRUE(estimate) << estimate.error().message;
  std::uint64_t bytes = 0;
  for (const auto& key : keys_between("2026-03-14T07:30:00Z", "2026-03-14T09:20:00Z")) {
    bytes += bucket.objects.at(key).size();
  }
  EXPECT_EQ(estimate->bytes, bytes);
  EXPECT_EQ(estimate->units.at(CostItem::kS3Get), 23);
  EXPECT_EQ(estimate->calls, 23 + rig.stand_in.calls("s3", "ListObjectsV2"));
  EXPECT_GT(estimate->usd, 0);
  EXPECT_LT(estimate->usd, 0.001);
  EXPECT_EQ(rig.stand_in.calls("s3", "GetObject"), 0U);
  // collect() uses the same listing.
  const auto lists = rig.stand_in.calls("s3", "ListObjectsV2");
  auto folder = *CollectedFolder::create(rig.files.path() / "after-estimate");
  made->collect(*folder, {});
  EXPECT_EQ(rig.stand_in.calls("s3", "ListObjectsV2"), lists);
  EXPECT_EQ(rig.stand_in.calls("s3", "GetObject"), 23U);
}

TEST(AlbSource, the_same_bucket_gives_the_same_folder) {
  std::map<std::string, std::string> first;
  for (int i = 0; i < 3; ++i) {
    SourceRig rig;
    fill(rig).info[alb_key(at("2026-03-14T08:35:00Z"))].storage_class = "GLACIER";
    rig.collect(source());
    auto stored = rig.stored();
    stored["account"] = rig.file_text(std::string(kCollectionFileName));
    if (i == 0) first = stored;
    EXPECT_EQ(stored, first);
  }
}

TEST(AlbSource, asks_only_what_the_service_accepts) {
  SourceRig rig;
  rig.stand_in.page_size = 5;
  fill(rig);
  rig.collect(source());
  const auto wrong = test::check_requests(rig.stand_in.requests());
  if (!wrong) GTEST_SKIP() << "the request checker or python3-botocore is not here";
  EXPECT_THAT(*wrong, IsEmpty());
}

}  // namespace
}  // namespace fa
