#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "report/render.h"
#include "report/sample_report.h"

namespace fa {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

const Json& schema_json() {
  static const Json kSchema = Json::parse(std::ifstream(FA_PROJECT_DIR "/docs/formats/report.schema.json"));
  return kSchema;
}

/// Violations of the schema, empty when the document keeps to it.
std::string violations(const Json& document) {
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(schema_json()), schema);
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, Adapter(document), &results);
  std::string text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& step : error.context) text += step;
    text += ": " + error.description + "\n";
  }
  return text;
}

Json rendered(const Report& report) { return Json::parse(render_json(report)); }

TEST(ReportSchema, every_rendered_report_keeps_to_it) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    EXPECT_EQ(violations(rendered(sample_report(language))), "");
    EXPECT_EQ(violations(rendered(sample_no_incident(language))), "");
    EXPECT_EQ(violations(rendered(sample_cannot_tell(language))), "");
    EXPECT_EQ(violations(rendered(hostile_report(language))), "");
  }
  EXPECT_EQ(violations(rendered(Report{})), "");
}

TEST(ReportSchema, refuses_what_the_format_does_not_allow) {
  const Json good = rendered(sample_report(Language::kEnglish));
  const auto broken = [&](const char* pointer, const Json& value) {
    Json bad = good;
    bad[Json::json_pointer(pointer)] = value;
    return violations(bad);
  };
  EXPECT_NE(broken("/verdict", "maybe"), "");
  EXPECT_NE(broken("/extra", 1), "");
  EXPECT_NE(broken("/hypotheses/0/rank", 0), "");
  EXPECT_NE(broken("/hypotheses/0/confidence", 1.5), "");
  EXPECT_NE(broken("/hypotheses/0/mechanism", "gremlins"), "");
  EXPECT_NE(broken("/hypotheses/0/location/extra", 1), "");
  EXPECT_NE(broken("/evidence/0/time", "yesterday"), "");
  EXPECT_NE(broken("/evidence/0/locator/position/line", -1), "");
  Json bad = good;
  bad["evidence"][0].erase("claim");
  EXPECT_NE(violations(bad), "");
}

TEST(ReportSchema, knows_exactly_the_mechanisms_of_the_model) {
  std::set<std::string> in_model;
  for (std::size_t i = 0; i < kMechanismCount; ++i) in_model.emplace(mechanism_name(static_cast<Mechanism>(i)));
  const auto in_schema = schema_json()["definitions"]["hypothesis"]["properties"]["mechanism"]["enum"];
  EXPECT_EQ(in_schema.get<std::set<std::string>>(), in_model);
}

}  // namespace
}  // namespace fa
