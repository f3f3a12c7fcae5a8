#include "base/wait.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

TEST(SystemSleeper, a_short_wait_comes_to_its_end) {
  SystemSleeper sleeper;
  EXPECT_TRUE(sleeper.sleep(nanoseconds(1), {}));
  EXPECT_TRUE(sleeper.sleep(nanoseconds(0), {}));
  EXPECT_TRUE(sleeper.sleep(nanoseconds(-1), {}));
}

TEST(SystemSleeper, a_wait_that_would_end_behind_the_deadline_is_not_begun) {
  SystemSleeper sleeper;
  Context context;
  context.deadline = steady_clock::now() + hours(1);
  EXPECT_FALSE(sleeper.sleep(hours(2), context));
  EXPECT_FALSE(sleeper.sleep(nanoseconds::max(), context));
  EXPECT_TRUE(sleeper.sleep(nanoseconds(1), context));
  context.deadline = steady_clock::now() - hours(1);
  EXPECT_FALSE(sleeper.sleep(nanoseconds(0), context));
}

TEST(SystemSleeper, a_stop_request_before_or_amid_the_wait_ends_it) {
  // Each wait is for ever: without the stop request this test would not end.
  SystemSleeper sleeper;
  std::stop_source before;
  before.request_stop();
  EXPECT_FALSE(sleeper.sleep(nanoseconds::max(), Context{before.get_token(), {}}));
  std::stop_source amid;
  std::thread stopper([&amid] { amid.request_stop(); });
  EXPECT_FALSE(sleeper.sleep(nanoseconds::max(), Context{amid.get_token(), {}}));
  stopper.join();
}

TEST(SystemRandom, gives_numbers_from_zero_to_below_one_that_differ) {
  SystemRandom random;
  std::set<double> seen;
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform();
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
    seen.insert(value);
  }
  EXPECT_GT(seen.size(), 990U);
}

}  // namespace
}  // namespace fa
