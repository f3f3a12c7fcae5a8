#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "alarms/alarm.h"
#include "alarms/promql_metric.h"
#include "alarms/sns.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

TimePoint at(const std::string& text) { return parse_rfc3339(text).value(); }

Json group() {
  return parse_json(R"x({"version":"4","groupKey":"{}:{alertname=\"HighErrorRate\"}","truncatedAlerts":0,
    "status":"firing","receiver":"fa2","groupLabels":{"alertname":"HighErrorRate"},
    "commonLabels":{"alertname":"HighErrorRate","severity":"page"},"commonAnnotations":{},
    "externalURL":"http://alertmanager:9093","alerts":[
      {"status":"firing","labels":{"alertname":"HighErrorRate","service":"orders","job":"api","severity":"page","region":"eu-west-1"},
       "annotations":{"summary":"orders fails","description":"12% of requests fail"},
       "startsAt":"2026-11-27T08:30:00.5+09:00","endsAt":"0001-01-01T00:00:00Z",
       "generatorURL":"http://prometheus:9090/graph?g0.expr=sum%28rate%28http_requests_total%7Bcode%3D%22500%22%7D%5B5m%5D%29%29+%3E+1&g0.tab=1",
       "fingerprint":"5ef77f1f8a3ecf8d"},
      {"status":"resolved","labels":{"alertname":"HighErrorRate","deployment":"cart","job":"kube-state-metrics","severity":"page"},
       "annotations":{"message":"カートのエラー"},
       "startsAt":"2026-11-27T08:00:00Z","endsAt":"2026-11-27T08:20:00Z","generatorURL":"","fingerprint":"x"}]})x");
}

std::vector<AlarmNotice> read(const Json& document) {
  const auto notices = parse_alertmanager(json_text(document));
  EXPECT_TRUE(notices) << (notices ? "" : notices.error().message);
  return notices.value_or(std::vector<AlarmNotice>{});
}

TEST(Alertmanager, gives_a_notice_per_alert) {
  const auto notices = read(group());
  ASSERT_EQ(notices.size(), 2U);
  const AlarmNotice& orders = notices[0];
  EXPECT_EQ(orders.source, "alertmanager");
  EXPECT_EQ(orders.name, "HighErrorRate");
  EXPECT_EQ(orders.state, AlarmState::kAlarm);
  EXPECT_EQ(orders.entity, "orders");
  EXPECT_EQ(orders.region, "eu-west-1");
  EXPECT_EQ(orders.description, "orders fails\n12% of requests fail");
  EXPECT_EQ(orders.metric, "http_requests_total");
  EXPECT_EQ(orders.changed_at, at("2026-11-26T23:30:00.5Z"));
  EXPECT_THAT(orders.link, HasSubstr("http://prometheus:9090/graph"));
  EXPECT_THAT(orders.dimensions, Contains(Pair("severity", "page")));
  EXPECT_EQ(orders.summary(), "HighErrorRate: orders fails 12% of requests fail (http_requests_total)");
  const AlarmNotice& cart = notices[1];
  EXPECT_EQ(cart.state, AlarmState::kOk);
  EXPECT_EQ(cart.entity, "cart");
  EXPECT_EQ(cart.description, "カートのエラー");
  EXPECT_EQ(cart.changed_at, at("2026-11-27T08:20:00Z"));
  EXPECT_NE(cart.key(), orders.key());
}

TEST(Alertmanager, wrong_members_cost_only_what_they_would_have_said) {
  for (const char* member : {"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"}) {
    for (const char* wrong : {"null", "1", "[]", "{}", "{\"alertname\":[]}", "true", "\"\"", "\"\\u0000\""}) {
      Json document = group();
      document["alerts"][0][member] = parse_json(wrong);
      const auto notices = read(document);
      ASSERT_EQ(notices.size(), 2U) << member << " " << wrong;
      // Name and state stand in the group, too.
      EXPECT_EQ(notices[0].name, "HighErrorRate") << member << " " << wrong;
      EXPECT_EQ(notices[0].state, AlarmState::kAlarm) << member << " " << wrong;
      EXPECT_EQ(notices[1].entity, "cart");
    }
  }
  for (const char* member : {"groupKey", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations",
                             "externalURL", "version", "truncatedAlerts"}) {
    for (const char* wrong : {"null", "1", "[]", "{}", "true"}) {
      Json document = group();
      document[member] = parse_json(wrong);
      EXPECT_EQ(read(document).size(), 2U) << member << " " << wrong;
    }
  }
  Json document = group();
  document["alerts"].push_back("nonsense");
  document["alerts"].push_back(nullptr);
  EXPECT_EQ(read(document).size(), 2U);
  document["alerts"][0]["labels"]["shard"] = 7;
  EXPECT_THAT(read(document)[0].dimensions, Contains(Pair("shard", "7")));
}

TEST(Alertmanager, what_is_none_is_refused_in_words) {
  const auto with_alerts = [](const char* alerts) {
    return std::string("{\"version\":\"4\",\"alerts\":") + alerts + "}";
  };
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), with_alerts("{}"), with_alerts("null"),
        with_alerts("\"\""), with_alerts("[{}]"), with_alerts("[1,2]"), with_alerts("[{\"labels\":{}}]"),
        std::string(R"({"version":"5","alerts":[{"labels":{"alertname":"x"}}]})"),
        with_alerts(std::string(100'000, '[').c_str()), with_alerts("[") + "\xff"}) {
    const auto notices = parse_alertmanager(body);
    ASSERT_FALSE(notices) << body.substr(0, 80);
    EXPECT_FALSE(notices.error().message.empty());
  }
  const auto none = parse_alertmanager(with_alerts("[]"));
  ASSERT_TRUE(none);
  EXPECT_THAT(*none, IsEmpty());
  Json many = group();
  for (int i = 0; i < 1000; ++i) many["alerts"].push_back(many["alerts"][0]);
  EXPECT_EQ(parse_alertmanager(json_text(many)).error().code, ErrorCode::kLimit);
  Json grafana = group();
  grafana["version"] = "1";
  EXPECT_EQ(read(grafana).size(), 2U);
}

TEST(Alertmanager, huge_label_sets_are_cut) {
  Json document = group();
  for (int i = 0; i < 200; ++i) document["alerts"][0]["labels"]["l" + std::to_string(i)] = std::string(2000, 'v');
  const auto notices = read(document);
  EXPECT_LE(notices[0].dimensions.size(), 128U);
  EXPECT_LE(notices[0].dimensions.at("l1").size(), 1024U);
}

TEST(PromqlMetric, is_given_where_there_is_one) {
  struct Case {
    const char* expression;
    const char* metric;
  };
  const Case cases[] = {
      {"up", "up"},
      {"up == 0", "up"},
      {"sum(rate(http_requests_total{code=~\"5..\"}[5m])) by (service) > 0.05", "http_requests_total"},
      {"sum by (service) (rate(http_requests_total[5m])) > bool 1e3", "http_requests_total"},
      {"sum without(job, instance) (errors)", "errors"},
      {"rate(a_total{x=\"1\"}[5m]) / on(job) group_left(y) rate(a_total[5m])", "a_total"},
      {"job:errors:rate5m > 0", "job:errors:rate5m"},
      {"histogram_quantile(0.99, sum(rate(d_bucket[5m])) by (le))", "d_bucket"},
      {"max_over_time(x[1h:5m] offset 1d) > inf", "x"},
      {"x @ end() unless x offset 5m # comment y", "x"},
      {"label_replace(x, \"a\", \"$1\", 'b', `c.*`)", "x"},
      {"x{a=\"}y\", b='{'}", "x"},
      {"absent(x{job=\"a\"})", "x"},
      {"a / b", ""},
      {"errors_total and on() vector(1) > other", ""},
      {"{__name__=\"x\"}", ""},
      {"{__name__=~\"x.*\"} > y", ""},
      {"{\"x\"}", ""},
      {"vector(1)", ""},
      {"1 + 1", ""},
      {"", ""},
      {"x{", ""},
      {"x{a=\"", ""},
      {"\"x", ""},
      {"x[5m", "x"},
      {"((((", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(only_metric_of(c.expression), c.metric) << c.expression;
  EXPECT_EQ(only_metric_of(std::string(1 << 20, 'x')), "");
  EXPECT_EQ(only_metric_of(std::string("x\0y", 3)), "");
}

TEST(PromqlMetric, expressions_are_found_in_addresses) {
  EXPECT_EQ(expression_of_graph("http://p/graph?g0.expr=up+%3D%3D+0&g0.tab=1"), "up == 0");
  EXPECT_EQ(expression_of_graph("http://p/graph?g0.tab=1&g0.expr=%E6%B3%A8"), "注");
  for (const char* none :
       {"", "http://p/graph", "http://p/graph?", "http://p/alerting/grafana/abc/view?orgId=1", "?&&&=&"}) {
    EXPECT_EQ(expression_of_graph(none), "") << none;
  }
}

const char* const kWebhook =
    R"({"title":"注文が失敗する","description":"503\n続いている","entity":"orders","metric":"errors",
  "state":"firing","time":"2026-11-27T17:31:00+09:00","window":{"from":"2026-11-27T08:25:00Z","to":1795768800},
  "link":"https://status.example/1","unknown":[1]})";

TEST(Webhook, is_read_whole) {
  const auto n = parse_webhook(kWebhook);
  ASSERT_TRUE(n) << n.error().message;
  EXPECT_EQ(n->source, "webhook");
  EXPECT_EQ(n->name, "注文が失敗する");
  EXPECT_EQ(n->description, "503\n続いている");
  EXPECT_EQ(n->entity, "orders");
  EXPECT_EQ(n->metric, "errors");
  EXPECT_EQ(n->state, AlarmState::kAlarm);
  EXPECT_EQ(n->changed_at, at("2026-11-27T08:31:00Z"));
  ASSERT_TRUE(n->window);
  EXPECT_EQ(n->window->begin, at("2026-11-27T08:25:00Z"));
  EXPECT_EQ(n->window->end, at("2026-11-27T08:40:00Z"));
  EXPECT_EQ(n->link, "https://status.example/1");
  EXPECT_EQ(n->summary(), "注文が失敗する: 503 続いている (errors, orders)");
}

TEST(Webhook, states_have_several_names) {
  struct Case {
    const char* state;
    AlarmState meant;
  };
  const Case cases[] = {{"\"alarm\"", AlarmState::kAlarm},    {"\"Firing\"", AlarmState::kAlarm},
                        {"\"ALERTING\"", AlarmState::kAlarm}, {"\"ok\"", AlarmState::kOk},
                        {"\"resolved\"", AlarmState::kOk},    {"\"no_data\"", AlarmState::kInsufficientData},
                        {"\"purple\"", AlarmState::kUnknown}, {"7", AlarmState::kAlarm},
                        {"null", AlarmState::kAlarm}};
  for (const Case& c : cases) {
    const auto n = parse_webhook(std::string("{\"title\":\"x\",\"state\":") + c.state + "}");
    ASSERT_TRUE(n);
    EXPECT_EQ(n->state, c.meant) << c.state;
  }
  EXPECT_EQ(parse_webhook("{\"title\":\"x\"}")->state, AlarmState::kAlarm);
}

TEST(Webhook, wrong_members_cost_only_themselves) {
  const Json whole = parse_json(kWebhook);
  for (const auto& [name, value] : whole.items()) {
    for (const char* wrong : {"null", "-1", "1.5", "[]", "[[]]", "{}", "true", "\"\"", "\"\\u0000\"", "1e300"}) {
      Json changed = whole;
      changed[name] = parse_json(wrong);
      const auto n = parse_webhook(json_text(changed));
      ASSERT_EQ(n.has_value(), name != "title") << name << " " << wrong;
      if (!n) {
        EXPECT_THAT(n.error().message, HasSubstr("`title`"));
        continue;
      }
      EXPECT_EQ(n->name, "注文が失敗する");
      EXPECT_EQ(n->entity.empty(), name == "entity");
      EXPECT_EQ(n->metric.empty(), name == "metric");
      EXPECT_EQ(n->description.empty(), name == "description");
      EXPECT_EQ(n->changed_at.has_value(), name != "time") << wrong;
      EXPECT_EQ(n->window.has_value(), name != "window");
      EXPECT_EQ(n->link.empty(), name == "link");
    }
  }
}

TEST(Webhook, a_window_that_is_none_is_left_out) {
  for (const char* window :
       {R"({"from":"2026-11-27T08:30:00Z","to":"2026-11-27T08:30:00Z"})",
        R"({"from":"2026-11-27T08:31:00Z","to":"2026-11-27T08:30:00Z"})", R"({"from":"2026-11-27T08:30:00Z"})",
        R"({"to":"2026-11-27T08:30:00Z"})", R"({"from":"now","to":"2026-11-27T08:30:00Z"})",
        R"({"from":-5,"to":"2026-11-27T08:30:00Z"})", R"({"from":99999999999999,"to":1e300})"}) {
    const auto n = parse_webhook(std::string("{\"title\":\"x\",\"window\":") + window + "}");
    ASSERT_TRUE(n) << window;
    EXPECT_FALSE(n->window) << window;
  }
}

TEST(Webhook, only_web_addresses_are_links) {
  for (const char* link : {"javascript:alert(1)", "ftp://x", "//x", "x", "HTTPS://x"}) {
    EXPECT_EQ(parse_webhook(json_text(Json{{"title", "x"}, {"link", link}}))->link, "") << link;
  }
}

TEST(Webhook, what_is_none_is_refused_in_words) {
  for (const std::string& body : {std::string(), std::string("[]"), std::string("{}"), std::string("title=x"),
                                  std::string("{\"title\":\"x\""), std::string("{\"title\":\" \\u0001\\n\"}"),
                                  "{\"title\":" + std::string(100'000, '['), std::string(5 << 20, ' ')}) {
    const auto n = parse_webhook(body);
    ASSERT_FALSE(n) << body.substr(0, 80);
    EXPECT_FALSE(n.error().message.empty());
  }
}

const TimePoint kSignedAt = at("2026-11-27T09:00:00Z");
const std::string kBody = "{\"title\":\"注文\"}";
const std::string kSecret = "correct horse";

WebhookCheck check(std::string_view header, TimePoint now = kSignedAt) {
  return check_webhook_signature(header, kBody, kSecret, now);
}

TEST(WebhookSignature, is_the_one_of_the_documentation) {
  // printf '%s.%s' 1795770000 '{"title":"x"}' | openssl dgst -sha256 -hmac 'secret' -r
  EXPECT_EQ(sign_webhook("{\"title\":\"x\"}", "secret", kSignedAt),
            "t=1795770000,v1=c9fb157a47e0d8f5c5bf3eb667c7307d89b2633c5d8d144bd119c05902913721");
}

TEST(WebhookSignature, is_of_this_body_by_this_secret) {
  const std::string good = sign_webhook(kBody, kSecret, kSignedAt);
  EXPECT_EQ(check(good), WebhookCheck::kValid);
  EXPECT_EQ(check_webhook_signature(good, kBody + " ", kSecret, kSignedAt), WebhookCheck::kWrong);
  EXPECT_EQ(check_webhook_signature(good, "", kSecret, kSignedAt), WebhookCheck::kWrong);
  EXPECT_EQ(check_webhook_signature(good, kBody, "other", kSignedAt), WebhookCheck::kWrong);
  EXPECT_EQ(check_webhook_signature(good, kBody, kSecret + "\n", kSignedAt), WebhookCheck::kWrong);
  EXPECT_EQ(check_webhook_signature("", kBody, kSecret, kSignedAt), WebhookCheck::kMissing);
  const std::string of_nothing = sign_webhook(kBody, "", kSignedAt);
  EXPECT_EQ(check_webhook_signature(of_nothing, kBody, "", kSignedAt), WebhookCheck::kWrong);
}

TEST(WebhookSignature, may_be_five_minutes_off) {
  const std::string good = sign_webhook(kBody, kSecret, kSignedAt);
  struct Case {
    Nanoseconds later;
    WebhookCheck expected;
  };
  const Case cases[] = {
      {seconds(300), WebhookCheck::kValid},           {milliseconds(300'001), WebhookCheck::kStale},
      {seconds(301), WebhookCheck::kStale},           {seconds(-300), WebhookCheck::kValid},
      {milliseconds(-300'001), WebhookCheck::kStale}, {seconds(-301), WebhookCheck::kStale},
      {milliseconds(-299'999), WebhookCheck::kValid}, {std::chrono::hours(24 * 365), WebhookCheck::kStale}};
  for (const Case& c : cases) EXPECT_EQ(check(good, kSignedAt + c.later), c.expected) << c.later.count();
  // A stale one is stale whoever made it; a time that no clock shows is stale, too.
  const std::string mac = good.substr(good.find(",v1="));
  for (const char* time : {"1", "999999999999", "1895770000"}) {
    EXPECT_EQ(check(std::string("t=") + time + mac), WebhookCheck::kStale) << time;
  }
}

TEST(WebhookSignature, one_of_several_must_be_right) {
  const std::string good = sign_webhook(kBody, kSecret, kSignedAt);
  const std::string other = sign_webhook(kBody, "old secret", kSignedAt);
  const std::string time = good.substr(0, good.find(','));
  const std::string right = good.substr(good.find(','));
  const std::string wrong = other.substr(other.find(','));
  EXPECT_EQ(check(time + wrong + right), WebhookCheck::kValid);
  EXPECT_EQ(check(time + right + wrong), WebhookCheck::kValid);
  EXPECT_EQ(check(time + wrong + wrong + wrong + right), WebhookCheck::kValid);
  EXPECT_EQ(check(time + wrong + wrong), WebhookCheck::kWrong);
  EXPECT_EQ(check(time + wrong + wrong + wrong + wrong + right), WebhookCheck::kMalformed);
  // The time that was signed is the one that counts.
  EXPECT_EQ(check("t=1795770001" + right), WebhookCheck::kWrong);
}

TEST(WebhookSignature, of_another_form_is_refused) {
  const std::string good = sign_webhook(kBody, kSecret, kSignedAt);
  const std::string mac = good.substr(good.find(",v1="));
  for (const std::string& bad : {std::string("t="),
                                 std::string("x"),
                                 std::string(",,,"),
                                 std::string("t=1795770000"),
                                 mac.substr(1),
                                 "t=" + mac,
                                 "t=-1" + mac,
                                 "t=+1795770000" + mac,
                                 "t= 1795770000" + mac,
                                 "t=01795770000" + mac,
                                 "t=1795770000.5" + mac,
                                 "t=0x6b" + mac,
                                 "t=9999999999999" + mac,
                                 "T=1795770000" + mac,
                                 "t=1795770000,v0=" + mac.substr(4),
                                 "t=1795770000, v1=" + mac.substr(4),
                                 "t=1795770000,V1=" + mac.substr(4),
                                 good + ",",
                                 good + " ",
                                 " " + good,
                                 good + ",x=1",
                                 good + ",v1=",
                                 good + ",v1=00",
                                 good + ",t=1795770000",
                                 good + "0",
                                 good.substr(0, good.size() - 1),
                                 "t=1795770000,v1=" + std::string(64, 'g'),
                                 good.substr(0, 16) + std::string(64, 'A'),
                                 good + std::string(10'000, ','),
                                 std::string(1 << 20, 'v'),
                                 good + std::string(1, '\0')}) {
    EXPECT_EQ(check(bad), WebhookCheck::kMalformed) << bad.substr(0, 100);
  }
}

TEST(WebhookSignature, no_single_change_is_accepted) {
  const std::string good = sign_webhook(kBody, kSecret, kSignedAt);
  int tried = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_NE(check(changed), WebhookCheck::kValid) << changed;
      ++tried;
    }
  }
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    std::string changed = kBody;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(check_webhook_signature(good, changed, kSecret, kSignedAt), WebhookCheck::kWrong);
    ++tried;
  }
  EXPECT_GT(tried, 600);
}

}  // namespace
}  // namespace fa::alarms
