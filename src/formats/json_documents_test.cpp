#include "formats/json_documents.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/record_collector.h"

namespace fa {
namespace {

struct Document {
  std::string text;
  BytePosition position;
  bool truncated;
};

struct Outcome {
  std::vector<Document> documents;
  std::vector<Skipped> skipped;

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Document& d : documents) all.push_back(d.text);
    return all;
  }
};

/// The framer behind the interface of a reader, so that the common driver can feed it.
class FramingReader final : public RecordReader {
 public:
  FramingReader(std::size_t limit, Outcome& outcome) : documents_(limit), outcome_(outcome) {}
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    return documents_.read(data, offset, last, sink, [&](const JsonDocument& d) {
      outcome_.documents.push_back({std::string(d.text), d.position, d.truncated});
    });
  }

 private:
  JsonDocuments documents_;
  Outcome& outcome_;
};

Outcome frame(std::string_view input, std::size_t piece = 0, std::size_t limit = kMaxDocumentBytes) {
  Outcome outcome;
  FramingReader reader(limit, outcome);
  outcome.skipped = collect(reader, input, piece).skipped;
  return outcome;
}

using Texts = std::vector<std::string>;

TEST(JsonDocuments, splits_every_framing_the_same_way_in_pieces_of_any_size) {
  const std::pair<std::string, Texts> cases[] = {
      {"", {}},
      {" \n\r\n ", {}},
      {"{\"a\":1}", {"{\"a\":1}"}},
      {"{\"a\":1}\n{\"b\":2}\n", {"{\"a\":1}", "{\"b\":2}"}},
      {"{\"a\":1}\r\n\r\n{\"b\":2}\r\n", {"{\"a\":1}", "{\"b\":2}"}},
      {"\xEF\xBB\xBF{\"a\":1}\n", {"{\"a\":1}"}},
      {std::string("{\"a\":1}\n\0\0\0{\"b\":2}", 18), {"{\"a\":1}", "{\"b\":2}"}},
      {"{\"a\":1}{\"b\":2} {\"c\":3}\n", {"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}},
      {"{\n \"a\": [\n1,\n2]\n}\n{\n\"b\":2}", {"{\n \"a\": [\n1,\n2]\n}", "{\n\"b\":2}"}},
      {"[\n{\"a\":1},\n{\"b\":2}\n]", {"[\n{\"a\":1},\n{\"b\":2}\n]"}},
      {"{\"a\":1,\n\"b\":2}", {"{\"a\":1,\n\"b\":2}"}},
      {"{\"s\":\"}{[\\\"\\\\\"}\n{\"b\":2}", {"{\"s\":\"}{[\\\"\\\\\"}", "{\"b\":2}"}},
      {"{\"a\":1}\n{\n\"b\":2\n}\n{\"c\":3}\n", {"{\"a\":1}", "{\n\"b\":2\n}", "{\"c\":3}"}},
  };
  for (const auto& [input, expected] : cases) {
    for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U}) {
      const Outcome outcome = frame(input, piece);
      EXPECT_EQ(outcome.texts(), expected) << input << " in pieces of " << piece;
      EXPECT_TRUE(outcome.skipped.empty()) << input;
      for (const Document& d : outcome.documents) EXPECT_EQ(bytes_of(input, d.position), d.text);
    }
  }
}

TEST(JsonDocuments, skips_a_broken_line_and_goes_on_with_the_next) {
  const std::pair<std::string, Texts> cases[] = {
      {"{\"a\":1}\n{\"b\":\"half\n{\"c\":3}\n", {"{\"a\":1}", "{\"c\":3}"}},
      {"{\"a\":[1,2\n{\"c\":3}\n", {"{\"c\":3}"}},  // Already the first line is broken.
      {"tail of\"}]}\n{\"c\":3}\n", {"{\"c\":3}"}},
      {"{\"a\":1}\nnot json\n{\"c\":3}\n", {"{\"a\":1}", "{\"c\":3}"}},
  };
  for (const auto& [input, expected] : cases) {
    for (const std::size_t piece : {0U, 1U, 5U}) {
      const Outcome outcome = frame(input, piece);
      EXPECT_EQ(outcome.texts(), expected) << input;
      ASSERT_EQ(outcome.skipped.size(), 1U) << input;
    }
  }
  const Outcome outcome = frame("{\"a\":1}\n{\"b\":\"half\n{\"c\":3}\n");
  EXPECT_EQ(outcome.skipped[0].reason, "line 2 (byte 8): the line ends in the middle of a JSON document");
  EXPECT_EQ(outcome.skipped[0].position.line, 2U);
  EXPECT_EQ(outcome.documents[1].position.line, 3U);
}

TEST(JsonDocuments, hands_over_the_whole_elements_of_a_truncated_document) {
  const std::string input = "{\"Records\":[{\"a\":1},\n{\"b\":\"}\"},{\"c\":\"cut he";
  for (const std::size_t piece : {0U, 1U, 4U}) {
    const Outcome outcome = frame(input, piece);
    ASSERT_EQ(outcome.documents.size(), 1U);
    EXPECT_EQ(outcome.documents[0].text, "{\"Records\":[{\"a\":1},\n{\"b\":\"}\"}]}");
    EXPECT_TRUE(outcome.documents[0].truncated);
    EXPECT_EQ(bytes_of(input, outcome.documents[0].position), "{\"Records\":[{\"a\":1},\n{\"b\":\"}\"}");
    ASSERT_EQ(outcome.skipped.size(), 1U);
    EXPECT_EQ(outcome.skipped[0].reason, "line 1 (byte 0): the file ends in the middle of a JSON document");
  }
  EXPECT_TRUE(frame("{\"a\":\"cut he").documents.empty());
}

TEST(JsonDocuments, counts_lines_inside_and_between_documents) {
  const Outcome outcome = frame("\n{\n\"a\":1\n}\n\n{\"b\":2}\n");
  ASSERT_EQ(outcome.documents.size(), 2U);
  EXPECT_EQ(outcome.documents[0].position.line, 2U);
  EXPECT_EQ(outcome.documents[0].position.line_count, 3U);
  EXPECT_EQ(outcome.documents[1].position.line, 6U);
  EXPECT_EQ(outcome.documents[1].position.line_count, 1U);
}

TEST(JsonDocuments, skips_documents_above_the_limit_without_keeping_them) {
  const std::string large = "{\"a\":\"" + std::string(100, 'x') + "\"}";
  const std::string cases[] = {"{\"b\":1}\n" + large + "\n{\"c\":3}\n",
                               "{\n\"b\":1}\n[\n" + large + "]\n{\n\"c\":3}\n"};
  for (const std::string& input : cases) {
    for (const std::size_t piece : {0U, 1U, 20U, 64U}) {
      const Outcome outcome = frame(input, piece, 50);
      EXPECT_EQ(outcome.documents.size(), 2U) << piece;
      ASSERT_EQ(outcome.skipped.size(), 1U) << piece;
      EXPECT_NE(outcome.skipped[0].reason.find("above the limit"), std::string::npos);
    }
  }
}

TEST(JsonDocuments, survives_deep_nesting_and_stray_brackets) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(frame(deep).skipped.size(), 1U);
  EXPECT_EQ(frame(deep + std::string(100'000, ']')).documents.size(), 1U);
  EXPECT_EQ(frame("}}}\n{\"a\":1}\n").texts(), Texts{"{\"a\":1}"});
}

/// Read at once, blocks of bytes are looked at together; read byte by byte, each is looked at alone.
TEST(JsonDocuments, finds_the_same_documents_in_blocks_and_byte_by_byte) {
  constexpr std::string_view kBytes = "{}[]{}[]\"\"\"\\\n,:1 ab";
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text = round % 2 == 0 ? "{}\n" : "{\n";  // Lines, or documents that go over them.
    for (int line = 0; line < 4; ++line) {
      text += "{\"k\":\"" + std::string(random() % 140, 'x') + "\",\"v\":[";
      for (std::size_t n = random() % 90; n > 0; --n) text += kBytes[random() % kBytes.size()];
      text += "]}\n";
    }
    const Outcome blocks = frame(text);
    const Outcome bytes = frame(text, 1);
    ASSERT_EQ(blocks.texts(), bytes.texts()) << text;
    ASSERT_EQ(blocks.skipped.size(), bytes.skipped.size()) << text;
    for (std::size_t i = 0; i < blocks.documents.size(); ++i) {
      ASSERT_EQ(blocks.documents[i].position.line, bytes.documents[i].position.line) << text;
      ASSERT_EQ(blocks.documents[i].position.line_count, bytes.documents[i].position.line_count) << text;
    }
  }
}

}  // namespace
}  // namespace fa
