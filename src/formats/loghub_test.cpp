#include <gtest/gtest.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "formats/readers.h"

/// Header parsing against logs of eight real systems whose message column is known.
namespace fa {
namespace {

std::string read_zst(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string packed{std::istreambuf_iterator<char>{file}, {}};
  std::string out(std::size_t{8} << 20, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  out.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return out;
}

struct Lines final : TelemetrySink {
  std::vector<std::string> messages;
  std::size_t dated = 0;
  void on_logs(std::span<const LogRecord> logs) override {
    for (const auto& r : logs) {
      messages.emplace_back(r.message);
      if (r.time != kNoTime) ++dated;
    }
  }
};

class Loghub : public testing::TestWithParam<const char*> {};

TEST_P(Loghub, MessagesAreThoseOfTheContentColumn) {
  const std::string system = GetParam();
  const std::filesystem::path folder = std::filesystem::path{FA_PROJECT_DIR "/../shared/data/loghub-2k"} / system;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no loghub-2k data beside the project";
  std::string log = read_zst(folder / (system + "_2k.log.zst"));
  const std::string content = read_zst(folder / (system + "_2k.content.txt.zst"));
  const std::size_t size = log.size();
  log.append(kReadPadding, '\0');
  Lines lines;
  ReaderOptions options;
  options.path = system + "_2k.log";
  options.reference_time = from_unix_nanos(1'600'000'000'000'000'000);
  make_log_lines_reader(options)->read(std::string_view{log}.substr(0, size), 0, true, lines);
  ASSERT_EQ(lines.messages.size(), 2000U);
  EXPECT_EQ(lines.dated, 2000U);
  std::size_t begin = 0;
  std::size_t same = 0;
  for (const auto& message : lines.messages) {
    auto end = content.find('\n', begin);
    if (end == std::string::npos) end = content.size();
    std::string expected = content.substr(begin, end - begin);
    while (!expected.empty() && (expected.back() == '\r' || expected.back() == ' ')) expected.pop_back();
    if (message == expected) ++same;
    begin = std::min(content.size(), end + 1);
  }
  EXPECT_GE(same, 1980U);
  RecordProperty("exact_messages", static_cast<int>(same));
}

INSTANTIATE_TEST_SUITE_P(Systems, Loghub,
                         testing::Values("Android", "Apache", "BGL", "HDFS", "Hadoop", "Linux", "OpenSSH",
                                         "Zookeeper"));

}  // namespace
}  // namespace fa
