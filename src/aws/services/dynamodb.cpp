#include "aws/services/dynamodb.h"

#include <charconv>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"

namespace fa::aws::dynamodb {

const Service kService{.name = "dynamodb",
                       .shown_name = "DynamoDB",
                       .settings_id = "dynamodb",
                       .iam_prefix = "dynamodb",
                       .protocol = Protocol::kJson10,
                       .target_prefix = "DynamoDB_20120810",
                       .api_version = "2012-08-10"};

namespace {

struct ValueJson {
  JsonBody& body;
  void operator()(const std::string& text) const { body.text("S", text); }
  void operator()(std::int64_t number) const { body.text("N", std::to_string(number)); }
  void operator()(const std::vector<std::string>& texts) const { body.texts("SS", texts); }
};

JsonBody item_json(const Item& item) {
  JsonBody body;
  for (const auto& [name, value] : item) {
    JsonBody typed;
    std::visit(ValueJson{typed}, value);
    body.object(name, typed);
  }
  return body;
}

JsonBody key_json(const Key& key) { return item_json({{"pk", key.pk}, {"sk", key.sk}}); }

void add_values(JsonBody& body, const Item& values) {
  if (!values.empty()) body.object("ExpressionAttributeValues", item_json(values));
}

JsonBody write_json(const std::string& table, const Write& write) {
  JsonBody body;
  body.text("TableName", table);
  if (write.kind == Write::Kind::kPut) {
    Item whole = write.attributes;
    whole["pk"] = write.key.pk;
    whole["sk"] = write.key.sk;
    body.object("Item", item_json(whole));
  } else {
    body.object("Key", key_json(write.key));
  }
  body.text_if_any("UpdateExpression", write.update).text_if_any("ConditionExpression", write.condition);
  add_values(body, write.values);
  return body;
}

std::string_view member_name(Write::Kind kind) {
  switch (kind) {
    case Write::Kind::kPut:
      return "Put";
    case Write::Kind::kUpdate:
      return "Update";
    case Write::Kind::kDelete:
      return "Delete";
    case Write::Kind::kCheck:
      return "ConditionCheck";
  }
  return "Put";
}

/// An attribute of another type than ours, or a number beyond 64 bits, is left out: nobody here has written it.
Item read_item(JsonValue& value) {
  Item item;
  value.each_field([&](std::string_view name, JsonValue& typed) {
    typed.each_field([&](std::string_view type, JsonValue& v) {
      if (type == "S") {
        std::string text;
        v.read(text);
        item[std::string(name)] = std::move(text);
      } else if (type == "N") {
        std::string text;
        v.read(text);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) item[std::string(name)] = number;
      } else if (type == "SS") {
        std::vector<std::string> texts;
        v.each_item([&](JsonValue& member) { member.read(texts.emplace_back()); });
        item[std::string(name)] = std::move(texts);
      }
    });
  });
  return item;
}

std::string text_in(const Item& item, const std::string& name) {
  const auto found = item.find(name);
  const auto* text = found == item.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? std::string() : *text;
}

Result<Page> read_page(Client& client, const Operation& operation, const Context& context) {
  Page page;
  const auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "Items") value.each_item([&](JsonValue& item) { page.items.push_back(read_item(item)); });
    if (key == "LastEvaluatedKey" && !value.is_null()) page.next = read_item(value);
    return key == "Items" || key == "LastEvaluatedKey" || key == "Count" || key == "ScannedCount";
  });
  if (!raw) return tl::unexpected(raw.error());
  return page;
}

}  // namespace

Result<void> transact_write(Client& client, const std::string& table, const std::vector<Write>& writes,
                            const std::string& token, const Context& context) {
  std::vector<JsonBody> members;
  for (const Write& write : writes) {
    members.emplace_back().object(member_name(write.kind), write_json(table, write));
  }
  JsonBody body;
  body.objects("TransactItems", members).text("ClientRequestToken", token);
  Operation operation = json_operation(kService, "TransactWriteItems", "table " + table, body);
  operation.iam_action = "dynamodb:PutItem";  // Each member needs the action of its own kind.
  const auto response = client.call(operation, context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

Result<Batch> batch_get(Client& client, const std::string& table, const std::vector<Key>& keys,
                        const Context& context) {
  std::vector<JsonBody> all;
  all.reserve(keys.size());
  for (const Key& key : keys) all.push_back(key_json(key));
  JsonBody of_table;
  of_table.objects("Keys", all).boolean("ConsistentRead", true);
  JsonBody tables;
  tables.object(table, of_table);
  JsonBody body;
  body.object("RequestItems", tables);
  const Operation operation = json_operation(kService, "BatchGetItem", "table " + table, body);
  Batch batch;
  const auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "Responses") {
      value.each_field([&](std::string_view, JsonValue& items) {
        items.each_item([&](JsonValue& item) { batch.items.push_back(read_item(item)); });
      });
    }
    if (key == "UnprocessedKeys") {
      value.each_field([&](std::string_view, JsonValue& left) {
        left.each_field([&](std::string_view name, JsonValue& left_keys) {
          if (name != "Keys") return;
          left_keys.each_item([&](JsonValue& item) {
            const Item left_key = read_item(item);
            batch.unprocessed.push_back({text_in(left_key, "pk"), text_in(left_key, "sk")});
          });
        });
      });
    }
    return key == "Responses" || key == "UnprocessedKeys";
  });
  if (!raw) return tl::unexpected(raw.error());
  return batch;
}

Result<Page> query(Client& client, const Query& request, const Context& context) {
  Item values{{":pk", request.pk}};
  std::string condition = "pk = :pk";
  if (!request.sk_prefix.empty()) {
    condition += " AND begins_with(sk, :sk)";
    values[":sk"] = request.sk_prefix;
  }
  JsonBody body;
  body.text("TableName", request.table).text("KeyConditionExpression", condition).boolean("ConsistentRead", true);
  add_values(body, values);
  if (request.newest_first) body.boolean("ScanIndexForward", false);
  if (request.limit > 0) body.integer("Limit", static_cast<std::int64_t>(request.limit));
  if (!request.start.empty()) body.object("ExclusiveStartKey", item_json(request.start));
  return read_page(client, json_operation(kService, "Query", "table " + request.table, body), context);
}

Result<Page> scan(Client& client, const Scan& request, const Context& context) {
  JsonBody body;
  body.text("TableName", request.table).boolean("ConsistentRead", true);
  body.text_if_any("FilterExpression", request.filter).text_if_any("ProjectionExpression", request.projection);
  add_values(body, request.values);
  if (!request.start.empty()) body.object("ExclusiveStartKey", item_json(request.start));
  return read_page(client, json_operation(kService, "Scan", "table " + request.table, body), context);
}

Result<std::int64_t> add(Client& client, const std::string& table, const Key& key, const std::string& attribute,
                         std::int64_t amount, const Context& context) {
  JsonBody body;
  body.text("TableName", table).object("Key", key_json(key));
  body.text("UpdateExpression", "ADD " + attribute + " :amount").text("ReturnValues", "UPDATED_NEW");
  add_values(body, {{":amount", amount}});
  const Operation operation = json_operation(kService, "UpdateItem", "table " + table, body);
  Item sum;
  const auto raw = call_json(client, operation, context, [&](std::string_view name, JsonValue& value) {
    if (name == "Attributes") sum = read_item(value);
    return name == "Attributes";
  });
  if (!raw) return tl::unexpected(raw.error());
  const auto found = sum.find(attribute);
  const auto* number = found == sum.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  if (number == nullptr) return tl::unexpected(not_understood(client, operation, "it does not tell the sum"));
  return *number;
}

}  // namespace fa::aws::dynamodb
