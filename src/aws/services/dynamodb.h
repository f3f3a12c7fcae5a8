#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "aws/client.h"

/// Amazon DynamoDB: items of one table whose keys are `pk` and `sk`, both texts. Contract: service model dynamodb
/// 2012-08-10. All reads are strongly consistent. What was refused by a condition or by another transaction at the same
/// time has the reason `TransactionCanceledException`.
namespace fa::aws::dynamodb {

extern const Service kService;

inline constexpr std::size_t kMostItemBytes = std::size_t{400} * 1024;  ///< Names and values together.
inline constexpr std::size_t kMostWritesOfTransaction = 100;
inline constexpr std::size_t kMostKeysOfBatch = 100;

/// Text (S), whole number (N) or a set of different texts (SS, never empty).
using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;
using Item = std::map<std::string, Value>;

struct Key {
  std::string pk;
  std::string sk;
  auto operator<=>(const Key&) const = default;
};

/// One member of a transaction; no two of a transaction may have the same key.
struct Write {
  enum class Kind { kPut, kUpdate, kDelete, kCheck };
  Kind kind = Kind::kPut;
  Key key = {};
  Item attributes = {};        ///< kPut: all but the key.
  std::string update = {};     ///< kUpdate: an UpdateExpression.
  std::string condition = {};  ///< A ConditionExpression; empty: none. kCheck has nothing else.
  Item values = {};            ///< What the expressions call `:name`, by that name.
};

/// All or none. `token` makes repetitions of the call one call (ten minutes long): another one for each call.
Result<void> transact_write(Client& client, const std::string& table, const std::vector<Write>& writes,
                            const std::string& token, const Context& context);

/// Those items of the keys (at most kMostKeysOfBatch, each once) that exist, in any order, and the keys for which there
/// was no room in the answer.
struct Batch {
  std::vector<Item> items;
  std::vector<Key> unprocessed;
};
Result<Batch> batch_get(Client& client, const std::string& table, const std::vector<Key>& keys, const Context& context);

struct Page {
  std::vector<Item> items;
  Item next;  ///< Where the next page begins; empty on the last one.
};
struct Query {
  std::string table = {};
  std::string pk = {};
  std::string sk_prefix = {};  ///< Empty: all.
  bool newest_first = false;   ///< By descending `sk`.
  std::size_t limit = 0;       ///< Items of a page; 0: as many as there is room for.
  Item start = {};
};
Result<Page> query(Client& client, const Query& request, const Context& context);

struct Scan {
  std::string table = {};
  std::string filter = {};      ///< A FilterExpression.
  std::string projection = {};  ///< A ProjectionExpression.
  Item values = {};
  Item start = {};
};
Result<Page> scan(Client& client, const Scan& request, const Context& context);

/// Adds to a number, which is made where it is missing, and gives the sum. A repeated call adds again.
Result<std::int64_t> add(Client& client, const std::string& table, const Key& key, const std::string& attribute,
                         std::int64_t amount, const Context& context);

}  // namespace fa::aws::dynamodb
