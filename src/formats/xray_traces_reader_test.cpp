#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "formats/aws_test_sink.h"
#include "formats/readers.h"
#include "formats/xray_segment.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_in_chunks;
using aws_test::read_whole;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

std::string segment(const std::string& document) {
  return R"({"Id":"70de5b6f19ff9a0a","Document":)" + quoted(document) + "}";
}

std::string answer(const std::vector<std::string>& documents, const std::string& more = "") {
  std::string text =
      R"({"Traces":[{"Id":"1-581cf771-a006649127e371903a2de979","Duration":0.2,)" + more + R"("Segments":[)";
  for (std::size_t i = 0; i < documents.size(); ++i) text += (i ? ", " : "") + segment(documents[i]);
  return text + R"(]}],"UnprocessedTraceIds":[]})";
}

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_xray_traces_reader({}), text, sink);
  return sink;
}

std::map<std::string, SpanRecord> by_id(const CollectingSink& sink) {
  std::map<std::string, SpanRecord> spans;
  for (const SpanRecord& span : sink.spans) spans.emplace(std::string(span.span_id), span);
  return spans;
}

const std::string kOrders =
    R"({"id":"6b55dcc497934f1a","start_time":1478293361.271123456,"trace_id":"1-581cf771-a006649127e371903a2de979",
"end_time":1.478293361449E9,"name":"orders","origin":"AWS::ECS::Container","parent_id":"0f910026178b71eb",
"http":{"request":{"method":"POST","url":"https://orders.example.com:443/api/items/7?x=1","client_ip":"10.0.0.1"},"response":{"status":500,"content_length":58}},
"aws":{"ecs":{"container":"orders-7f","container_id":"0123456789ab"},"xray":{"sdk":"X-Ray for Java"}},
"fault":true,
"cause":{"working_directory":"/app","exceptions":[
 {"id":"1a","type":"com.example.OrderFailed","message":"order 7 failed","cause":"2b","stack":[{"path":"Order.java","line":7,"label":"place"}]},
 {"id":"2b","type":"java.net.SocketTimeoutException","message":"connect timed out","remote":false}]},
"subsegments":[
 {"id":"53995c3f42cd8ad8","name":"DynamoDB","start_time":1478293361.3,"end_time":1478293361.4,"namespace":"aws","throttle":true,"error":true,
  "http":{"response":{"status":400}},"aws":{"operation":"PutItem","table_name":"orders","resource_names":["orders"]},"cause":"2b",
  "subsegments":[{"id":"0000000000000001","name":"marshal","start_time":1478293361.31,"end_time":1478293361.32}]},
 {"id":"53995c3f42cd8ad9","name":"payments.example.com","start_time":1478293361.4,"end_time":1478293361.41,"namespace":"remote",
  "http":{"request":{"method":"GET","url":"http://payments.example.com/pay"},"response":{"status":404}},"error":true}]})";

TEST(XRayTracesReader, TurnsSegmentsAndSubsegmentsIntoSpans) {
  const std::string text = answer({kOrders});
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.spans, SizeIs(4));
  const auto spans = by_id(sink);

  const SpanRecord& server = spans.at("6b55dcc497934f1a");
  EXPECT_EQ(server.trace_id, "1-581cf771-a006649127e371903a2de979");
  EXPECT_EQ(server.parent_span_id, "0f910026178b71eb");
  EXPECT_EQ(server.service, "orders");
  EXPECT_EQ(server.instance, "orders-7f");
  EXPECT_EQ(server.operation, "/api/items/7");
  EXPECT_EQ(server.kind, SpanKind::kServer);
  EXPECT_TRUE(server.error);
  EXPECT_FALSE(server.throttled);
  EXPECT_EQ(server.http_status, 500);
  EXPECT_EQ(to_unix_nanos(server.start), 1478293361'271123456);
  EXPECT_EQ(to_unix_nanos(server.end), 1478293361'449000000);
  EXPECT_EQ(server.exception_type, "java.net.SocketTimeoutException");
  EXPECT_EQ(server.exception_message, "connect timed out");
  EXPECT_EQ(server.peer, "");
  EXPECT_EQ(bytes_at(text, server.position), segment(kOrders));

  const SpanRecord& dynamo = spans.at("53995c3f42cd8ad8");
  EXPECT_EQ(dynamo.parent_span_id, "6b55dcc497934f1a");
  EXPECT_EQ(dynamo.service, "orders");
  EXPECT_EQ(dynamo.instance, "orders-7f");
  EXPECT_EQ(dynamo.operation, "PutItem");
  EXPECT_EQ(dynamo.peer, "DynamoDB");
  EXPECT_EQ(dynamo.kind, SpanKind::kClient);
  EXPECT_FALSE(dynamo.error);
  EXPECT_TRUE(dynamo.throttled);
  EXPECT_EQ(dynamo.exception_type, "java.net.SocketTimeoutException");

  const SpanRecord& inner = spans.at("0000000000000001");
  EXPECT_EQ(inner.parent_span_id, "53995c3f42cd8ad8");
  EXPECT_EQ(inner.kind, SpanKind::kInternal);
  EXPECT_EQ(inner.operation, "marshal");
  EXPECT_EQ(inner.trace_id, server.trace_id);

  const SpanRecord& remote = spans.at("53995c3f42cd8ad9");
  EXPECT_EQ(remote.operation, "/pay");
  EXPECT_EQ(remote.peer, "payments.example.com");
  EXPECT_EQ(remote.http_status, 404);
  EXPECT_FALSE(remote.error);
}

TEST(XRayTracesReader, TheOrderOfFieldsDoesNotMatter) {
  const CollectingSink sink =
      read(answer({R"({"subsegments":[{"namespace":"aws","end_time":2,"name":"S3","start_time":1,"id":"b"}],
      "name":"web","id":"a","end_time":3,"start_time":1})"}));
  ASSERT_THAT(sink.spans, SizeIs(2));
  EXPECT_EQ(sink.spans[1].parent_span_id, "a");
  EXPECT_EQ(sink.spans[1].service, "web");
  EXPECT_EQ(sink.spans[1].trace_id, "1-581cf771-a006649127e371903a2de979");
}

TEST(XRayTracesReader, KeepsWhatIsStillInProgressAndSaysSo) {
  const CollectingSink sink = read(answer({R"({"id":"a","name":"web","start_time":10,"in_progress":true,
      "subsegments":[{"id":"b","name":"x","start_time":11,"end_time":15},{"id":"c","name":"y","start_time":11,"end_time":12}]})",
                                           R"({"id":"d","name":"web","start_time":20})"}));
  ASSERT_THAT(sink.spans, SizeIs(4));
  const auto spans = by_id(sink);
  EXPECT_EQ(spans.at("a").end, from_unix_nanos(15'000'000'000));
  EXPECT_EQ(spans.at("d").end, spans.at("d").start);
  ASSERT_THAT(sink.skipped, SizeIs(2));
  EXPECT_TRUE(sink.skipped[0].truncated);
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("in progress"));
}

TEST(XRayTracesReader, PlacesSubsegmentsThatWereSentOnTheirOwn) {
  const CollectingSink sink = read(answer(
      {R"({"type":"subsegment","id":"b","parent_id":"a","name":"S3","namespace":"aws","start_time":2,"end_time":3,
           "subsegments":[{"id":"c","name":"z","start_time":2,"end_time":3}]})",
       R"({"id":"a","name":"web","start_time":1,"end_time":4,"aws":{"ec2":{"instance_id":"i-0123"}}})",
       R"({"type":"subsegment","id":"o","parent_id":"unknown","name":"S3","start_time":2,"end_time":3})"}));
  const auto spans = by_id(sink);
  ASSERT_EQ(spans.size(), 4U);
  EXPECT_EQ(spans.at("b").service, "web");
  EXPECT_EQ(spans.at("b").instance, "i-0123");
  EXPECT_EQ(spans.at("b").kind, SpanKind::kClient);
  EXPECT_EQ(spans.at("b").parent_span_id, "a");
  EXPECT_EQ(spans.at("c").service, "web");
  EXPECT_EQ(spans.at("o").service, "");
}

TEST(XRayTracesReader, SkipsBrokenSegmentsWithTheReasonAndReadsTheirNeighbours) {
  const std::string good = R"({"id":"a","name":"web","start_time":1,"end_time":2})";
  const std::pair<std::string, std::string> cases[] = {
      {R"({"Id":"x"})", "Document"},
      {R"({"Id":"x","Document":7})", "Document"},
      {"7", "Document"},
      {R"({"Id":"x","Document":"not json"})", "not whole JSON"},
      {segment(R"({"name":"web","start_time":1,"end_time":2})"), "without id"},
      {segment(R"({"id":"q","name":"web","start_time":-5})"), "start_time"},
      {segment(R"({"id":"q","name":"web","start_time":1e300})"), "start_time"},
      {segment(R"({"name":"web","fault":tr)"), "not whole JSON"},
  };
  for (const auto& [broken, reason] : cases) {
    const std::string text =
        R"({"Traces":[{"Id":"t","Segments":[)" + segment(good) + "," + broken + "," + segment(good) + "]}]}";
    const CollectingSink sink = read(text);
    EXPECT_THAT(sink.spans, SizeIs(2)) << broken;
    ASSERT_FALSE(sink.skipped.empty()) << broken;
    EXPECT_THAT(sink.skipped[0].reason, HasSubstr(reason)) << broken;
    EXPECT_EQ(bytes_at(text, sink.skipped[0].position), broken);
  }
}

TEST(XRayTracesReader, KeepsTheReadablePartOfACutDocument) {
  const std::string whole = kOrders;
  const CollectingSink sink = read(answer({whole.substr(0, whole.find("53995c3f42cd8ad9"))}));
  EXPECT_THAT(sink.spans, SizeIs(3));
  EXPECT_THAT(sink.skipped, SizeIs(1));
}

TEST(XRayTracesReader, SaysWhatXRayLeftOut) {
  std::string text = answer({kOrders}, R"("LimitExceeded":true,)");
  text.replace(text.find("\"UnprocessedTraceIds\":[]"), 24,
               "\"UnprocessedTraceIds\":[\"1-a\",\"1-b\"],\"NextToken\":\"n\"");
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.spans, SizeIs(4));
  ASSERT_THAT(sink.skipped, SizeIs(3));
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("LimitExceeded"));
  EXPECT_THAT(sink.skipped[1].reason, HasSubstr("UnprocessedTraceIds"));
  EXPECT_EQ(sink.skipped[1].records, 2U);
  EXPECT_THAT(sink.skipped[2].reason, HasSubstr("NextToken"));
}

TEST(XRayTracesReader, TracesThatALaterAnswerDeliversAreNotMissing) {
  const std::string later = answer({kOrders}, "");  // has the trace 1-581cf771-a006649127e371903a2de979
  const std::string first = R"({"Traces":[],"UnprocessedTraceIds":["1-581cf771-a006649127e371903a2de979","1-b"]})";
  const CollectingSink sink = read(first + "\n" + later);
  EXPECT_THAT(sink.spans, SizeIs(4));
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_EQ(sink.skipped[0].records, 1U);
  EXPECT_THAT(read(later + "\n" + first).skipped, SizeIs(1)) << "asked again and refused: missing";
}

TEST(XRayTracesReader, NotesOfACutFileStayInsideTheFile) {
  const std::string text = answer({kOrders, kOrders}, R"("LimitExceeded":true,)");
  for (std::size_t size = 1; size < text.size(); size += 13) {
    const CollectingSink sink = read(text.substr(0, size));
    for (const Skipped& skipped : sink.skipped) {
      EXPECT_LE(skipped.position.offset + skipped.position.length, size) << skipped.reason;
    }
    if (size > text.size() - 200) {
      EXPECT_GE(sink.spans.size(), 4U);
    }
  }
}

TEST(XRayTracesReader, BoundsNesting) {
  std::string deep;
  const int levels = 100;
  for (int i = 0; i < levels; ++i) {
    deep += R"({"id":"s)" + std::to_string(i) + R"(","name":"n","start_time":1,"end_time":2,"subsegments":[)";
  }
  for (int i = 0; i < levels; ++i) deep += "]}";
  const CollectingSink sink = read(answer({deep}));
  EXPECT_THAT(sink.spans, SizeIs(kMaxSubsegmentDepth + 1));
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("nested deeper"));
}

TEST(XRayTracesReader, ReadsManyTracesInBatchesAndInAnyChunks) {
  std::string text;
  for (int i = 0; i < 1100; ++i) text += answer({kOrders}) + "\n";
  CollectingSink whole;
  read_whole(*make_xray_traces_reader({}), text, whole);
  CollectingSink parts;
  read_in_chunks(*make_xray_traces_reader({}), text, 60'013, parts);
  ASSERT_THAT(whole.spans, SizeIs(4400));
  ASSERT_THAT(parts.spans, SizeIs(4400));
  for (std::size_t i = 0; i < whole.spans.size(); i += 997) {
    EXPECT_EQ(whole.spans[i].position, parts.spans[i].position);
    EXPECT_EQ(whole.spans[i].operation, parts.spans[i].operation);
  }
}

}  // namespace
}  // namespace fa
