/// Amazon DynamoDB (JSON 1.0): tables with the keys `pk` and `sk`, both texts, and real conditions. Shapes: service
/// model dynamodb 2012-08-10; limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "support/aws/dynamodb_expression.h"
#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;
using wire::Refusal;

constexpr std::size_t kMostItemBytes = 400 * 1024;
constexpr std::size_t kMostPageBytes = 1 << 20;

using TableKey = std::pair<std::string, std::string>;
/// Its text is kept, since pages of many items are asked for again and again.
struct StoredItem {
  explicit StoredItem(Json from) : json(std::move(from)), text(dump(json)) {}
  Json json;
  std::string text;
};
using Table = std::map<TableKey, StoredItem>;

Refusal invalid_request(const std::string& why) { return {"ValidationException", why, 400}; }

std::size_t value_bytes(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size();
  std::size_t bytes = 0;
  for (const Json& each : value) bytes += value_bytes(each);
  return bytes;
}

std::size_t item_bytes(const Json& item) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : item.items()) bytes += name.size() + value_bytes(value);
  return bytes;
}

std::optional<TableKey> key_in(const Json& item) {
  const auto text = [&](const char* name) -> std::optional<std::string> {
    const Json* typed = member(item, name);
    return typed == nullptr ? std::nullopt : text_member(*typed, "S");
  };
  const auto pk = text("pk");
  const auto sk = text("sk");
  if (!pk || !sk || pk->empty() || sk->empty() || pk->size() > 2048 || sk->size() > 1024) return std::nullopt;
  return TableKey(*pk, *sk);
}

Json key_json(const TableKey& key) { return Json{{"pk", {{"S", key.first}}}, {"sk", {{"S", key.second}}}}; }

/// What is wrong with an item that shall be stored.
std::optional<Refusal> wrong_item(const Json& item) {
  if (!key_in(item))
    return invalid_request("One or more parameter values were invalid: pk and sk must be texts that are not empty");
  for (const auto& [name, typed] : item.items()) {
    if (!typed.is_object() || typed.size() != 1) return invalid_request("An attribute must have exactly one type");
    if (typed.contains("SS") && typed.at("SS").empty()) return invalid_request("An string set  may not be empty");
  }
  if (item_bytes(item) > kMostItemBytes) return invalid_request("Item size has exceeded the maximum allowed size");
  return std::nullopt;
}

class DynamoDb final : public PlayedService {
 public:
  explicit DynamoDb(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "DynamoDB_20120810");
  }

  Outcome answer(const Call& call) override {
    const std::lock_guard lock(mutex_);
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "");
    Json told;
    std::string page_text;
    std::optional<Refusal> refused;
    if (call.operation == "TransactWriteItems") {
      refused = transact(call, request, told);
    } else if (call.operation == "BatchGetItem") {
      refused = batch_get(call, request, told);
    } else if (call.operation == "Query" || call.operation == "Scan") {
      refused = page(call, request, page_text);
    } else if (call.operation == "UpdateItem") {
      refused = update(call, request, told);
    } else {
      return wire::refuse("UnknownOperationException", "");
    }
    if (refused) return tl::unexpected(std::move(*refused));
    return wire::json_response(call, page_text.empty() ? dump(told) : page_text);
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call&) const override { return std::nullopt; }

 private:
  /// Null where there is none of that name; `refused` says so.
  Table* table_of(const Call& call, const std::string& name, std::optional<Refusal>& refused) {
    if (call.world->dynamo_tables.contains(name)) return &tables_[name];
    refused = Refusal{"ResourceNotFoundException", "Requested resource not found", 400};
    return nullptr;
  }

  static Json present(const Table& table, const TableKey& key) {
    const auto found = table.find(key);
    return found == table.end() ? Json::object() : found->second.json;
  }

  /// The item as a member of a transaction leaves it: null where it is removed, discarded where its condition fails.
  static std::optional<Refusal> after(const Table& table, const std::string& kind, const Json& write, TableKey& key,
                                      Json& left, bool& holds) {
    const auto found = key_in(kind == "Put" ? write.value("Item", Json()) : write.value("Key", Json()));
    if (!found) return invalid_request("The provided key element does not match the schema");
    key = *found;
    const Json before = present(table, key);
    const Json values = write.value("ExpressionAttributeValues", Json::object());
    holds = true;
    if (const auto condition = text_member(write, "ConditionExpression")) {
      const auto met = condition_holds(*condition, before, values);
      if (!met) return invalid_request("Invalid ConditionExpression: " + *condition);
      holds = *met;
    }
    left = before;
    if (kind == "ConditionCheck" && !write.contains("ConditionExpression")) return invalid_request("A check needs a condition");
    if (kind == "Delete") left = Json();
    if (kind == "Put") left = write.at("Item");
    if (kind == "Update") {
      if (left.empty()) left = key_json(key);
      if (!apply_update(text_or_empty(write, "UpdateExpression"), left, values)) {
        return invalid_request("Invalid UpdateExpression: " + text_or_empty(write, "UpdateExpression"));
      }
    }
    const bool stored = kind == "Put" || kind == "Update";
    return stored && holds ? wrong_item(left) : std::nullopt;
  }

  std::optional<Refusal> transact(const Call& call, const Json& request, Json& told) {
    const Json* writes = member(request, "TransactItems");
    if (writes == nullptr || !writes->is_array() || writes->empty() || writes->size() > 100) {
      return invalid_request("Member must have length less than or equal to 100, and greater than or equal to 1");
    }
    const std::string token = text_or_empty(request, "ClientRequestToken");
    if (token.size() > 36) return invalid_request("clientRequestToken must have length less than or equal to 36");
    told = Json::object();
    if (const auto done = done_.find(token); !token.empty() && done != done_.end()) {
      if (done->second == call.request->body) return std::nullopt;
      return Refusal{"IdempotentParameterMismatchException", "", 400};
    }
    std::vector<std::string> reasons;
    std::vector<std::pair<std::pair<std::string, TableKey>, Json>> changes;
    std::set<std::pair<std::string, TableKey>> touched;
    bool all_hold = true;
    for (const Json& each : *writes) {
      const std::string kind = each.begin().key();
      const std::string name = text_or_empty(each.front(), "TableName");
      std::optional<Refusal> refused;
      const Table* table = table_of(call, name, refused);
      if (table == nullptr) return refused;
      TableKey key;
      Json left;
      bool holds = true;
      if (refused = after(*table, kind, each.front(), key, left, holds); refused) return refused;
      if (!touched.insert({name, key}).second) {
        return invalid_request("Transaction request cannot include multiple operations on one item");
      }
      reasons.emplace_back(holds ? "None" : "ConditionalCheckFailed");
      all_hold = all_hold && holds;
      if (kind != "ConditionCheck") changes.push_back({{name, key}, std::move(left)});
    }
    if (settings_.dynamo_conflict_every > 0 && ++transactions_ % settings_.dynamo_conflict_every == 0) {
      reasons.front() = "TransactionConflict";
      all_hold = false;
    }
    if (!all_hold) {
      std::string list;
      for (const std::string& reason : reasons) list += (list.empty() ? "" : ", ") + reason;
      return Refusal{"TransactionCanceledException",
                     "Transaction cancelled, please refer cancellation reasons for specific reasons [" + list + "]",
                     400};
    }
    for (auto& [where, left] : changes) {
      Table& table = tables_[where.first];
      if (left.is_null()) table.erase(where.second);
      if (!left.is_null()) table.insert_or_assign(where.second, StoredItem(std::move(left)));
    }
    if (!token.empty()) done_[token] = call.request->body;
    return std::nullopt;
  }

  std::optional<Refusal> batch_get(const Call& call, const Json& request, Json& told) {
    const Json* tables = member(request, "RequestItems");
    if (tables == nullptr || !tables->is_object()) return invalid_request("RequestItems is required");
    told = Json{{"Responses", Json::object()}, {"UnprocessedKeys", Json::object()}};
    for (const auto& [name, asked] : tables->items()) {
      std::optional<Refusal> refused;
      const Table* table = table_of(call, name, refused);
      if (table == nullptr) return refused;
      const Json keys = asked.value("Keys", Json::array());
      if (keys.empty() || keys.size() > 100) return invalid_request("Too many items requested for the BatchGetItem call");
      std::set<TableKey> once;
      told["Responses"][name] = Json::array();
      Json left = Json::array();
      std::size_t bytes = 0;
      for (const Json& each : keys) {
        const auto key = key_in(each);
        if (!key) return invalid_request("The provided key element does not match the schema");
        if (!once.insert(*key).second) return invalid_request("Provided list of item keys contains duplicates");
        const auto found = table->find(*key);
        if (once.size() > settings_.dynamo_batch_items || bytes > kMostPageBytes * 16) {
          left.push_back(each);
        } else if (found != table->end()) {
          bytes += item_bytes(found->second.json);
          told["Responses"][name].push_back(found->second.json);
        }
      }
      if (!left.empty()) told["UnprocessedKeys"][name] = Json{{"Keys", left}};
    }
    return std::nullopt;
  }

  std::optional<Refusal> page(const Call& call, const Json& request, std::string& told) {
    std::optional<Refusal> refused;
    const Table* table = table_of(call, text_or_empty(request, "TableName"), refused);
    if (table == nullptr) return refused;
    const Json values = request.value("ExpressionAttributeValues", Json::object());
    const bool is_query = call.operation == "Query";
    const auto condition = text_member(request, is_query ? "KeyConditionExpression" : "FilterExpression");
    if (is_query && !condition)
      return invalid_request("Either the KeyConditions or KeyConditionExpression parameter is required");
    const bool forward = flag_member(request, "ScanIndexForward", true);
    const Json* start = member(request, "ExclusiveStartKey");
    const auto after_key = start == nullptr ? std::nullopt : key_in(*start);

    std::vector<const Table::value_type*> entries;
    const std::string partition = is_query ? text_or_empty(values.value(":pk", Json()), "S") : std::string();
    auto at = is_query ? table->lower_bound({partition, ""}) : table->begin();
    if (after_key && forward) at = table->upper_bound(*after_key);
    for (; at != table->end() && (!is_query || at->first.first == partition); ++at) entries.push_back(&*at);
    if (!forward) std::reverse(entries.begin(), entries.end());

    const auto limit = static_cast<std::size_t>(integer_member(request, "Limit").value_or(1 << 20));
    const std::size_t most = std::min(limit, settings_.dynamo_page_items);
    told = "{\"Items\":[";
    std::string next;
    std::size_t count = 0;
    std::vector<const Json*> items;
    for (const Table::value_type* entry : entries) items.push_back(&entry->second.json);
    const auto holds = condition ? condition_holds_for(*condition, items, values)
                                 : std::optional(std::vector<bool>(items.size(), true));
    if (!holds) return invalid_request("Invalid expression: " + *condition);
    const std::string projection = text_or_empty(request, "ProjectionExpression");
    std::size_t looked_at = 0;
    std::size_t bytes = 0;
    const Table::value_type* last = nullptr;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Table::value_type* entry = entries[i];
      if (after_key && !forward && entry->first >= *after_key) continue;
      if (looked_at >= most || bytes > kMostPageBytes) {
        next = ",\"LastEvaluatedKey\":" + dump(key_json(last->first));
        break;
      }
      last = entry;
      // What a query's condition leaves out is not read; what a filter leaves out is.
      const bool wanted = holds->at(i);
      if (is_query && !wanted) continue;
      ++looked_at;
      bytes += entry->second.text.size();
      if (!wanted) continue;
      told += (count++ == 0 ? "" : ",") + projected(entry->second, projection);
    }
    told += "],\"Count\":" + std::to_string(count) + ",\"ScannedCount\":" + std::to_string(looked_at) + next + "}";
    return std::nullopt;
  }

  static std::string projected(const StoredItem& stored, const std::string& names) {
    if (names.empty()) return stored.text;
    const Json& item = stored.json;
    Json out = Json::object();
    for (std::size_t begin = 0; begin < names.size();) {
      std::size_t end = names.find(", ", begin);
      if (end == std::string::npos) end = names.size();
      const std::string name = names.substr(begin, end - begin);
      if (item.contains(name)) out[name] = item.at(name);
      begin = end + 2;
    }
    return dump(out);
  }

  std::optional<Refusal> update(const Call& call, const Json& request, Json& told) {
    std::optional<Refusal> refused;
    Table* table = table_of(call, text_or_empty(request, "TableName"), refused);
    if (table == nullptr) return refused;
    TableKey key;
    Json left;
    bool holds = true;
    if (refused = after(*table, "Update", request, key, left, holds); refused) return refused;
    if (!holds) return Refusal{"ConditionalCheckFailedException", "The conditional request failed", 400};
    const Json before = present(*table, key);
    Json changed = Json::object();
    for (const auto& [name, value] : left.items()) {
      if (!before.contains(name) || before.at(name) != value) changed[name] = value;
    }
    table->insert_or_assign(key, StoredItem(left));
    told = Json::object();
    if (text_or_empty(request, "ReturnValues") == "UPDATED_NEW") told["Attributes"] = changed;
    return std::nullopt;
  }

  const AwsStandIn& settings_;
  std::mutex mutex_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::string> done_;  ///< Transactions by their tokens.
  std::size_t transactions_ = 0;
};

}  // namespace

std::unique_ptr<PlayedService> play_dynamodb(const AwsStandIn& settings) {
  return std::make_unique<DynamoDb>(settings);
}

}  // namespace fa::test
