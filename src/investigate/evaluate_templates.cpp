#include "investigate/evaluate_templates.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "analysis/logs/template_miner.h"
#include "base/text.h"
#include "investigate/evaluate_files.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kContent = ".content.txt";
constexpr std::string_view kTruth = ".log_structured_corrected.csv";

/// The last column of a CSV text with quoted fields (RFC 4180), without its header.
std::vector<std::string> last_column(std::string_view csv) {
  std::vector<std::string> out;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      field += csv[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      field.clear();
    } else if (!quoted && c == '\n') {
      out.push_back(std::move(field));
      field.clear();
    } else if (quoted || c != '\r') {
      field += c;
    }
  }
  if (!field.empty()) out.push_back(field);
  if (!out.empty()) out.erase(out.begin());
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return split(text, '\n');
}

TemplateScore measure(const std::vector<std::string_view>& messages, const std::vector<std::string>& truth) {
  TemplateMiner miner;
  std::vector<ShapeId> shapes;
  for (const std::string_view message : messages) shapes.push_back(miner.add(message));
  const TemplateSet set = miner.finish();
  std::map<std::string, std::set<TemplateId>> found_for;
  std::map<TemplateId, std::set<std::string>> true_for;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const TemplateId found = set.template_of_shape[shapes[i]];
    found_for[truth[i]].insert(found);
    true_for[found].insert(truth[i]);
  }
  TemplateScore score;
  score.lines = shapes.size();
  const auto all = static_cast<double>(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const TemplateId found = set.template_of_shape[shapes[i]];
    if (found_for[truth[i]].size() == 1 && true_for[found].size() == 1) score.grouping += 1 / all;
    if (set.templates[found].pattern == truth[i]) score.parsing += 1 / all;
  }
  return score;
}

/// The file with the true templates beside a file of messages; nullopt where there is none.
std::optional<fs::path> truth_beside(const fs::path& content) {
  const std::string name = content.filename().string();
  const std::string stem = name.substr(0, name.find(kContent)) + std::string(kTruth);
  for (const char* packed : {"", ".zst", ".gz"}) {
    const fs::path path = content.parent_path() / (stem + packed);
    if (fs::exists(path)) return path;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<TemplateScore>> evaluate_templates(const fs::path& root) {
  std::vector<TemplateScore> scores;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec)) {
    if (it->path().filename().string().find(kContent) == std::string::npos) continue;
    const auto truth_path = truth_beside(it->path());
    if (!truth_path) continue;
    const auto content = read_decompressed(it->path());
    if (!content) return tl::unexpected(content.error());
    const auto csv = read_decompressed(*truth_path);
    if (!csv) return tl::unexpected(csv.error());
    const auto messages = lines_of(*content);
    const auto truth = last_column(*csv);
    if (messages.size() != truth.size()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} has {} messages and {} {} templates: one per message is expected.",
                              it->path().string(), messages.size(), truth_path->string(), truth.size()));
    }
    scores.push_back(measure(messages, truth));
    scores.back().system = it->path().parent_path().filename().string();
  }
  std::stable_sort(scores.begin(), scores.end(),
                   [](const TemplateScore& a, const TemplateScore& b) { return a.system < b.system; });
  return scores;
}

std::string render_templates_text(const std::vector<TemplateScore>& scores) {
  if (scores.empty()) return {};
  std::string out = fmt::format("{:<24}{:>8}{:>10}{:>9}\n", "templates", "lines", "grouping", "parsing");
  double grouping = 0;
  double parsing = 0;
  double worst_grouping = 1;
  double worst_parsing = 1;
  for (const TemplateScore& s : scores) {
    out += fmt::format("{:<24}{:>8}{:>10.3f}{:>9.3f}\n", s.system, s.lines, s.grouping, s.parsing);
    grouping += s.grouping / static_cast<double>(scores.size());
    parsing += s.parsing / static_cast<double>(scores.size());
    worst_grouping = std::min(worst_grouping, s.grouping);
    worst_parsing = std::min(worst_parsing, s.parsing);
  }
  out += fmt::format("{:<24}{:>8}{:>10.3f}{:>9.3f}\n", "average", "", grouping, parsing);
  return out + fmt::format("{:<24}{:>8}{:>10.3f}{:>9.3f}\n", "worst", "", worst_grouping, worst_parsing);
}

}  // namespace fa
