#include "aws_store/dynamo_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>

namespace fa {
namespace {

constexpr std::string_view kCancelled = "TransactionCanceledException";

/// Whether asking again at once helps: others were writing, or this call is still being done.
bool lost_to_others(const Error& error) {
  return error.reason == kCancelled || error.reason == "TransactionConflictException" ||
         error.reason == "TransactionInProgressException";
}

/// As JobStore words them. A deadline of ours is no lost claim, and a table that is missing no missing job.
tl::unexpected<Error> store_error(Error error) {
  const bool passes = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCancelled ||
                      error.code == ErrorCode::kLimit || lost_to_others(error);
  error.code = passes ? ErrorCode::kUnavailable : ErrorCode::kUnreadable;
  return tl::unexpected(std::move(error));
}

template <class T>
Result<T> of_store(Result<T> result) {
  if (result) return result;
  return store_error(std::move(result.error()));
}

/// Different for each process: what begins a token must never come again within ten minutes.
std::string random_prefix() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

}  // namespace

std::string text_at(const Item& item, const std::string& name) {
  const auto found = item.find(name);
  const auto* text = found == item.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_at(const Item& item, const std::string& name) {
  const auto found = item.find(name);
  const auto* number = found == item.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  return number == nullptr ? 0 : *number;
}

TimePoint time_at(const Item& item, const std::string& name) { return from_unix_nanos(number_at(item, name)); }

Key key_of(const Item& item) { return {text_at(item, "pk"), text_at(item, "sk")}; }

DynamoTable::DynamoTable(aws::Client& client, Sleeper& sleeper, Random& random, std::string name, Nanoseconds patience)
    : client_(client),
      sleeper_(sleeper),
      random_(random),
      name_(std::move(name)),
      patience_(patience),
      token_prefix_(random_prefix()) {}

std::string DynamoTable::token() const { return fmt::format("{}-{}", token_prefix_, ++tokens_); }

void DynamoTable::pause(int tries) const {
  const Nanoseconds longest = std::chrono::milliseconds(10) * (std::int64_t{1} << std::min(tries, 5));
  sleeper_.sleep(std::chrono::duration_cast<Nanoseconds>(longest * random_.uniform()), context());
}

tl::unexpected<Error> DynamoTable::too_busy() const {
  return fail(
      ErrorCode::kUnavailable,
      fmt::format("others write to the same items of table {} all the time: {} attempts failed; try again later", name_,
                  kMostTries));
}

Result<std::map<Key, Item>> DynamoTable::get(const std::vector<Key>& keys) const {
  std::map<Key, Item> found;
  std::vector<Key> left = keys;
  std::sort(left.begin(), left.end());
  left.erase(std::unique(left.begin(), left.end()), left.end());
  for (int tries = 0; !left.empty() && tries < kMostTries;) {
    const std::size_t count = std::min(left.size(), aws::dynamodb::kMostKeysOfBatch);
    const std::vector<Key> asked(left.end() - static_cast<std::ptrdiff_t>(count), left.end());
    left.resize(left.size() - count);
    auto batch = aws::dynamodb::batch_get(client_, name_, asked, context());
    if (!batch) return store_error(std::move(batch.error()));
    for (Item& item : batch->items) found[key_of(item)] = std::move(item);
    left.insert(left.end(), batch->unprocessed.begin(), batch->unprocessed.end());
    // Items that have no room together are given in turn; without any of them the table is throttled.
    if (batch->unprocessed.size() == count) pause(tries++);
  }
  if (!left.empty()) return too_busy();
  return found;
}

Result<std::optional<Item>> DynamoTable::get(const Key& key) const {
  auto found = get(std::vector<Key>{key});
  if (!found) return tl::unexpected(found.error());
  if (found->empty()) return std::nullopt;
  return std::move(found->begin()->second);
}

Result<std::vector<Item>> DynamoTable::all(const std::string& pk, const std::string& sk_prefix) const {
  std::vector<Item> items;
  aws::dynamodb::Query request{name_, pk, sk_prefix};
  do {
    auto page = aws::dynamodb::query(client_, request, context());
    if (!page) return store_error(std::move(page.error()));
    std::move(page->items.begin(), page->items.end(), std::back_inserter(items));
    request.start = std::move(page->next);
  } while (!request.start.empty());
  return items;
}

Result<std::vector<Item>> DynamoTable::newest(const std::string& pk, const std::string& sk_prefix,
                                              std::size_t limit) const {
  std::vector<Item> items;
  aws::dynamodb::Query request{name_, pk, sk_prefix, true};
  while (items.size() < limit) {
    request.limit = std::min<std::size_t>(limit - items.size(), 1000);
    auto page = aws::dynamodb::query(client_, request, context());
    if (!page) return store_error(std::move(page.error()));
    std::move(page->items.begin(), page->items.end(), std::back_inserter(items));
    request.start = std::move(page->next);
    if (request.start.empty()) break;
  }
  return items;
}

Result<aws::dynamodb::Page> DynamoTable::scan(aws::dynamodb::Scan request) const {
  request.table = name_;
  return of_store(aws::dynamodb::scan(client_, request, context()));
}

Result<std::int64_t> DynamoTable::add(const Key& key, const std::string& attribute, std::int64_t amount) const {
  return until_written([&]() -> Result<std::optional<std::int64_t>> {
    const auto sum = aws::dynamodb::add(client_, name_, key, attribute, amount, context());
    if (sum) return *sum;
    if (lost_to_others(sum.error())) return std::nullopt;
    return store_error(sum.error());
  });
}

Result<bool> DynamoTable::write(const std::vector<Write>& writes) const {
  if (writes.empty()) return true;
  auto written = aws::dynamodb::transact_write(client_, name_, writes, token(), context());
  if (written) return true;
  if (lost_to_others(written.error())) return false;
  return store_error(std::move(written.error()));
}

Result<void> DynamoTable::remove(const std::vector<Key>& keys) const {
  for (std::size_t begin = 0; begin < keys.size(); begin += aws::dynamodb::kMostWritesOfTransaction) {
    std::vector<Write> writes;
    for (std::size_t i = begin; i < std::min(keys.size(), begin + aws::dynamodb::kMostWritesOfTransaction); ++i) {
      writes.push_back({.kind = Write::Kind::kDelete, .key = keys[i]});
    }
    const auto removed = until_written([&]() -> Result<std::optional<bool>> {
      const auto written = write(writes);
      if (!written) return tl::unexpected(written.error());
      return *written ? std::optional(true) : std::nullopt;
    });
    if (!removed) return tl::unexpected(removed.error());
  }
  return {};
}

}  // namespace fa
