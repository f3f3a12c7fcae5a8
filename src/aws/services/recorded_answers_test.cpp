/// Answers of the real services (../shared/aws/recorded, LocalStack's snapshots), put back into the form they had on
/// the wire and read by the typed operations. The snapshots hold parsed answers with placeholders for what changes
/// between runs; times become a number, everything else is as it was.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "aws/services/cloudwatch.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/secrets_manager.h"
#include "aws/uri.h"
#include "base/json.h"
#include "base/text.h"
#include "support/aws/client_world.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;
using test::ClientWorld;

const fs::path kRecorded = FA_PROJECT_DIR "/../shared/aws/recorded";

/// Every answer below `value`: an object with ResponseMetadata, which every answer of a client library has.
void each_answer(const Json& value, const std::function<void(const Json&)>& visit) {
  if (value.is_object() && value.contains("ResponseMetadata")) visit(value);
  if (value.is_structured()) {
    for (const auto& item : value) each_answer(item, visit);
  }
}

void each_recorded(const std::string& service, const std::function<void(const Json&)>& visit) {
  for (const auto& entry : fs::directory_iterator(kRecorded / service)) {
    std::ifstream in(entry.path());
    const Json file = Json::parse(in, nullptr, false);
    ASSERT_FALSE(file.is_discarded()) << entry.path();
    each_answer(file, visit);
  }
}

/// Without what the client library added, and with a number for every time.
Json wire_json(Json value) {
  if (value.is_object()) {
    value.erase("ResponseMetadata");
    for (auto& [key, item] : value.items()) {
      const bool time = key.ends_with("imestamp") || key.ends_with("Time") || key.ends_with("Date");
      if (time && item.is_string()) {
        item = 1700000000;
      } else if (key == "Timestamps" && item.is_string()) {
        item = Json(value.contains("Values") ? value.at("Values").size() : 0, 1700000000);
      } else if ((key == "HistoryData" || key == "StateReasonData" || key == "SecretString") && !item.is_string()) {
        item = json_text(item);  // a document inside a text, which the snapshot opened
      } else {
        item = wire_json(item);
      }
    }
  } else if (value.is_array()) {
    for (auto& item : value) item = wire_json(item);
  }
  return value;
}

template <class Call>
auto answered(const std::string& body, const Call& call, int status = 200) {
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> { return test::answer(status, body); });
  return call(world.client);
}

#define SKIP_WITHOUT_RECORDED() \
  if (!fs::is_directory(kRecorded)) GTEST_SKIP() << "no recorded answers at " << kRecorded

TEST(RecordedAnswers, of_cloudwatch_logs_are_read) {
  SKIP_WITHOUT_RECORDED();
  std::map<std::string, int> seen;
  each_recorded("logs", [&](const Json& recorded) {
    const Json wire = wire_json(recorded);
    const std::string body = json_text(wire);
    if (wire.contains("logGroups")) {
      const auto page = answered(body, [](Client& c) { return logs::describe_log_groups(c, {}, {}); });
      ASSERT_TRUE(page) << page.error().message;
      ASSERT_EQ(page->groups.size(), wire.at("logGroups").size());
      for (std::size_t i = 0; i < page->groups.size(); ++i) {
        const Json& group = wire.at("logGroups")[i];
        EXPECT_EQ(page->groups[i].name, group.at("logGroupName"));
        EXPECT_EQ(page->groups[i].arn + ":*", group.at("arn"));
        EXPECT_EQ(page->groups[i].stored_bytes, group.value("storedBytes", 0));
        EXPECT_TRUE(page->groups[i].created);
        EXPECT_EQ(page->groups[i].log_class, group.value("logGroupClass", ""));
      }
      ++seen["groups"];
    } else if (wire.size() == 1 && wire.contains("tags")) {
      const auto tags = answered(body, [](Client& c) { return logs::list_tags(c, "arn", {}); });
      ASSERT_TRUE(tags) << tags.error().message;
      EXPECT_EQ(Json(*tags), Json(wire.at("tags").get<std::map<std::string, std::string>>()));
      ++seen["tags"];
    } else if (wire.size() == 1 && wire.contains("queryId")) {
      const auto id = answered(body, [](Client& c) { return logs::start_query(c, {.query = "q"}, {}); });
      ASSERT_TRUE(id) << id.error().message;
      EXPECT_EQ(*id, wire.at("queryId"));
      ++seen["query"];
    }
  });
  EXPECT_GE(seen["groups"], 4);
  EXPECT_GE(seen["tags"], 8);
  EXPECT_GE(seen["query"], 1);
}

TEST(RecordedAnswers, of_cloudwatch_are_read) {
  SKIP_WITHOUT_RECORDED();
  std::map<std::string, int> seen;
  each_recorded("cloudwatch", [&](const Json& recorded) {
    const Json wire = wire_json(recorded);
    const std::string body = json_text(wire);
    if (wire.contains("MetricDataResults")) {
      const auto page = answered(body, [](Client& c) { return cloudwatch::get_metric_data(c, {}, {}); });
      ASSERT_TRUE(page) << page.error().message;
      std::uint64_t points = 0;
      for (const Json& result : wire.at("MetricDataResults")) points += result.at("Values").size();
      EXPECT_EQ(page->points, points);
      EXPECT_EQ(page->raw, body);
      ++seen["data"];
    } else if (wire.contains("Metrics") && wire.at("Metrics").is_array()) {
      const auto page = answered(body, [](Client& c) { return cloudwatch::list_metrics(c, {}, {}); });
      ASSERT_TRUE(page) << page.error().message;
      ASSERT_EQ(page->metrics.size(), wire.at("Metrics").size());
      for (std::size_t i = 0; i < page->metrics.size(); ++i) {
        EXPECT_EQ(page->metrics[i].name, wire.at("Metrics")[i].at("MetricName"));
        EXPECT_EQ(page->metrics[i].dimensions.size(), wire.at("Metrics")[i].at("Dimensions").size());
      }
      ++seen["metrics"];
    } else if (wire.contains("MetricAlarms") && wire.contains("CompositeAlarms")) {
      const auto alarms = answered(body, [](Client& c) { return cloudwatch::describe_alarms(c, "", {}, {}); });
      ASSERT_TRUE(alarms) << alarms.error().message;
      ASSERT_EQ(alarms->size(), wire.at("MetricAlarms").size() + wire.at("CompositeAlarms").size());
      std::size_t metric = 0;
      for (const auto& alarm : *alarms) {
        if (alarm.composite) {
          EXPECT_NE(alarm.alarm_rule, "");
          continue;
        }
        const Json& given = wire.at("MetricAlarms")[metric++];
        EXPECT_EQ(alarm.name, given.at("AlarmName"));
        EXPECT_EQ(alarm.state, given.at("StateValue"));
        EXPECT_EQ(alarm.metric.name, given.value("MetricName", alarm.metric.name));
        EXPECT_EQ(alarm.period_seconds, given.value("Period", alarm.period_seconds));
        EXPECT_TRUE(alarm.state_updated);
      }
      ++seen["alarms"];
    } else if (wire.contains("AlarmHistoryItems")) {
      const auto page =
          answered(body, [](Client& c) { return cloudwatch::describe_alarm_history(c, "", "a", {}, "", {}); });
      ASSERT_TRUE(page) << page.error().message;
      ASSERT_EQ(page->items.size(), wire.at("AlarmHistoryItems").size());
      for (std::size_t i = 0; i < page->items.size(); ++i) {
        EXPECT_EQ(page->items[i].summary, wire.at("AlarmHistoryItems")[i].at("HistorySummary"));
        EXPECT_EQ(parse_json(page->items[i].data).at("newState").at("stateValue"), "ALARM");
        EXPECT_NE(page->items[i].time, kNoTime);
      }
      ++seen["history"];
    }
  });
  EXPECT_GE(seen["data"], 70);
  EXPECT_GE(seen["metrics"], 3);
  EXPECT_GE(seen["alarms"], 30);
  EXPECT_GE(seen["history"], 1);
}

/// ListBucketResult as the API reference documents it, with keys encoded as `encoding-type=url` has them.
std::string list_xml(const Json& wire) {
  const auto encoded = [](const Json& text) { return uri_encode_path(text.get<std::string>()); };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult><EncodingType>url</EncodingType>";
  out += std::string("<IsTruncated>") + (wire.at("IsTruncated").get<bool>() ? "true" : "false") + "</IsTruncated>";
  if (wire.contains("NextContinuationToken")) out += "<NextContinuationToken>token</NextContinuationToken>";
  for (const Json& object : wire.value("Contents", Json::array())) {
    out +=
        "<Contents><Key>" + encoded(object.at("Key")) + "</Key><LastModified>2026-02-05T18:50:36.000Z</LastModified>";
    out += "<Size>" + object.at("Size").dump() + "</Size>";
    out += "<StorageClass>" + object.value("StorageClass", "") + "</StorageClass></Contents>";
  }
  for (const Json& prefix : wire.value("CommonPrefixes", Json::array())) {
    out += "<CommonPrefixes><Prefix>" + encoded(prefix.at("Prefix")) + "</Prefix></CommonPrefixes>";
  }
  return out + "</ListBucketResult>";
}

TEST(RecordedAnswers, of_s3_listings_are_read) {
  SKIP_WITHOUT_RECORDED();
  int seen = 0;
  each_recorded("s3", [&](const Json& wire) {
    if (!wire.contains("KeyCount")) return;  // only ListObjectsV2 has it
    const auto page = answered(list_xml(wire), [](Client& c) { return s3::list_objects(c, {.bucket = "b"}, {}); });
    ASSERT_TRUE(page) << page.error().message;
    const Json objects = wire.value("Contents", Json::array());
    const Json prefixes = wire.value("CommonPrefixes", Json::array());
    ASSERT_EQ(page->objects.size(), objects.size());
    ASSERT_EQ(page->common_prefixes.size(), prefixes.size());
    EXPECT_EQ(page->objects.size() + page->common_prefixes.size(), wire.at("KeyCount"));
    for (std::size_t i = 0; i < objects.size(); ++i) {
      EXPECT_EQ(page->objects[i].key, objects[i].at("Key"));
      EXPECT_EQ(page->objects[i].size, objects[i].at("Size"));
      EXPECT_TRUE(page->objects[i].last_modified);
    }
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      EXPECT_EQ(page->common_prefixes[i], prefixes[i].at("Prefix"));
    }
    EXPECT_EQ(page->continuation_token.empty(), !wire.at("IsTruncated").get<bool>());
    ++seen;
  });
  EXPECT_GE(seen, 20);
}

TEST(RecordedAnswers, of_secrets_are_read) {
  SKIP_WITHOUT_RECORDED();
  int seen = 0;
  each_recorded("secretsmanager", [&](const Json& recorded) {
    if (!recorded.contains("SecretString") || !recorded.at("SecretString").is_string()) return;
    const Json wire = wire_json(recorded);
    const auto secret =
        answered(json_text(wire), [](Client& c) { return secrets_manager::get_secret_value(c, "n", {}); });
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_EQ(secret->reveal(), wire.at("SecretString"));
    ++seen;
  });
  EXPECT_GE(seen, 50);
}

TEST(RecordedErrors, of_all_services_are_read_by_their_protocol) {
  SKIP_WITHOUT_RECORDED();
  const std::map<std::string, Protocol> kProtocols = {
      {"logs", Protocol::kJson11}, {"cloudwatch", Protocol::kJson10}, {"secretsmanager", Protocol::kJson11},
      {"s3", Protocol::kRestXml},  {"sts", Protocol::kQuery},         {"sns", Protocol::kQuery}};
  const auto escaped = [](std::string text) {
    std::string out;
    for (const char c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return out;
  };
  int seen = 0;
  for (const auto& [service, protocol] : kProtocols) {
    each_recorded(service, [&, protocol = protocol](const Json& recorded) {
      if (!recorded.contains("Error") || !recorded.at("Error").is_object()) return;
      const Json& error = recorded.at("Error");
      const std::string code = error.value("Code", "");
      const std::string message = error.contains("Message") && error.at("Message").is_string()
                                      ? error.at("Message").get<std::string>()
                                      : std::string();
      if (code.empty() || code.find_first_not_of("0123456789") == std::string::npos) return;  // HEAD: only a status
      const std::string xml = "<Error><Code>" + code + "</Code><Message>" + escaped(message) + "</Message></Error>";
      HttpResponse response;
      response.status = recorded.at("ResponseMetadata").value("HTTPStatusCode", 400);
      response.body = protocol == Protocol::kRestXml ? xml
                      : protocol == Protocol::kQuery
                          ? "<ErrorResponse>" + xml + "<RequestId>r</RequestId></ErrorResponse>"
                          : Json{{"__type", "com.amazonaws#" + code}, {"message", message}}.dump();
      const ServiceError read = parse_service_error(protocol, response);
      EXPECT_EQ(read.code, code);
      if (message.size() < 1000 && message.find('\n') == std::string::npos) {
        EXPECT_EQ(read.message, trim(message)) << code;
      }
      EXPECT_NE(retry_kind(response.status, read.code), RetryDecision::Kind::kAtOnce);
      ++seen;
    });
  }
  EXPECT_GE(seen, 500);
}

}  // namespace
}  // namespace fa::aws
