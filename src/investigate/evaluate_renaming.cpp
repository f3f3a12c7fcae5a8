#include "investigate/evaluate_renaming.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "investigate/evaluate_files.h"
#include "sources/file/file_reader.h"
#include "sources/file/incident_file.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSyllables = 5;
constexpr std::size_t kShortestName = 2;

bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Learns the names that a folder's records bear.
class NameSink final : public TelemetrySink {
 public:
  explicit NameSink(Renaming& renaming) : renaming_(renaming) {}
  void on_logs(std::span<const LogRecord> records) override { add_all(records); }
  void on_spans(std::span<const SpanRecord> records) override {
    add_all(records);
    for (const SpanRecord& r : records) renaming_.add_name(r.peer);
  }
  void on_access(std::span<const AccessRecord> records) override {
    for (const AccessRecord& r : records) {
      renaming_.add_name(r.entity);
      renaming_.add_name(r.target_group);
    }
  }
  void on_metric(MetricSeries&& series) override {
    renaming_.add_name(series.service);
    renaming_.add_name(series.instance);
    renaming_.add_metric(series.name);
  }
  void on_change(ChangeEvent&& event) override { renaming_.add_name(event.service); }
  void on_node(TopologyNode&& node) override { renaming_.add_name(node.name); }
  void on_edge(TopologyEdge&& edge) override {
    renaming_.add_name(edge.caller);
    renaming_.add_name(edge.callee);
  }
  void on_trace_summary(TraceSummary&& summary) override { renaming_.add_name(summary.entry_service); }

 private:
  template <typename Records>
  void add_all(const Records& records) {
    for (const auto& r : records) {
      renaming_.add_name(r.service);
      renaming_.add_name(r.instance);
    }
  }
  Renaming& renaming_;
};

/// What a file is called in the copy: a name may stand in it, and nothing is compressed there.
fs::path copied_name(const fs::path& name, const Renaming& renaming) {
  fs::path renamed;
  for (const fs::path& part : name) renamed /= renaming.apply(part.string());
  const std::string extension = renamed.extension().string();
  if (extension == ".zst" || extension == ".gz") renamed.replace_extension();
  return renamed;
}

void learn_names(const InputSet& inputs, Renaming& renaming, const Context& context) {
  NameSink sink(renaming);
  for (const InputFile& file : inputs.files) {
    ReaderOptions reader;
    reader.path = file.name;
    read_input(file, reader, sink, context);
  }
  if (!inputs.incident_file) return;
  if (const auto incident = read_incident_file(*inputs.incident_file); incident && incident->alarm) {
    renaming.add_name(incident->alarm->entity);
    renaming.add_metric(incident->alarm->metric);
  }
}

}  // namespace

void Renaming::add_name(std::string_view name) {
  if (name.size() < kShortestName) return;
  const std::string lower = to_lower(name);
  if (!words_.try_emplace(lower, word_of(name)).second) return;
  std::vector<std::size_t>& lengths = lengths_[lower.substr(0, kShortestName)];
  if (std::find(lengths.begin(), lengths.end(), lower.size()) != lengths.end()) return;
  lengths.push_back(lower.size());
  std::sort(lengths.rbegin(), lengths.rend());
}

void Renaming::add_metric(std::string_view name) {
  if (!name.empty()) metrics_.try_emplace(std::string(name), word_of(name));
}

std::string Renaming::word_of(std::string_view name) const {
  static constexpr std::string_view kConsonants = "bdfgklmnprstvz";
  static constexpr std::string_view kVowels = "aeiou";
  std::uint64_t h = stable_hash(to_lower(name), seed_);
  std::string word;
  for (std::size_t i = 0; i < kSyllables; ++i) {
    word += kConsonants[h % kConsonants.size()];
    h /= kConsonants.size();
    word += kVowels[h % kVowels.size()];
    h /= kVowels.size();
  }
  return word;
}

/// Length of the longest known name that stands at `at`; 0 for none.
std::size_t Renaming::match(std::string_view text, std::size_t at) const {
  if (at + kShortestName > text.size()) return 0;
  const auto it = lengths_.find(to_lower(text.substr(at, kShortestName)));
  if (it == lengths_.end()) return 0;
  for (const std::size_t length : it->second) {
    if (at + length > text.size()) continue;
    if (at + length < text.size() && is_word(text[at + length]) && is_word(text[at + length - 1])) continue;
    if (words_.contains(to_lower(text.substr(at, length)))) return length;
  }
  return 0;
}

std::string Renaming::apply(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const bool starts = i == 0 || !is_word(text[i - 1]) || !is_word(text[i]);
    if (text[i] == '"') {
      const std::size_t end = text.find('"', i + 1);
      const auto metric = end == std::string_view::npos || end - i > 200
                              ? metrics_.end()
                              : metrics_.find(std::string(text.substr(i + 1, end - i - 1)));
      if (metric != metrics_.end()) {
        out += '"' + metric->second + '"';
        i = end + 1;
        continue;
      }
    }
    if (const std::size_t length = starts ? match(text, i) : 0; length > 0) {
      out += words_.at(to_lower(text.substr(i, length)));
      i += length;
      continue;
    }
    out += text[i++];
  }
  return out;
}

Result<RenamedFolder> RenamedFolder::make(const fs::path& folder, Renaming& renaming, const Context& context) {
  const std::array<std::string, 1> arguments{folder.string()};
  const InputSet inputs = discover_inputs(arguments, {}, context);
  learn_names(inputs, renaming, context);
  std::error_code ec;
  std::string place = (fs::temp_directory_path(ec) / "fa2-eval-XXXXXX").string();
  if (::mkdtemp(place.data()) == nullptr) {
    return fail(ErrorCode::kUnreadable, "Cannot make a folder " + place + " for renamed copies.");
  }
  RenamedFolder copy{place};
  for (fs::recursive_directory_iterator it(folder, ec), end; it != end; it.increment(ec)) {
    if (ec || !it->is_regular_file()) continue;
    const auto text = read_decompressed(it->path());
    if (!text) return tl::unexpected(text.error());
    const fs::path to = copy.path_ / copied_name(fs::relative(it->path(), folder), renaming);
    fs::create_directories(to.parent_path(), ec);
    std::ofstream out(to, std::ios::binary);
    out << renaming.apply(*text);
    if (!out.flush()) return fail(ErrorCode::kUnreadable, "Cannot write " + to.string() + ".");
  }
  return copy;
}

RenamedFolder::RenamedFolder(RenamedFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

RenamedFolder::~RenamedFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace fa
