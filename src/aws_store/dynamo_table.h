#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "aws/services/dynamodb.h"
#include "base/wait.h"

/// One table and what all that is kept in it has in common. Private to this folder.
namespace fa {

using aws::dynamodb::Item;
using aws::dynamodb::Key;
using aws::dynamodb::Write;

/// Values of an item; empty and 0 where there is none of that type.
[[nodiscard]] std::string text_at(const Item& item, const std::string& name);
[[nodiscard]] std::int64_t number_at(const Item& item, const std::string& name);
[[nodiscard]] TimePoint time_at(const Item& item, const std::string& name);
[[nodiscard]] Key key_of(const Item& item);

/// Thread-safe. Errors are those of JobStore: kUnavailable for what may pass, kUnreadable for what needs somebody.
class DynamoTable {
 public:
  DynamoTable(aws::Client& client, Sleeper& sleeper, Random& random, std::string name, Nanoseconds patience);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Those that exist, by their keys; any number of different keys.
  Result<std::map<Key, Item>> get(const std::vector<Key>& keys) const;
  Result<std::optional<Item>> get(const Key& key) const;
  Result<std::vector<Item>> all(const std::string& pk, const std::string& sk_prefix = {}) const;
  Result<std::vector<Item>> newest(const std::string& pk, const std::string& sk_prefix, std::size_t limit) const;
  Result<aws::dynamodb::Page> scan(aws::dynamodb::Scan request) const;
  Result<std::int64_t> add(const Key& key, const std::string& attribute, std::int64_t amount) const;
  /// All or none. False: a condition did not hold, or somebody else was writing the same; look again.
  Result<bool> write(const std::vector<Write>& writes) const;
  /// For as many as there are, a portion at a time; what is gone already is no error.
  Result<void> remove(const std::vector<Key>& keys) const;

  /// Does `attempt` (a function to Result<std::optional<T>>, nullopt: look again) until it has a value. kUnavailable
  /// where others are always faster.
  template <class Attempt>
  auto until_written(const Attempt& attempt) const -> Result<typename decltype(attempt())::value_type::value_type> {
    for (int tries = 0; tries < kMostTries; ++tries) {
      auto outcome = attempt();
      if (!outcome) return tl::unexpected(outcome.error());
      if (*outcome) return std::move(**outcome);
      pause(tries);
    }
    return too_busy();
  }

 private:
  static constexpr int kMostTries = 16;
  void pause(int tries) const;
  [[nodiscard]] tl::unexpected<Error> too_busy() const;
  [[nodiscard]] Context context() const { return Context{}.within(patience_); }
  [[nodiscard]] std::string token() const;

  aws::Client& client_;
  Sleeper& sleeper_;
  Random& random_;
  std::string name_;
  Nanoseconds patience_;
  std::string token_prefix_;
  mutable std::atomic<std::uint64_t> tokens_{0};
};

}  // namespace fa
