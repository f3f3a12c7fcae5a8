#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/logs/message_scan.h"
#include "analysis/logs/template_miner.h"
#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// The values of one message, in the order of the shape's value tokens.
struct ParameterSample {
  std::uint64_t rank = 0;  ///< Hash of where the record stands: samples of the lowest ranks are kept.
  TimePoint time = kNoTime;
  std::vector<std::string> values;
  auto operator<=>(const ParameterSample&) const = default;
};

/// Samples of one shape, service and period, ordered by rank.
using SampleList = std::vector<ParameterSample>;

/// Keeps a uniform sample of the parameter values of each shape and service in baseline and window: the records whose
/// hashed place ranks lowest ("bottom-k"). Which ones these are depends neither on the order of records nor on how
/// they were split over collections. Bounded: at most kPerList samples per list, and beyond kTotal all lists give up
/// their highest ranks alike.
class ParameterSamples {
 public:
  static constexpr std::size_t kPerList = 256;
  static constexpr std::size_t kTotal = 300'000;
  static constexpr std::size_t kMaxValues = 24;  ///< Per message.
  static constexpr std::size_t kMaxValueBytes = 64;

  /// Whether `add` would keep it: most records rank too high, and need not be scanned for their values.
  [[nodiscard]] bool wants(ShapeId shape, std::uint32_t service, Period period, std::uint32_t file,
                           const LogRecord& record) const;
  void add(ShapeId shape, std::uint32_t service, Period period, std::uint32_t file, const LogRecord& record,
           const MessageScanner& message);
  void merge(const ParameterSamples& other, const std::vector<ShapeId>& shapes,
             const std::vector<std::uint32_t>& services);

  /// nullptr when there are none. `period` must be baseline or window.
  [[nodiscard]] const SampleList* find(ShapeId shape, std::uint32_t service, Period period) const;

 private:
  struct Lists {
    std::array<SampleList, 2> of_period;  ///< Each a heap with the highest rank on top until read.
  };
  static std::uint64_t key(ShapeId shape, std::uint32_t service) { return std::uint64_t{shape} << 32 | service; }
  void put(SampleList& list, ParameterSample sample);
  void shrink();

  std::unordered_map<std::uint64_t, Lists> lists_;
  std::uint64_t limit_ = ~std::uint64_t{0};  ///< Ranks above are given up.
  std::size_t total_ = 0;
};

}  // namespace fa
