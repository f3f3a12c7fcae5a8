#include "net/body_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace fa {
namespace {

TEST(BodyQueue, says_that_an_empty_body_began_and_ended) {
  BodyQueue queue;
  std::string bytes = "old";
  queue.open();
  auto taken = queue.take(bytes);
  EXPECT_TRUE(taken.opened);
  EXPECT_FALSE(taken.closed);
  EXPECT_EQ(bytes, "");
  queue.close();
  EXPECT_TRUE(queue.take(bytes).closed);
  EXPECT_TRUE(queue.take(bytes).closed) << "and says so again";
}

TEST(BodyQueue, refuses_what_does_not_fit_and_tells_the_consumer_once) {
  BodyQueue queue;
  std::string bytes;
  queue.open();
  const std::string half(BodyQueue::kLimit / 2, 'a');
  EXPECT_TRUE(queue.offer(half));
  EXPECT_TRUE(queue.offer(half));
  EXPECT_FALSE(queue.offer("b"));
  auto taken = queue.take(bytes);
  EXPECT_EQ(bytes.size(), BodyQueue::kLimit);
  EXPECT_TRUE(taken.refused);
  EXPECT_TRUE(queue.offer("b"));
  taken = queue.take(bytes);
  EXPECT_EQ(bytes, "b");
  EXPECT_FALSE(taken.refused);
}

TEST(BodyQueue, takes_a_piece_above_the_limit_when_it_is_empty) {
  BodyQueue queue;
  std::string bytes;
  EXPECT_TRUE(queue.offer(std::string(BodyQueue::kLimit + 1, 'a')));
  EXPECT_FALSE(queue.offer("b"));
  queue.take(bytes);
  EXPECT_EQ(bytes.size(), BodyQueue::kLimit + 1);
}

TEST(BodyQueue, gives_what_is_left_together_with_the_end) {
  BodyQueue queue;
  std::string bytes;
  queue.open();
  EXPECT_TRUE(queue.offer("rest"));
  queue.close();
  const auto taken = queue.take(bytes);
  EXPECT_EQ(bytes, "rest");
  EXPECT_TRUE(taken.closed);
}

TEST(BodyQueue, a_small_piece_reaches_a_waiting_consumer_by_flush) {
  BodyQueue queue;
  std::thread producer([&queue] {
    EXPECT_TRUE(queue.offer("small"));
    queue.flush();
  });
  std::string bytes;
  EXPECT_FALSE(queue.take(bytes).closed);
  EXPECT_EQ(bytes, "small");
  producer.join();
}

TEST(BodyQueue, carries_bytes_between_threads_in_order) {
  BodyQueue queue;
  constexpr int kPieces = 20'000;
  std::thread producer([&queue] {
    queue.open();
    for (int i = 0; i < kPieces; ++i) {
      const std::string piece = std::to_string(i) + ',' + std::string(1000, '.');
      while (!queue.offer(piece)) std::this_thread::yield();
      if (i % 7 == 0) queue.flush();
    }
    queue.close();
  });
  std::string all;
  std::string bytes;
  for (bool closed = false; !closed;) {
    closed = queue.take(bytes).closed;
    EXPECT_LE(bytes.size(), BodyQueue::kLimit);
    all += bytes;
  }
  producer.join();
  std::string expected;
  for (int i = 0; i < kPieces; ++i) expected += std::to_string(i) + ',' + std::string(1000, '.');
  EXPECT_TRUE(all == expected);
}

}  // namespace
}  // namespace fa
