#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "base/json.h"
#include "investigate/evaluate.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

/// Names that data sets give to injected faults, in our vocabulary.
std::string mechanism_of_type(const std::string& type) {
  static const std::map<std::string, std::string> kTypes{{"return", "wrong_result"},
                                                         {"exception", "code_exception"},
                                                         {"cpu_contention", "cpu_saturation"},
                                                         {"cpu_consumed", "cpu_saturation"},
                                                         {"network_delay", "network_delay"}};
  const auto it = kTypes.find(type);
  return it == kTypes.end() ? std::string() : it->second;
}

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

KnownPlace place_of(const Json& label) {
  const auto scored = label.find("inner_scored");
  if (scored != label.end() && scored->is_boolean() && !scored->get<bool>()) return {};
  return {{text_of(label, "inner_from"), text_of(label, "inner_to")}, text_of(label, "inner_metric")};
}

IncidentFolder folder_of(const Json& label) {
  IncidentFolder folder;
  folder.subject = text_of(label, "subject");
  folder.type = text_of(label, "type");
  folder.mechanism = text_of(label, "mechanism");
  if (folder.type.empty()) folder.type = folder.mechanism;
  if (folder.mechanism.empty()) folder.mechanism = mechanism_of_type(folder.type);
  folder.place = place_of(label);
  return folder;
}

Result<void> read_labels(const fs::path& set, const fs::path& labels, std::vector<IncidentFolder>& out) {
  std::ifstream in(labels);
  if (!in) return fail(ErrorCode::kUnreadable, "Cannot read the labels " + labels.string() + ".");
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Json label = parse_json(line);
    if (!label.is_object() || text_of(label, "case").empty()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}:{}: expected an object with \"case\" and \"subject\".", labels.string(), number));
    }
    IncidentFolder folder = folder_of(label);
    folder.set = set.filename().string();
    folder.name = text_of(label, "case");
    folder.path = set / folder.name;
    if (fs::is_directory(folder.path)) out.push_back(std::move(folder));
  }
  return {};
}

Result<void> read_truth(const fs::path& at, std::vector<IncidentFolder>& out) {
  std::ifstream in(at / "truth.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const Json truth = parse_json(text);
  if (!truth.is_object()) {
    return fail(ErrorCode::kInvalidInput, (at / "truth.json").string() + ": expected a JSON object.");
  }
  IncidentFolder folder = folder_of(truth);
  folder.set = at.parent_path().filename().string();
  folder.name = at.filename().string();
  folder.path = at / "incident";
  out.push_back(std::move(folder));
  return {};
}

Result<void> find_folders(const fs::path& root, std::vector<IncidentFolder>& out) {
  if (fs::exists(root / "labels.jsonl")) return read_labels(root, root / "labels.jsonl", out);
  if (fs::exists(root / "truth.json") && fs::is_directory(root / "incident")) return read_truth(root, out);
  std::error_code ec;
  std::vector<fs::path> below;
  for (const auto& entry : fs::directory_iterator(root, ec)) {
    if (entry.is_directory()) below.push_back(entry.path());
  }
  std::sort(below.begin(), below.end());
  for (const fs::path& folder : below) {
    if (auto ok = find_folders(folder, out); !ok) return ok;
  }
  return {};
}

}  // namespace

Result<std::vector<IncidentFolder>> incident_folders(const fs::path& root, const std::optional<fs::path>& labels) {
  if (!fs::is_directory(root)) return fail(ErrorCode::kNotFound, root.string() + " is not a folder.");
  std::vector<IncidentFolder> folders;
  const fs::path clean = fs::weakly_canonical(root);
  if (auto ok = labels ? read_labels(clean, *labels, folders) : find_folders(clean, folders); !ok) {
    return tl::unexpected(ok.error());
  }
  if (folders.empty()) {
    return fail(ErrorCode::kNotFound, root.string() +
                                          " holds no incident with a known cause: expected labels.jsonl beside "
                                          "incident folders, or <case>/truth.json beside <case>/incident/.");
  }
  std::stable_sort(folders.begin(), folders.end(), [](const IncidentFolder& a, const IncidentFolder& b) {
    return std::tie(a.set, a.name) < std::tie(b.set, b.name);
  });
  return folders;
}

}  // namespace fa
