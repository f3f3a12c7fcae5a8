#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace fa {

/// Carries a body from the thread that receives it to the one that consumes it, a bounded number of bytes at a time,
/// and says when it begins and ends. One producer, one consumer.
class BodyQueue {
 public:
  static constexpr std::size_t kLimit = std::size_t{1} << 20;

  /// Producer: the body begins (it may turn out to be empty).
  void open();
  /// Producer: false when the bytes do not fit now; none was taken then, and the consumer's next take() says so. A
  /// consumer that waits may learn of small pieces only by flush(), so that it is not woken for each.
  [[nodiscard]] bool offer(std::string_view bytes);
  /// Producer: nothing more comes for the moment.
  void flush();
  /// Producer: nothing more comes. What the producer wrote before is visible to the consumer that learns of it.
  void close();

  struct Taken {
    bool opened = false;
    bool refused = false;  ///< The producer was turned away since the last call and waits to be told to go on.
    bool closed = false;
  };
  /// Consumer: waits for bytes, for the first open() or for close(); replaces `bytes` by all that is there.
  Taken take(std::string& bytes);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_;
  bool unannounced_ = false;  // bytes came that a waiting consumer was not woken for
  bool opened_ = false;
  bool told_opened_ = false;
  bool refused_ = false;
  bool closed_ = false;
};

}  // namespace fa
