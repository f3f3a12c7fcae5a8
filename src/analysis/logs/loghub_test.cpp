/// Grouping and parsing accuracy on public logs with true templates, one configuration for all systems. The floors lie
/// a little below what is reached, so that a change that costs accuracy is seen.
#include <gtest/gtest.h>
#include <zstd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "analysis/logs/template_miner.h"

namespace fa {
namespace {

constexpr const char* kSystems[] = {"Android", "Apache", "BGL", "HDFS", "Hadoop", "Linux", "OpenSSH", "Zookeeper"};

std::string read_zstd(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  std::string text;
  std::string block(1 << 16, '\0');
  ZSTD_DCtx* context = ZSTD_createDCtx();
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer out{block.data(), block.size(), 0};
    if (ZSTD_isError(ZSTD_decompressStream(context, &out, &in)) != 0) break;
    text.append(block, 0, out.pos);
  }
  ZSTD_freeDCtx(context);
  return text;
}

/// The last column of a CSV file with quoted fields; without the header.
std::vector<std::string> last_column(const std::string& csv) {
  std::vector<std::string> out;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        field += csv[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      field.clear();
    } else if (c == '\n') {
      out.push_back(std::move(field));
      field.clear();
    } else if (c != '\r') {
      field += c;
    }
  }
  if (!field.empty()) out.push_back(field);
  if (!out.empty()) out.erase(out.begin());
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

struct Accuracy {
  double grouping = 0;
  double parsing = 0;
};

Accuracy measure(const std::vector<std::string>& messages, const std::vector<std::string>& truth) {
  TemplateMiner miner;
  std::vector<ShapeId> shapes;
  for (const std::string& message : messages) shapes.push_back(miner.add(message));
  const TemplateSet set = miner.finish();
  std::map<std::string, std::set<TemplateId>> found_for;
  std::map<TemplateId, std::set<std::string>> true_for;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const TemplateId found = set.template_of_shape[shapes[i]];
    found_for[truth[i]].insert(found);
    true_for[found].insert(truth[i]);
  }
  Accuracy accuracy;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const TemplateId found = set.template_of_shape[shapes[i]];
    accuracy.grouping += found_for[truth[i]].size() == 1 && true_for[found].size() == 1 ? 1 : 0;
    accuracy.parsing += set.templates[found].pattern == truth[i] ? 1 : 0;
  }
  accuracy.grouping /= static_cast<double>(shapes.size());
  accuracy.parsing /= static_cast<double>(shapes.size());
  return accuracy;
}

TEST(LogHub, one_configuration_finds_the_true_templates) {
  const std::string root = FA_PROJECT_DIR "/../shared/data/loghub-2k/";
  Accuracy sum;
  double worst = 1;
  for (const std::string system : kSystems) {
    const std::string stem = root + system + "/" + system + "_2k.";
    const std::vector<std::string> messages = lines_of(read_zstd(stem + "content.txt.zst"));
    const std::vector<std::string> truth = last_column(read_zstd(stem + "log_structured_corrected.csv.zst"));
    if (messages.empty()) GTEST_SKIP() << "the log files with true templates are not at " << root;
    ASSERT_EQ(messages.size(), truth.size()) << system;
    const Accuracy accuracy = measure(messages, truth);
    std::printf("%-10s grouping %.4f  parsing %.4f\n", system.c_str(), accuracy.grouping, accuracy.parsing);
    sum.grouping += accuracy.grouping / std::size(kSystems);
    sum.parsing += accuracy.parsing / std::size(kSystems);
    worst = std::min(worst, accuracy.grouping);
  }
  std::printf("%-10s grouping %.4f  parsing %.4f\n", "average", sum.grouping, sum.parsing);
  EXPECT_GE(sum.grouping, 0.99);
  EXPECT_GE(worst, 0.975);
  EXPECT_GE(sum.parsing, 0.91);
}

}  // namespace
}  // namespace fa
