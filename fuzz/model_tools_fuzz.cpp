// Whatever a model writes as a call, the answer is one JSON object in valid UTF-8, and the same again.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "investigate/investigate.h"
#include "investigate/model_tools.h"

namespace {

/// A few records of every kind, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fa2-fuzz-XXXXXX").string();
    path_ = mkdtemp(name.data());
    write("incident.json", R"({"window":{"from":"2026-03-14T08:30:00Z","to":"2026-03-14T08:50:00Z"},)"
                           R"("baseline":{"from":"2026-03-14T07:30:00Z","to":"2026-03-14T08:30:00Z"}})");
    write("orders.log",
          "2026-03-14T08:00:00Z INFO order 1 accepted\n2026-03-14T08:31:00Z ERROR connect to db:5432 timed out\n");
    write("metrics.csv", "timestamp,orders.latency_ms\n2026-03-14T08:00:00Z,1\n2026-03-14T08:40:00Z,5\n");
    write("changes.jsonl",
          R"({"time":"2026-03-14T08:29:00Z","kind":"deployment","actor":"ci","resource":"orders","action":"deploy"})"
          "\n");
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  void write(const std::string& name, std::string_view text) const { std::ofstream(path_ / name) << text; }
  std::filesystem::path path_;
};

const fa::Study& small_study() {
  static const Folder folder;
  static const fa::Study study = [] {
    fa::InvestigateRequest request;
    request.paths = {folder.path()};
    auto made = fa::study_incident(request, fa::SystemClock(), nullptr, {});
    if (!made) std::abort();
    return std::move(*made);
  }();
  return study;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<fa::Evidence> evidence = fa::report_of(small_study(), fa::Language::kEnglish).evidence;
  fa::EvidenceBook book(evidence);
  fa::InvestigationTools tools(small_study(), book, {}, [](std::string_view query, std::size_t limit) {
    return std::vector<fa::KnowledgePassage>(limit, {"K1", "a.md", "", std::string(query)});
  });
  if (size == 0) return 0;
  // The first byte chooses the tool; the rest is its input, or words inside an input.
  const auto specs = tools.tools();
  const std::string& name = specs[data[0] % specs.size()].name;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string input(text);
  if (data[0] >= 0x80) {
    constexpr std::string_view kKeys[] = {"contains", "regex", "template", "id",    "evidence",
                                          "metric",   "query", "name",     "trace", "entity"};
    const auto key = fa::Json(std::string(kKeys[data[0] % std::size(kKeys)]));
    input = "{" + fa::json_text(key) + ":" + fa::json_text(fa::Json(input)) + "}";
  }
  const std::string first = tools.run(name, input, {}).text;
  const fa::Json answer = fa::parse_json(first);
  if (!answer.is_object() || !answer.contains("status") || !fa::is_valid_utf8(first)) std::abort();
  if (first.find('\n') != std::string::npos || first.find("</") != std::string::npos) std::abort();
  if (tools.run(name, input, {}).text != first) std::abort();
  return 0;
}
