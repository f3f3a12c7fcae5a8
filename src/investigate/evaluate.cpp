#include "investigate/evaluate.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "base/json.h"
#include "investigate/investigate.h"

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

struct Task {
  EvaluatedCase result;
  std::string type;
  fs::path folder;
};

Result<void> tasks_from_labels(const fs::path& set, const fs::path& labels, std::vector<Task>& tasks) {
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
    Task task;
    task.result.set = set.filename().string();
    task.result.name = text_of(label, "case");
    if (label.contains("subject") && label["subject"].is_string()) task.result.expected = text_of(label, "subject");
    task.result.expected_mechanism = text_of(label, "mechanism");
    if (task.result.expected_mechanism.empty())
      task.result.expected_mechanism = mechanism_of_type(text_of(label, "type"));
    task.type = text_of(label, "type");
    task.folder = set / task.result.name;
    if (fs::is_directory(task.folder)) tasks.push_back(std::move(task));
  }
  return {};
}

Result<void> task_from_truth(const fs::path& folder, const std::string& set, std::vector<Task>& tasks) {
  std::ifstream in(folder / "truth.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const Json truth = parse_json(text);
  if (!truth.is_object()) {
    return fail(ErrorCode::kInvalidInput, (folder / "truth.json").string() + ": expected a JSON object.");
  }
  Task task;
  task.result.set = set;
  task.result.name = folder.filename().string();
  if (truth.contains("subject") && truth["subject"].is_string()) task.result.expected = text_of(truth, "subject");
  task.result.expected_mechanism = text_of(truth, "mechanism");
  task.type = task.result.expected_mechanism;
  task.folder = folder / "incident";
  tasks.push_back(std::move(task));
  return {};
}

Result<void> find_tasks(const fs::path& root, std::vector<Task>& tasks) {
  if (fs::exists(root / "labels.jsonl")) return tasks_from_labels(root, root / "labels.jsonl", tasks);
  if (fs::exists(root / "truth.json") && fs::is_directory(root / "incident")) {
    return task_from_truth(root, root.parent_path().filename().string(), tasks);
  }
  std::error_code ec;
  std::vector<fs::path> below;
  for (const auto& entry : fs::directory_iterator(root, ec)) {
    if (entry.is_directory()) below.push_back(entry.path());
  }
  std::sort(below.begin(), below.end());
  for (const fs::path& folder : below) {
    if (auto ok = find_tasks(folder, tasks); !ok) return ok;
  }
  return {};
}

void judge(EvaluatedCase& c, const Result<Report>& report) {
  if (!report) {
    c.error = report.error().message;
    return;
  }
  const bool incident = report->verdict == Verdict::kIncident && !report->hypotheses.empty();
  if (incident) {
    const Hypothesis& best = report->hypotheses.front();
    c.said = best.subject.service;
    c.said_mechanism = mechanism_name(best.mechanism);
    c.confidence = best.confidence;
    if (!best.supports.empty()) {
      if (const Evidence* e = report->find_evidence(best.supports.front())) c.why = e->claim;
    }
  }
  if (!c.expected) {
    c.rank = incident ? 0 : 1;
    return;
  }
  for (const Hypothesis& h : report->hypotheses) {
    if (h.subject.service == *c.expected) c.rank = h.rank;
  }
}

struct Score {
  int cases = 0;
  int top1 = 0;
  int top3 = 0;
  int top5 = 0;
  int mechanisms = 0;       ///< Cases whose labels name one.
  int mechanism_right = 0;  ///< Of those: service and mechanism right at rank 1.
  int failed = 0;

  void add(const EvaluatedCase& c) {
    ++cases;
    top1 += c.rank == 1 ? 1 : 0;
    top3 += c.rank >= 1 && c.rank <= 3 ? 1 : 0;
    top5 += c.rank >= 1 && c.rank <= 5 ? 1 : 0;
    failed += c.error.empty() ? 0 : 1;
    if (c.expected_mechanism.empty()) return;
    ++mechanisms;
    mechanism_right += c.rank == 1 && c.expected_mechanism == c.said_mechanism ? 1 : 0;
  }
};

std::map<std::string, Score> scores_of(const Evaluation& evaluation) {
  std::map<std::string, Score> scores;
  for (const EvaluatedCase& c : evaluation.cases) scores[c.set].add(c);
  return scores;
}

Result<std::vector<Task>> known_tasks(const fs::path& root, const std::optional<fs::path>& labels) {
  if (!fs::is_directory(root)) return fail(ErrorCode::kNotFound, root.string() + " is not a folder.");
  std::vector<Task> tasks;
  const fs::path clean = fs::weakly_canonical(root);
  if (auto ok = labels ? tasks_from_labels(clean, *labels, tasks) : find_tasks(clean, tasks); !ok) {
    return tl::unexpected(ok.error());
  }
  if (tasks.empty()) {
    return fail(ErrorCode::kNotFound, root.string() +
                                          " holds no incident with a known cause: expected labels.jsonl beside "
                                          "incident folders, or <case>/truth.json beside <case>/incident/.");
  }
  return tasks;
}

}  // namespace

Result<std::vector<IncidentFolder>> incident_folders(const fs::path& root) {
  const auto tasks = known_tasks(root, std::nullopt);
  if (!tasks) return tl::unexpected(tasks.error());
  std::vector<IncidentFolder> folders;
  for (const Task& t : *tasks) {
    folders.push_back({t.folder, t.result.set, t.result.name, t.result.expected.value_or(""), t.type});
  }
  std::stable_sort(folders.begin(), folders.end(), [](const IncidentFolder& a, const IncidentFolder& b) {
    return std::tie(a.set, a.name) < std::tie(b.set, b.name);
  });
  return folders;
}

Result<Evaluation> evaluate(const fs::path& root, const std::optional<fs::path>& labels, const Clock& clock,
                            const Context& context) {
  auto tasks = known_tasks(root, labels);
  if (!tasks) return tl::unexpected(tasks.error());
  Evaluation evaluation;
  for (Task& task : *tasks) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
    InvestigateRequest request;
    request.paths = {task.folder.string()};
    judge(task.result, investigate(request, clock, nullptr, context));
    evaluation.cases.push_back(std::move(task.result));
  }
  std::stable_sort(
      evaluation.cases.begin(), evaluation.cases.end(),
      [](const EvaluatedCase& a, const EvaluatedCase& b) { return std::tie(a.set, a.name) < std::tie(b.set, b.name); });
  return evaluation;
}

std::string render_evaluation_text(const Evaluation& evaluation) {
  std::string out;
  std::string set;
  for (const EvaluatedCase& c : evaluation.cases) {
    if (c.set != set) out += fmt::format("{}{}\n", out.empty() ? "" : "\n", c.set);
    set = c.set;
    const std::string expected = c.expected.value_or("(nothing wrong)");
    const std::string rank = c.rank > 0 ? "#" + std::to_string(c.rank) : "not ranked";
    out += fmt::format("  {} {}: expected {}{} at {}; said {}{} ({:.0f}%)\n", c.rank == 1 ? "ok  " : "miss", c.name,
                       expected, c.expected_mechanism.empty() ? "" : " (" + c.expected_mechanism + ")", rank,
                       c.said.empty() ? "no incident" : c.said,
                       c.said_mechanism.empty() ? "" : " (" + c.said_mechanism + ")", c.confidence * 100);
    if (!c.error.empty()) out += "         no report: " + c.error + "\n";
    if (c.rank != 1 && !c.why.empty()) out += "         because " + c.why + "\n";
  }
  out += fmt::format("\n{:<24}{:>6}{:>8}{:>8}{:>8}{:>22}\n", "set", "cases", "top-1", "top-3", "top-5",
                     "service+mechanism");
  for (const auto& [name, s] : scores_of(evaluation)) {
    out += fmt::format("{:<24}{:>6}{:>8}{:>8}{:>8}{:>22}\n", name, s.cases, s.top1, s.top3, s.top5,
                       s.mechanisms > 0 ? fmt::format("{} of {}", s.mechanism_right, s.mechanisms) : "-");
  }
  return out;
}

std::string render_evaluation_json(const Evaluation& evaluation) {
  Json out;
  out["sets"] = Json::array();
  for (const auto& [name, s] : scores_of(evaluation)) {
    out["sets"].push_back({{"set", name},
                           {"cases", s.cases},
                           {"top1", s.top1},
                           {"top3", s.top3},
                           {"top5", s.top5},
                           {"mechanism_labelled", s.mechanisms},
                           {"mechanism_right", s.mechanism_right},
                           {"without_report", s.failed}});
  }
  out["cases"] = Json::array();
  for (const EvaluatedCase& c : evaluation.cases) {
    Json one{{"set", c.set}, {"case", c.name}, {"rank", c.rank}};
    one["expected"] = c.expected ? Json(*c.expected) : Json(nullptr);
    one["expected_mechanism"] = c.expected_mechanism.empty() ? Json(nullptr) : Json(c.expected_mechanism);
    one["said"] = c.said.empty() ? Json(nullptr) : Json(c.said);
    one["said_mechanism"] = c.said_mechanism.empty() ? Json(nullptr) : Json(c.said_mechanism);
    one["confidence"] = std::stod(fmt::format("{:.4f}", c.confidence));
    one["why"] = c.why;
    if (!c.error.empty()) one["error"] = c.error;
    out["cases"].push_back(std::move(one));
  }
  return json_text(out, 2) + "\n";
}

}  // namespace fa
