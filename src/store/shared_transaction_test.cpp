#include "store/shared_transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <thread>
#include <vector>

namespace fa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SharedTransactions : public testing::Test {
 protected:
  SharedTransactions() {
    database_.exec("CREATE TABLE t (x INTEGER PRIMARY KEY)");
    sqlite3_commit_hook(
        database_.getHandle(),
        [](void* test) {
          auto* self = static_cast<SharedTransactions*>(test);
          ++self->commits_;
          return self->refuse_ ? 1 : 0;
        },
        this);
  }

  Result<int> add(int x) {
    return calls_.write([&]() -> Result<int> {
      database_.exec(fmt::format("INSERT INTO t VALUES ({})", x));
      return x;
    });
  }
  /// Adds, and finds then that it must not.
  Result<int> add_and_fail(int x) {
    return calls_.write([&]() -> Result<int> {
      database_.exec(fmt::format("INSERT INTO t VALUES ({})", x));
      return fail(ErrorCode::kLimit, "full");
    });
  }
  Result<std::vector<int>> all() {
    return calls_.read([&]() -> Result<std::vector<int>> {
      std::vector<int> found;
      SQLite::Statement row(database_, "SELECT x FROM t ORDER BY x");
      while (row.executeStep()) found.push_back(row.getColumn(0).getInt());
      return found;
    });
  }
  /// Adds `x`, while `others` wait to join in.
  Result<int> add_while_waiting(int x, const std::vector<std::function<void()>>& others) {
    std::vector<std::thread> threads;
    auto added = calls_.write([&]() -> Result<int> {
      for (const auto& each : others) {
        threads.emplace_back(each);
        while (calls_.waiting() < threads.size()) std::this_thread::yield();
      }
      database_.exec(fmt::format("INSERT INTO t VALUES ({})", x));
      return x;
    });
    for (std::thread& thread : threads) thread.join();
    return added;
  }

  SQLite::Database database_{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  SharedTransaction calls_{database_, "test", kStoreDatabase};
  int commits_ = 0;
  bool refuse_ = false;
};

TEST_F(SharedTransactions, are_one_for_all_that_wait_and_undo_one_call_alone) {
  const auto first = add_while_waiting(
      1, {[&] { EXPECT_TRUE(add(2)); }, [&] { EXPECT_EQ(add_and_fail(3).error().code, ErrorCode::kLimit); },
          [&] { EXPECT_EQ(add(2).error().code, ErrorCode::kInternal) << "what SQLite refuses"; },
          [&] { EXPECT_THAT(*all(), ElementsAre(1, 2)); }, [&] { EXPECT_TRUE(add(4)); }});
  EXPECT_TRUE(first);
  EXPECT_EQ(commits_, 1);
  EXPECT_THAT(*all(), ElementsAre(1, 2, 4));
}

TEST_F(SharedTransactions, end_at_once_where_nobody_waits) {
  EXPECT_TRUE(add(1));
  EXPECT_FALSE(add_and_fail(2));
  EXPECT_TRUE(add(3));
  EXPECT_EQ(commits_, 2);
  EXPECT_EQ(calls_.waiting(), 0U);
  EXPECT_THAT(*all(), ElementsAre(1, 3));
}

TEST_F(SharedTransactions, fail_for_all_that_took_part) {
  refuse_ = true;
  const auto first = add_while_waiting(1, {[&] { EXPECT_FALSE(add(2)); }, [&] { EXPECT_FALSE(all()); }});
  EXPECT_FALSE(first);
  refuse_ = false;
  EXPECT_THAT(*all(), IsEmpty());
  EXPECT_TRUE(add(2)) << "and work again afterwards";
  EXPECT_THAT(*all(), ElementsAre(2));
}

TEST_F(SharedTransactions, fail_for_those_before_one_that_loses_all) {
  // SQLite itself ends the transaction when a disk is full or broken.
  const auto lose = [&] {
    return calls_.write([&]() -> Result<int> {
      database_.exec("ROLLBACK");
      return fail(ErrorCode::kUnreadable, "disk full");
    });
  };
  const auto first = add_while_waiting(
      1, {[&] { EXPECT_EQ(lose().error().message, "disk full"); }, [&] { EXPECT_TRUE(add(3)) << "one of its own"; }});
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(*all(), ElementsAre(3));
}

}  // namespace
}  // namespace fa
