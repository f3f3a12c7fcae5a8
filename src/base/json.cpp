#include "base/json.h"

template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace fa {

Json parse_json(std::string_view text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

Json parse_json_or_throw(std::string_view text) { return Json::parse(text); }

std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace fa
