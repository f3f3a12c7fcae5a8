#include "sources/file/file_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "sources/file/block_buffer.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::gzip;
using test::numbered_lines;
using test::TempFolder;
using test::zstd;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

/// One log record per line; refuses lines beginning with `bad`, cuts lines above kMaxLineBytes.
class LineReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    std::size_t used = 0;
    while (used < data.size()) {
      std::size_t end = data.find('\n', used);
      if (end == std::string_view::npos && !last) {
        if (data.size() - used <= kMaxLineBytes) {
          break;
        }
      }
      end = std::min(end, data.size());
      emit(data.substr(used, end - used), offset + used, sink);
      used = std::min(end + 1, data.size());
    }
    // Padding: reading behind the data must be allowed and find zeros or old bytes, never trap.
    for (std::size_t i = 0; i < kReadPadding; ++i) {
      behind_ += static_cast<unsigned char>(data.data()[data.size() + i]);
    }
    return used;
  }

 private:
  void emit(std::string_view line, std::uint64_t offset, TelemetrySink& sink) {
    ++line_;
    const BytePosition position{offset, line.size(), line_, 1};
    if (line.starts_with("bad")) {
      sink.on_skipped({position, "expected good, found \x1b[31m" + std::string(line), 1, false});
      return;
    }
    LogRecord record;
    record.time = from_unix_nanos(static_cast<std::int64_t>(line_) * 1'000'000'000);
    record.message = line.substr(0, kMaxLineBytes);
    record.position = position;
    sink.on_logs(std::span(&record, 1));
    if (line.size() > kMaxLineBytes) {
      sink.on_skipped({position, "line too long", 1, true});
    }
  }

  std::uint64_t line_ = 0;
  std::uint64_t behind_ = 0;
};

/// Uses nothing before the end, like a JSON document; above the limit it skips everything it gets.
class DocumentReader final : public RecordReader {
 public:
  static inline std::size_t calls = 0;
  static inline std::size_t largest = 0;

  std::size_t read(std::string_view data, std::uint64_t, bool last, TelemetrySink& sink) override {
    ++calls;
    largest = std::max(largest, data.size());
    if (!last) {
      return 0;
    }
    LogRecord record;
    record.message = data;
    sink.on_logs(std::span(&record, 1));
    return data.size();
  }
};

class ThrowingReader final : public RecordReader {
 public:
  std::size_t read(std::string_view, std::uint64_t, bool, TelemetrySink&) override {
    throw std::runtime_error("reader broke");
  }
};

FormatFunctions lines() {
  return {[](std::string_view, bool) {
            return Detection{Format::kLogLines, {}};
          },
          [](Format, ReaderOptions) -> std::unique_ptr<RecordReader> { return std::make_unique<LineReader>(); }};
}

FormatFunctions documents() {
  DocumentReader::calls = 0;
  DocumentReader::largest = 0;
  return {[](std::string_view, bool) {
            return Detection{Format::kXRayGraph, {}};
          },
          [](Format, ReaderOptions) -> std::unique_ptr<RecordReader> { return std::make_unique<DocumentReader>(); }};
}

FormatFunctions unknown() {
  return {[](std::string_view, bool) { return Detection{Format::kUnknown, "neither JSON nor text"}; }, &make_reader};
}

class TextSink final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> records) override {
    for (const auto& record : records) {
      text += record.message;
      text += '\n';
      positions.push_back(record.position);
    }
  }
  void on_skipped(Skipped&&) override { ++skipped; }

  std::string text;
  std::vector<BytePosition> positions;
  int skipped = 0;
};

FileOutcome read_text(std::string_view bytes, TelemetrySink& sink, const FormatFunctions& formats,
                      const Context& context = {}) {
  return read_input_stream(make_memory_stream(bytes), "app.log", {}, sink, context, formats);
}

TEST(FileReader, EveryByteReachesTheReaderOnceInOrder) {
  const std::string text = numbered_lines(400'000);  // several blocks, cut in the middle of lines
  ASSERT_GT(text.size(), 3 * BlockBuffer::kBlockBytes);
  for (const std::string& packed : {text, gzip(text), zstd(text)}) {
    TextSink sink;
    const FileOutcome outcome = read_text(packed, sink, lines());
    EXPECT_TRUE(sink.text == text);
    EXPECT_EQ(outcome.coverage.source, "app.log");
    EXPECT_EQ(outcome.coverage.format, format_name(Format::kLogLines));
    EXPECT_EQ(outcome.coverage.records, 400'000U);
    EXPECT_EQ(outcome.coverage.bytes, text.size());
    EXPECT_EQ(outcome.coverage.range,
              (TimeRange{from_unix_nanos(1'000'000'000), from_unix_nanos(400'000'000'000'000)}));
    EXPECT_THAT(outcome.gaps, IsEmpty());
    for (const std::size_t i : {std::size_t{0}, std::size_t{150'001}, std::size_t{399'999}}) {
      EXPECT_TRUE(text.substr(sink.positions[i].offset).starts_with("line " + std::to_string(i) + " "));
    }
  }
}

TEST(FileReader, ATruncatedFileIsUsedUpToTheCutAndTheCutIsAGap) {
  const std::string text = numbered_lines(200'000);
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    TextSink sink;
    const FileOutcome outcome = read_text(std::string_view(packed).substr(0, packed.size() / 2), sink, lines());
    EXPECT_GT(outcome.coverage.records, 80'000U);
    EXPECT_TRUE(text.starts_with(std::string_view(sink.text).substr(0, sink.text.size() - 1)));
    ASSERT_EQ(outcome.gaps.size(), 1U);
    EXPECT_EQ(outcome.gaps[0].source, "app.log");
    EXPECT_THAT(outcome.gaps[0].error, HasSubstr("cut off"));
    EXPECT_THAT(outcome.gaps[0].impact, AllOf(HasSubstr("MB before that point"), HasSubstr("rest is missing")));
  }
}

TEST(FileReader, AReadErrorIsAGapBesideWhatWasRead) {
  TextSink sink;
  const FileOutcome outcome =
      read_input_stream(std::make_unique<test::FailingStream>("one\ntwo\nthr", 5), "app.log", {}, sink, {}, lines());
  EXPECT_EQ(sink.text, "one\ntwo\nthr\n");
  ASSERT_EQ(outcome.gaps.size(), 1U);
  EXPECT_THAT(outcome.gaps[0].error, HasSubstr("Input/output error"));
}

TEST(FileReader, AFileThatCannotBeOpenedIsAGap) {
  const TempFolder folder;
  TextSink sink;
  for (const auto& path : {folder.path(), folder.path() / "missing"}) {
    const FileOutcome outcome = read_input({"shown", path, 0}, {}, sink, {}, lines());
    ASSERT_EQ(outcome.gaps.size(), 1U);
    EXPECT_EQ(outcome.gaps[0].source, "shown");
    EXPECT_EQ(outcome.gaps[0].impact, "Nothing of it was used.");
    EXPECT_THAT(outcome.coverage.note, HasSubstr("could not be read"));
  }
}

TEST(FileReader, AnEmptyFileIsSaidNotGuessed) {
  for (const std::string& packed : {std::string(), gzip(""), zstd("")}) {
    TextSink sink;
    const FileOutcome outcome = read_text(packed, sink, lines());
    EXPECT_EQ(outcome.coverage.format, "empty");
    EXPECT_EQ(outcome.coverage.records, 0U);
    EXPECT_THAT(outcome.gaps, IsEmpty());
  }
}

TEST(FileReader, UnrecognisedFilesShowTheirFirstBytesAndTheReason) {
  TextSink sink;
  std::string binary(
      "\x7F"
      "ELF\0\x01\x02\n",
      8);
  binary += std::string(100, '\xEE');
  const FileOutcome outcome = read_text(binary, sink, unknown());
  EXPECT_EQ(outcome.format, Format::kUnknown);
  EXPECT_EQ(outcome.coverage.format, "unrecognised");
  EXPECT_EQ(outcome.coverage.note.find("neither JSON nor text; begins with: \\x7fELF\\x00\\x01\\x02\\n"), 0U)
      << outcome.coverage.note;
  EXPECT_THAT(outcome.gaps, IsEmpty());
  const FileOutcome zip = read_text("PK\x03\x04 and more", sink, unknown());
  EXPECT_THAT(zip.coverage.note, HasSubstr("a zip archive; unpack it first"));
}

TEST(FileReader, SkippedAndTruncatedRecordsAreCountedWithTheFirstReason) {
  TextSink sink;
  const FileOutcome outcome =
      read_text("good\nbad one\nbad two\n" + std::string(3 << 20, 'x') + "\ngood", sink, lines());
  EXPECT_EQ(outcome.coverage.records, 3U);
  EXPECT_EQ(outcome.coverage.skipped, 2U);
  EXPECT_EQ(outcome.coverage.truncated, 1U);
  EXPECT_EQ(outcome.coverage.note, "line 2: expected good, found \\x1b[31mbad one");
  EXPECT_EQ(sink.skipped, 3) << "the next sink hears of them too";
}

TEST(FileReader, AGrowingDocumentIsShownInDoublingSteps) {
  TextSink sink;
  const std::string document(std::size_t{40} << 20, 'x');
  const FileOutcome outcome = read_text(zstd(document), sink, documents());
  EXPECT_EQ(sink.text.size(), document.size() + 1);
  EXPECT_EQ(outcome.coverage.bytes, document.size());
  EXPECT_LE(DocumentReader::calls, 6U);
}

TEST(FileReader, ADocumentAboveTheLimitIsSkippedInBoundedMemory) {
  TextSink sink;
  std::string packed;
  for (int i = 0; i < 5; ++i) {
    packed += zstd(std::string(std::size_t{64} << 20, 'x'));
  }
  const FileOutcome outcome = read_text(packed, sink, documents());
  EXPECT_EQ(outcome.coverage.bytes, std::size_t{320} << 20);
  EXPECT_EQ(outcome.coverage.skipped, 1U);
  EXPECT_THAT(outcome.coverage.note, HasSubstr("a single record above"));
  EXPECT_GT(DocumentReader::largest, kMaxDocumentBytes);
  EXPECT_LE(DocumentReader::largest, kMaxDocumentBytes + BlockBuffer::kBlockBytes);
}

TEST(FileReader, AStopEndsReadingWithAGap) {
  std::stop_source stop;
  stop.request_stop();
  const Context context{stop.get_token(), std::nullopt};
  TextSink sink;
  const FileOutcome outcome = read_text("one\n", sink, lines(), context);
  EXPECT_EQ(sink.text, "");
  ASSERT_EQ(outcome.gaps.size(), 1U);
  EXPECT_THAT(outcome.gaps[0].error, HasSubstr("stopped at byte 0"));
}

TEST(FileReader, ExceptionsOfReadersEndInAGap) {
  TextSink sink;
  FormatFunctions formats = lines();
  formats.make = [](Format, ReaderOptions) -> std::unique_ptr<RecordReader> {
    return std::make_unique<ThrowingReader>();
  };
  const FileOutcome outcome = read_text("one\n", sink, formats);
  ASSERT_EQ(outcome.gaps.size(), 1U);
  EXPECT_THAT(outcome.gaps[0].error, HasSubstr("reader broke"));
}

TEST(FileReader, DetectionSeesAtMostItsHeadAndKnowsWhetherThatIsAll) {
  static std::vector<std::pair<std::size_t, bool>> seen;
  seen.clear();
  const FormatFunctions formats{[](std::string_view head, bool complete) {
                                  seen.emplace_back(head.size(), complete);
                                  return Detection{Format::kUnknown, "test"};
                                },
                                &make_reader};
  TextSink sink;
  for (const std::size_t size : {std::size_t{10}, kDetectBytes, kDetectBytes + 1, 3 * BlockBuffer::kBlockBytes}) {
    read_text(std::string(size, 'x'), sink, formats);
  }
  EXPECT_THAT(seen, testing::ElementsAre(testing::Pair(10, true), testing::Pair(kDetectBytes, true),
                                         testing::Pair(kDetectBytes, false), testing::Pair(kDetectBytes, false)));
}

}  // namespace
}  // namespace fa
