#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/record_collector.h"

/// Over the recordings beside the repository: every byte of them is read, nothing is skipped, and the count of records
/// is that of their keys.
namespace fa {
namespace {

namespace fs = std::filesystem;

std::string read_command(const std::string& command) {
  std::string out;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) return out;
  std::vector<char> buffer(std::size_t{1} << 20);
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) out.append(buffer.data(), n);
  return out;
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

TEST(RecordedIncidents, every_record_is_read_and_found_again) {
  const fs::path root = fs::path(FA_PROJECT_DIR) / "../shared/data/incidents";
  if (!fs::exists(root)) GTEST_SKIP() << "no recordings at ../shared/data/incidents";
  for (const char* set : {"nezha-tt", "nezha-ob-lite", "petshop"}) {
    std::vector<fs::path> cases;
    for (const auto& entry : fs::directory_iterator(root / set)) {
      if (entry.is_directory()) cases.push_back(entry.path());
    }
    if (cases.empty()) GTEST_SKIP() << "no recordings in " << set;
    std::sort(cases.begin(), cases.end());
    for (const auto& entry : fs::directory_iterator(cases.front())) {
      if (entry.path().extension() != ".zst") continue;
      const std::string text = read_command("zstd -qdc '" + entry.path().string() + "'");
      if (text.empty()) GTEST_SKIP() << "zstd is not installed";
      SCOPED_TRACE(entry.path().string());
      const Detection detection = detect_format(std::string_view(text).substr(0, std::size_t{256} << 10), false);
      EXPECT_EQ(detection.format, Format::kOtlp);
      const RecordCollector got = collect(Format::kOtlp, text, std::size_t{1} << 20);
      EXPECT_TRUE(got.skipped.empty());
      EXPECT_EQ(got.spans.size(), count_of(text, "\"startTimeUnixNano\":"));
      EXPECT_EQ(got.logs.size(), count_of(text, "\"body\":"));
      std::size_t points = 0;
      for (const MetricSeries& m : got.metrics) points += m.values.size();
      EXPECT_EQ(points, count_of(text, "\"asDouble\":"));
      for (const LogRecord& r : got.logs) ASSERT_TRUE(bytes_of(text, r.position).starts_with("{\"timeUnixNano\""));
      for (const SpanRecord& r : got.spans) ASSERT_TRUE(bytes_of(text, r.position).starts_with("{\"traceId\""));
      for (const MetricSeries& m : got.metrics) ASSERT_TRUE(bytes_of(text, m.position).starts_with("{\"name\""));
    }
  }
}

/// Every object of a snapshot that has the key itself.
std::vector<std::string_view> objects_with(std::string_view text, std::string_view key) {
  std::vector<std::string_view> found;
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    std::size_t depth = 0;
    std::size_t begin = at;
    while (begin > 0 && !(text[--begin] == '{' && depth == 0)) {
      if (text[begin] == '}') ++depth;
      if (text[begin] == '{') --depth;
    }
    depth = 0;
    for (std::size_t end = begin; end < text.size(); ++end) {
      if (text[end] == '{') ++depth;
      if (text[end] == '}' && --depth == 0) {
        found.push_back(text.substr(begin, end + 1 - begin));
        break;
      }
    }
  }
  return found;
}

TEST(RecordedAnswers, have_the_shapes_that_are_recognised) {
  const fs::path root = fs::path(FA_PROJECT_DIR) / "../shared/aws/recorded";
  if (!fs::exists(root)) GTEST_SKIP() << "no recordings at ../shared/aws/recorded";
  struct Case {
    const char* file;
    const char* key;
    Format format;
  };
  const Case cases[] = {
      {"cloudwatch/test_cloudwatch.snapshot.json", "\"MetricDataResults\"", Format::kCloudWatchMetrics},
  };
  for (const Case& c : cases) {
    std::ifstream file(root / c.file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto objects = objects_with(text, c.key);
    EXPECT_FALSE(objects.empty()) << c.file;
    for (const std::string_view object : objects) {
      EXPECT_EQ(format_name(detect_format(object, true).format), format_name(c.format)) << object;
      if (c.format != Format::kCloudWatchMetrics) continue;
      // The snapshots have their timestamps replaced by a word: no points, but each value counted.
      const RecordCollector got = collect(c.format, object);
      std::uint64_t skipped = 0;
      for (const Skipped& s : got.skipped) skipped += s.records;
      EXPECT_EQ(got.metrics.size(), 0U);
      EXPECT_EQ(skipped > 0, object.find("\"Values\": [\n") != std::string_view::npos) << object;
    }
  }
}

TEST(RecordedIncidents, files_beside_the_telemetry_are_recognised) {
  const fs::path folder = fs::path(FA_PROJECT_DIR) / "../shared/data/incidents/petshop";
  if (!fs::exists(folder)) GTEST_SKIP() << "no recordings at ../shared/data/incidents";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name != "service-graph.json" && name != "incident.json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(detect_format(text, true).format, name == "incident.json" ? Format::kUnknown : Format::kXRayGraph)
        << entry.path();
  }
}

}  // namespace
}  // namespace fa
