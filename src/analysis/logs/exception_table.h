#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/logs/log_digest.h"

namespace fa {

/// Counts exceptions by service, type, root type and masked root message. At most kMaxKinds kinds; later ones are
/// counted by type alone, then under `(other)`.
class ExceptionTable {
 public:
  static constexpr std::size_t kMaxKinds = 20'000;
  static constexpr std::size_t kSamples = 2;

  /// Counts the exception of a record, if it has one. `text_names_one` may be false to skip reading the message.
  void add(std::uint32_t file, const LogRecord& record, std::uint32_t service, Period period, bool text_names_one);
  void merge(ExceptionTable&& other, const std::vector<std::uint32_t>& services);

  /// Moves everything out, with service names put in and in the order LogDigest promises.
  [[nodiscard]] std::vector<ExceptionActivity> take(const std::vector<std::string>& services);

 private:
  struct Key {
    std::uint32_t service = 0;
    std::string type;
    std::string root_type;
    std::string root_message;
    auto operator<=>(const Key&) const = default;
  };
  struct Kind {
    std::array<std::uint64_t, kPeriodCount> counts{};
    TimePoint first_in_window = kNoTime;
    std::vector<LogSample> samples;
    std::string frame;
    LogSample framed;  ///< Where `frame` was seen: the earliest record decides. Without text.
  };
  Kind& kind_of(Key key);

  std::map<Key, Kind> kinds_;
};

}  // namespace fa
