// Broken input through discovery, decompression, recognition and the real readers: nothing readable is lost because
// something beside it is broken, and what is wrong is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sources/file/discover.h"
#include "sources/file/file_reader.h"
#include "sources/file/metric_query_book.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::gzip;
using test::TempFolder;
using test::zstd;
using testing::HasSubstr;
using testing::IsEmpty;

class MessageSink final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> records) override {
    for (const auto& record : records) {
      messages.emplace_back(record.message.substr(0, 200));
      largest = std::max(largest, record.message.size());
    }
  }

  std::vector<std::string> messages;
  std::size_t largest = 0;
};

struct RunOutcome {
  std::map<std::string, FileOutcome> files;
  std::vector<Gap> gaps;
  MessageSink sink;
};

/// Reads a folder the way an investigation does.
RunOutcome read_folder(const TempFolder& folder) {
  RunOutcome out;
  const InputSet inputs = discover_inputs(std::vector<std::string>{folder.path()}, {}, {});
  const MetricQueryBook queries = find_metric_queries(inputs, {});
  out.gaps = inputs.gaps;
  for (const auto& file : inputs.files) {
    ReaderOptions options;
    options.metric_queries = queries.for_file(file.name);
    FileOutcome outcome = read_input(file, options, out.sink, {});
    out.gaps.insert(out.gaps.end(), outcome.gaps.begin(), outcome.gaps.end());
    out.files.emplace(file.name, std::move(outcome));
  }
  return out;
}

std::string log_line(int second, std::string_view text) {
  return "2026-03-14T08:" + std::to_string(10 + second / 60 % 50) + ":" + std::to_string(10 + second % 50) +
         "Z INFO [orders] " + std::string(text) + "\n";
}

std::string log_lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += log_line(i, "order " + std::to_string(i) + " stored");
  }
  return out;
}

TEST(BadInput, EachBrokenFileIsSaidAndTheRestIsRead) {
  const TempFolder folder;
  const std::string good = log_lines(1000);
  folder.write("good.log", good);
  folder.write("cut.log.gz", gzip(log_lines(50'000)).substr(0, 40'000));
  std::string corrupt = zstd(log_lines(50'000));
  corrupt[corrupt.size() / 2] = static_cast<char>(~corrupt[corrupt.size() / 2]);
  corrupt[corrupt.size() / 2 + 1] = static_cast<char>(~corrupt[corrupt.size() / 2 + 1]);
  folder.write("corrupt.log.zst", corrupt);
  std::string noise;
  std::uint64_t state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    noise += static_cast<char>(state >> 56);
  }
  folder.write("noise.bin", noise);
  folder.write("empty.log", "");
  std::filesystem::create_directory(folder.path() / "empty-folder");
  std::filesystem::create_symlink("nowhere", folder.path() / "gone.log");

  const RunOutcome run = read_folder(folder);
  EXPECT_EQ(run.files.at("good.log").coverage.records, 1000U);
  EXPECT_EQ(run.files.at("good.log").coverage.skipped, 0U);
  EXPECT_GT(run.files.at("cut.log.gz").coverage.records, 5000U);
  EXPECT_EQ(run.files.at("empty.log").coverage.format, "empty");
  EXPECT_EQ(run.files.at("noise.bin").coverage.format, "unrecognised");
  EXPECT_THAT(run.files.at("noise.bin").coverage.note, HasSubstr("begins with: "));
  std::map<std::string, std::string> gaps;
  for (const auto& gap : run.gaps) {
    gaps[gap.source] += gap.error;
  }
  EXPECT_EQ(gaps.size(), 3U);
  EXPECT_THAT(gaps["cut.log.gz"], HasSubstr("cut off"));
  EXPECT_THAT(gaps["corrupt.log.zst"], HasSubstr("corrupt"));
  EXPECT_THAT(gaps["gone.log"], HasSubstr("symbolic link"));
}

TEST(BadInput, HalfAJsonLineLosesOnlyItself) {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += R"({"timestamp":"2026-03-14T08:30:00Z","level":"info","message":"order )" + std::to_string(i) + "\"}\n";
  }
  folder.write("end.jsonl", text + R"({"timestamp":"2026-03-14T08:30:00Z","mess)");
  folder.write("middle.jsonl", text + "{\"timestamp\":\"2026-03-14T08:30:00Z\",\"mess\n" + text);
  const RunOutcome run = read_folder(folder);
  EXPECT_THAT(run.gaps, IsEmpty());
  const auto& end = run.files.at("end.jsonl").coverage;
  EXPECT_GE(end.records, 100U);
  EXPECT_EQ(end.records + end.skipped, 101U);
  const auto& middle = run.files.at("middle.jsonl").coverage;
  EXPECT_GE(middle.records, 200U);
  EXPECT_EQ(middle.records + middle.skipped, 201U);
  EXPECT_EQ(std::count(run.sink.messages.begin(), run.sink.messages.end(), "order 99"), 3);
}

TEST(BadInput, ALineOf100MegabytesIsCutAndItsNeighboursStay) {
  const TempFolder folder;
  folder.write("long.log", log_lines(10) + log_line(11, std::string(std::size_t{100} << 20, 'x')) + log_lines(10));
  const RunOutcome run = read_folder(folder);
  const auto& coverage = run.files.at("long.log").coverage;
  EXPECT_EQ(coverage.records, 21U);
  EXPECT_EQ(coverage.truncated, 1U);
  EXPECT_GT(coverage.bytes, std::uint64_t{100} << 20);
  EXPECT_LE(run.sink.largest, kMaxLineBytes);
  EXPECT_THAT(run.sink.messages.back(), HasSubstr("order 9 stored"));
  EXPECT_THAT(run.gaps, IsEmpty());
}

TEST(BadInput, NulsAndCarriageReturnsDoNotLoseRecords) {
  using namespace std::string_literals;
  const TempFolder folder;
  std::string crlf;
  for (const char c : log_lines(100)) {
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
  }
  folder.write("crlf.log", crlf);
  folder.write("nul.log", log_lines(100) + log_line(1, "a\0b"s) + log_lines(100));
  const RunOutcome run = read_folder(folder);
  EXPECT_EQ(run.files.at("crlf.log").coverage.records, 100U);
  EXPECT_GE(run.files.at("nul.log").coverage.records, 200U);
  for (const auto& message : run.sink.messages) {
    EXPECT_FALSE(message.ends_with('\r'));
  }
}

}  // namespace
}  // namespace fa
