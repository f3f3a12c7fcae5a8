#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fa::bench {

using Micros = std::chrono::sys_time<std::chrono::microseconds>;

/// When all inputs begin: 2026-03-14T08:00:00Z.
inline constexpr Micros kBegin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 14} + std::chrono::hours{8}};

/// A running clock and how log formats write it. The text of a second is made once.
class ClockText {
 public:
  void advance(std::uint32_t micros) { set(now_ + std::chrono::microseconds(micros)); }
  void set(Micros now);

  [[nodiscard]] Micros now() const { return now_; }
  [[nodiscard]] std::int64_t nanos() const { return now_.time_since_epoch().count() * 1000; }
  [[nodiscard]] std::uint32_t micros() const { return micros_; }
  [[nodiscard]] std::uint32_t millis() const { return micros_ / 1000; }
  [[nodiscard]] const std::string& date() const { return date_; }      ///< 2026-03-14
  [[nodiscard]] const std::string& time() const { return time_; }      ///< 08:00:00
  [[nodiscard]] const std::string& clf() const { return clf_; }        ///< 14/Mar/2026:08:00:00 +0000
  [[nodiscard]] const std::string& syslog() const { return syslog_; }  ///< Mar 14 08:00:00
  [[nodiscard]] const std::string& klog() const { return klog_; }      ///< 0314 08:00:00

 private:
  Micros now_{};
  std::chrono::sys_seconds second_{};
  std::uint32_t micros_ = 0;
  std::string date_;
  std::string time_;
  std::string clf_;
  std::string syslog_;
  std::string klog_;
};

}  // namespace fa::bench
