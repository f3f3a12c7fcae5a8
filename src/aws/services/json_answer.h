#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aws/client.h"

/// Reading the JSON answers of services front to back, without building a tree of them: pages of a megabyte with ten
/// thousand events are common, and all that is wanted of them is a few fields; the rest is passed over.
namespace fa::aws {

/// One value of an answer, while it is being read: valid during the callback that gets it, to be read once. A value of
/// another kind than asked for, or broken JSON met on the way, spoils the whole answer (the first cause counts, and
/// nothing is read any more); null counts as a field that is not there.
class JsonValue {
 public:
  /// Calls f(std::string_view key, JsonValue& value) for every field. Keys are as written, which is without escapes.
  template <class F>
  void each_field(const F& f) {
    fields(&f, [](const void* self, std::string_view key, JsonValue& value) {
      (*static_cast<const F*>(self))(key, value);
    });
  }
  /// Calls f(JsonValue& item) for every item of an array.
  template <class F>
  void each_item(const F& f) {
    items(&f, [](const void* self, JsonValue& value) { (*static_cast<const F*>(self))(value); });
  }
  /// The number of items of an array; what the items are does not matter.
  [[nodiscard]] std::uint64_t count_items();

  /// Text; escapes that are no character (half a surrogate pair) become U+FFFD.
  void read(std::string& out);
  void read(bool& out);
  void read(double& out);
  void read(std::uint64_t& out);
  void read(int& out);
  template <class T>
  void read(std::optional<T>& out) {
    if (is_null()) return;
    T value{};
    read(value);
    out = std::move(value);
  }
  /// An object whose values are texts.
  void read(std::map<std::string, std::string>& out);
  /// Milliseconds since 1970, as CloudWatch Logs writes times.
  void read_milliseconds(std::optional<TimePoint>& out);
  /// Seconds since 1970 with a fraction, as the other services write them; also RFC 3339 text.
  void read_seconds(std::optional<TimePoint>& out);
  [[nodiscard]] bool is_null();

 private:
  friend class JsonAnswer;
  struct State;
  using FieldVisitor = void (*)(const void* self, std::string_view key, JsonValue& value);
  using ItemVisitor = void (*)(const void* self, JsonValue& value);

  JsonValue(State& state, void* value) : state_(state), value_(value) {}
  void fields(const void* self, FieldVisitor visit);
  void items(const void* self, ItemVisitor visit);

  State& state_;
  void* value_;
};

/// A whole answer.
class JsonAnswer {
 public:
  /// Calls f(key, value) -> bool for every field of the object that `body` is; true: a field that belongs there.
  /// Only room for padding is added to `body`. Errors say what is wrong (kUnavailable): no JSON object, broken, a value
  /// of the wrong kind, or fields but none that belongs there (somebody else answered).
  template <class F>
  static Result<void> read(std::string& body, const F& f) {
    return read_fields(body, &f, [](const void* self, std::string_view key, JsonValue& value) {
      return (*static_cast<const F*>(self))(key, value);
    });
  }

 private:
  using Visitor = bool (*)(const void* self, std::string_view key, JsonValue& value);
  static Result<void> read_fields(std::string& body, const void* self, Visitor visit);
};

/// The error of an answer of status 2xx that is not what the operation answers with.
Error not_understood(const Client& client, const Operation& operation, std::string_view why);

/// Calls the operation and reads its answer by f (see JsonAnswer::read). The answer's bytes, as received.
template <class F>
Result<std::string> call_json(Client& client, const Operation& operation, const Context& context, const F& f) {
  auto response = client.call(operation, context);
  if (!response) return tl::unexpected(response.error());
  std::string body = std::move(response->body);
  if (const auto ok = JsonAnswer::read(body, f); !ok) {
    return tl::unexpected(not_understood(client, operation, ok.error().message));
  }
  return body;
}

}  // namespace fa::aws
