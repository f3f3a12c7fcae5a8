#include "aws/services/json_body.h"

#include "base/json.h"

namespace fa::aws {
namespace {

/// The library's escaping and number forms; JSON of one scalar.
template <class T>
std::string scalar(T value) {
  return json_text(Json(value));
}

}  // namespace

void JsonBody::begin(std::string_view key) {
  if (!fields_.empty()) fields_ += ',';
  fields_ += scalar(key);
  fields_ += ':';
}

JsonBody& JsonBody::text(std::string_view key, std::string_view value) {
  begin(key);
  fields_ += scalar(value);
  return *this;
}

JsonBody& JsonBody::text_if_any(std::string_view key, std::string_view value) {
  return value.empty() ? *this : text(key, value);
}

JsonBody& JsonBody::integer(std::string_view key, std::int64_t value) {
  begin(key);
  fields_ += std::to_string(value);
  return *this;
}

JsonBody& JsonBody::number(std::string_view key, double value) {
  begin(key);
  fields_ += scalar(value);
  return *this;
}

JsonBody& JsonBody::boolean(std::string_view key, bool value) {
  begin(key);
  fields_ += value ? "true" : "false";
  return *this;
}

JsonBody& JsonBody::texts(std::string_view key, const std::vector<std::string>& values) {
  begin(key);
  fields_ += '[';
  for (const std::string& value : values) {
    if (fields_.back() != '[') fields_ += ',';
    fields_ += scalar(std::string_view(value));
  }
  fields_ += ']';
  return *this;
}

JsonBody& JsonBody::object(std::string_view key, const JsonBody& value) {
  begin(key);
  fields_ += value.str();
  return *this;
}

JsonBody& JsonBody::objects(std::string_view key, const std::vector<JsonBody>& values) {
  begin(key);
  fields_ += json_array(values);
  return *this;
}

Operation json_operation(const Service& service, std::string name, std::string about, const JsonBody& body) {
  Operation made;
  made.service = &service;
  made.name = std::move(name);
  made.about = std::move(about);
  made.body = body.str();
  return made;
}

std::string json_array(const std::vector<JsonBody>& values) {
  std::string out = "[";
  for (const JsonBody& value : values) {
    if (out.size() > 1) out += ',';
    out += value.str();
  }
  return out + "]";
}

}  // namespace fa::aws
