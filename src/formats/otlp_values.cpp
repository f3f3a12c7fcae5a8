#include "formats/otlp_values.h"

#include <optional>

#include "base/text.h"

namespace fa::otlp {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

constexpr int kMaxDepth = 32;  ///< Of structured values; what lies deeper is written as null.

error_code read_scalar(value v, Attribute& out) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type == json_type::string) {
    out.text = json_string(v).value_or(std::string_view{});
  } else if (type == json_type::number || type == json_type::boolean) {
    out.text = trim(v.raw_json_token());
  }
  return SUCCESS;
}

/// AnyValue: {"stringValue": ...} and its siblings; a bare scalar is taken as well.
error_code read_any(value v, Attribute& out) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object) return read_scalar(v, out);
  object any;
  if (const auto error = v.get_object().get(any)) return error;
  FieldName name;
  for (auto item : any) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view key = name.of(field);
    if (key == "kvlistValue" || key == "arrayValue") {
      if (const auto raw = json_raw(field.value())) out.raw = *raw;
    } else if (key.ends_with("Value")) {
      if (const auto error = read_scalar(field.value(), out)) return error;
    }
  }
  return SUCCESS;
}

void append_json_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

error_code append_any(value v, std::string& json, int depth);

/// {"values":[...]} of a list, or the array itself.
template <class Element>
error_code for_each_value(value v, const Element& element) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type == json_type::array) {
    array values;
    if (const auto error = v.get_array().get(values)) return error;
    for (auto item : values) {
      value one;
      if (const auto error = item.get(one)) return error;
      if (const auto error = element(one)) return error;
    }
    return SUCCESS;
  }
  if (type != json_type::object) return SUCCESS;
  object holder;
  if (const auto error = v.get_object().get(holder)) return error;
  for (auto item : holder) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    value inner = field.value();
    json_type inner_type{};
    if (const auto error = inner.type().get(inner_type)) return error;
    if (inner_type != json_type::array) continue;
    if (const auto error = for_each_value(inner, element)) return error;
  }
  return SUCCESS;
}

/// One {key, value} of a kvlist.
error_code append_member(value v, std::string& json, int depth) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object) {
    json += "\"\":null";
    return SUCCESS;
  }
  object pair;
  if (const auto error = v.get_object().get(pair)) return error;
  std::string_view key;
  std::string inner = "null";
  for (auto item : pair) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = json_key(field);
    if (name == "key") {
      key = json_string(field.value()).value_or(std::string_view{});
    } else if (name == "value") {
      inner.clear();
      if (const auto error = append_any(field.value(), inner, depth)) return error;
    }
  }
  append_json_string(key, json);
  json.push_back(':');
  json += inner;
  return SUCCESS;
}

error_code append_elements(value v, bool is_map, std::string& json, int depth) {
  const char open = is_map ? '{' : '[';
  json.push_back(open);
  const auto error = for_each_value(v, [&](value element) {
    if (json.back() != open) json.push_back(',');
    return is_map ? append_member(element, json, depth) : append_any(element, json, depth);
  });
  if (error) return error;
  json.push_back(is_map ? '}' : ']');
  return SUCCESS;
}

error_code append_any(value v, std::string& json, int depth) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type == json_type::string) {
    append_json_string(json_string(v).value_or(std::string_view{}), json);
    return SUCCESS;
  }
  if (type == json_type::number || type == json_type::boolean) {
    json += trim(v.raw_json_token());
    return SUCCESS;
  }
  if (type != json_type::object || depth >= kMaxDepth) {
    json += "null";
    return SUCCESS;
  }
  object any;
  if (const auto error = v.get_object().get(any)) return error;
  FieldName names;
  bool written = false;
  for (auto item : any) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (written) continue;  // An AnyValue holds one value.
    const std::string_view name = names.of(field);
    if (name == "kvlistValue" || name == "arrayValue") {
      if (const auto error = append_elements(field.value(), name == "kvlistValue", json, depth + 1)) return error;
      written = true;
    } else if (name == "intValue") {
      json += json_scalar_text(field.value());  // 64-bit integers stand in quotes in OTLP, not in plain JSON.
      written = true;
    } else if (name.ends_with("Value")) {
      if (const auto error = append_any(field.value(), json, depth + 1)) return error;
      written = true;
    }
  }
  if (!written) json += "null";
  return SUCCESS;
}

std::optional<std::string> base64_to_hex(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t six = 0;
    if (c >= 'A' && c <= 'Z') {
      six = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      six = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      six = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '+' || c == '-') {
      six = 62;
    } else if (c == '/' || c == '_') {
      six = 63;
    } else if (c == '=') {
      break;
    } else {
      return std::nullopt;
    }
    bits = (bits << 6 | six) & 0xFFFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      const std::uint32_t byte = bits >> count & 0xFF;
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace

std::string_view FieldName::of(simdjson::ondemand::field& field) {
  const std::string_view key = json_key(field);
  if (key.find('_') == std::string_view::npos) return key;
  camel_.clear();
  bool upper = false;
  for (const char c : key) {
    if (c == '_') {
      upper = !camel_.empty();
      continue;
    }
    camel_.push_back(upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    upper = false;
  }
  return camel_;
}

error_code read_attributes(value attributes, std::vector<Attribute>& out) {
  json_type type{};
  if (const auto error = attributes.type().get(type)) return error;
  if (type == json_type::object) {
    object plain;
    if (const auto error = attributes.get_object().get(plain)) return error;
    for (auto item : plain) {
      simdjson::ondemand::field field;
      if (const auto error = std::move(item).get(field)) return error;
      Attribute attribute;
      attribute.key = json_key(field);
      if (const auto error = read_any(field.value(), attribute)) return error;
      out.push_back(attribute);
    }
    return SUCCESS;
  }
  if (type != json_type::array) return SUCCESS;
  array items;
  if (const auto error = attributes.get_array().get(items)) return error;
  return read_attribute_array(items, out);
}

error_code read_attribute_array(array attributes, std::vector<Attribute>& out) {
  for (auto item : attributes) {
    value one;
    if (const auto error = item.get(one)) return error;
    json_type type{};
    if (const auto error = one.type().get(type)) return error;
    if (type != json_type::object) continue;
    object pair;
    if (const auto error = one.get_object().get(pair)) return error;
    Attribute attribute;
    for (auto member : pair) {
      simdjson::ondemand::field field;
      if (const auto error = std::move(member).get(field)) return error;
      const std::string_view name = json_key(field);
      if (name == "key") {
        attribute.key = json_string(field.value()).value_or(std::string_view{});
      } else if (name == "value") {
        if (const auto error = read_any(field.value(), attribute)) return error;
      }
    }
    out.push_back(attribute);
  }
  return SUCCESS;
}

std::string_view first_of(const std::vector<Attribute>& attributes, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    for (const Attribute& attribute : attributes) {
      if (attribute.key == key && !attribute.text.empty()) return attribute.text;
    }
  }
  return {};
}

error_code read_resource(value resource, Resource& out, std::vector<Attribute>& scratch) {
  json_type type{};
  if (const auto error = resource.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  object fields;
  if (const auto error = resource.get_object().get(fields)) return error;
  scratch.clear();
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    if (json_key(field) != "attributes") continue;
    if (const auto error = read_attributes(field.value(), scratch)) return error;
  }
  const std::string_view named = first_of(scratch, {"service.name"});
  out.service = named.starts_with("unknown_service") ? std::string_view{} : named;
  if (out.service.empty()) {
    out.service = first_of(scratch, {"k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name",
                                     "k8s.job.name", "k8s.container.name", "container.name", "faas.name",
                                     "aws.ecs.task.family", "process.executable.name"});
  }
  if (out.service.empty()) out.service = named;
  out.instance = first_of(
      scratch, {"k8s.pod.name", "service.instance.id", "container.id", "container.name", "host.name", "host.id"});
  return SUCCESS;
}

TimePoint read_time(value nanos) {
  const auto number = json_int(nanos);
  if (!number || *number <= 0) return kNoTime;
  return from_unix_nanos(*number);
}

std::string_view read_id(value id, std::deque<std::string>& owned) {
  const auto text = json_string(id);
  if (!text) return {};
  std::string_view hex = *text;
  if (hex.ends_with('=') && (hex.size() == 24 || hex.size() == 12)) {
    auto decoded = base64_to_hex(hex);
    if (!decoded) return {};
    hex = owned.emplace_back(std::move(*decoded));
  }
  return hex.find_first_not_of('0') == std::string_view::npos ? std::string_view{} : hex;
}

error_code append_structured(value v, bool is_map, std::string& json) { return append_elements(v, is_map, json, 0); }

}  // namespace fa::otlp
