#include "support/report_schema.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace fa::test {

std::string schema_violations(std::string_view report_json) {
  using Json = nlohmann::json;
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  static const Json kSchema = Json::parse(std::ifstream(FA_PROJECT_DIR "/docs/formats/report.schema.json"));
  const Json document = Json::parse(report_json, nullptr, false);
  if (document.is_discarded()) return "not JSON: " + std::string(report_json.substr(0, 200));
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(kSchema), schema);
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

}  // namespace fa::test
