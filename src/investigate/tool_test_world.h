#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/time.h"
#include "investigate/investigate.h"
#include "investigate/model_tools.h"
#include "sources/file/test_support.h"

/// A study for the tests of a model's tools: an incident folder, its report's evidence, and tools on both.
namespace fa::test {

inline constexpr const char* kToolIncident =
    R"({"window": {"from": "2026-03-14T08:30:00Z", "to": "2026-03-14T08:50:00Z"},
        "baseline": {"from": "2026-03-14T07:30:00Z", "to": "2026-03-14T08:30:00Z"}})";

inline TimePoint at(const std::string& time_of_day) { return *parse_rfc3339("2026-03-14T" + time_of_day + "Z"); }
inline std::string stamp(TimePoint t) { return format_rfc3339(t); }

/// A study and its report; tests that only read the same folder share one.
struct StudyAndReport {
  explicit StudyAndReport(const std::filesystem::path& folder)
      : study(read(folder)), report(report_of(study, Language::kEnglish)) {}
  Study study;
  Report report;

 private:
  static Study read(const std::filesystem::path& folder) {
    InvestigateRequest request;
    request.paths = {folder.string()};
    auto made = study_incident(request, SystemClock(), nullptr, {});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(*made);
  }
};

inline std::shared_ptr<const StudyAndReport> storefront() {
  static const auto shared =
      std::make_shared<const StudyAndReport>(std::string(FA_PROJECT_DIR) + "/examples/storefront/incident");
  return shared;
}

class ToolWorld {
 public:
  explicit ToolWorld(std::shared_ptr<const StudyAndReport> shared, KnowledgeSearch knowledge = {},
                     const std::map<std::string, std::string>& descriptions = {})
      : shared_(std::move(shared)),
        book_(shared_->report.evidence),
        tools_(shared_->study, book_, descriptions, std::move(knowledge)) {}
  explicit ToolWorld(const std::filesystem::path& folder, KnowledgeSearch knowledge = {},
                     const std::map<std::string, std::string>& descriptions = {})
      : ToolWorld(std::make_shared<const StudyAndReport>(folder), std::move(knowledge), descriptions) {}

  llm::ToolOutcome run(const std::string& tool, const std::string& input, const Context& context = {}) {
    return tools_.run(tool, input, context);
  }
  /// The answer as JSON; every answer must be one object on one line.
  Json ask(const std::string& tool, const std::string& input, const Context& context = {}) {
    last = run(tool, input, context);
    const Json json = parse_json(last.text);
    EXPECT_TRUE(json.is_object()) << last.text;
    EXPECT_EQ(last.text.find('\n'), std::string::npos);
    EXPECT_LE(last.text.size(), 12'000U);
    const char* const names[] = {"ok", "no_data", "error"};
    EXPECT_EQ(json.value("status", ""), names[static_cast<std::size_t>(last.status)]);
    return json;
  }
  [[nodiscard]] const Evidence& item(const Json& row) const {
    const Evidence* e = book_.find(row.at("id").get<std::string>());
    if (e == nullptr) throw std::runtime_error("no such item");
    return *e;
  }
  static double fact(const Evidence& e, std::string_view name) {
    for (const Fact& f : e.facts) {
      if (f.name == name) return f.value;
    }
    ADD_FAILURE() << "no fact " << name << " of " << e.id;
    return -1;
  }

  [[nodiscard]] const Study& study() const { return shared_->study; }
  [[nodiscard]] const Report& report() const { return shared_->report; }
  EvidenceBook& book() { return book_; }
  InvestigationTools& tools() { return tools_; }
  llm::ToolOutcome last;

 private:
  std::shared_ptr<const StudyAndReport> shared_;
  EvidenceBook book_;
  InvestigationTools tools_;
};

/// Orders and a database: a line each 10 s over baseline and window; in the window connections time out.
inline std::string order_lines() {
  std::string out;
  for (int i = 0; i < 480; ++i) {
    const TimePoint t = at("07:30:00") + std::chrono::seconds(10 * i);
    out += stamp(t) + " INFO order " + std::to_string(i) + " accepted\n";
    if (i >= 360) out += stamp(t) + " ERROR connect to db-1:5432 timed out after " + std::to_string(i) + " ms\n";
  }
  return out;
}

inline void write_orders(const TempFolder& folder) {
  folder.write("incident.json", kToolIncident);
  folder.write("orders.log", order_lines());
}

}  // namespace fa::test
