#include "inputs/clock_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace fa::bench {

void ClockText::set(Micros now) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  now_ = now;
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  micros_ = static_cast<std::uint32_t>((now - second).count());
  if (second == second_) return;
  second_ = second;
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss hms(second - day);
  const auto y = static_cast<int>(ymd.year());
  const auto m = static_cast<unsigned>(ymd.month());
  const auto d = static_cast<unsigned>(ymd.day());
  time_ = fmt::format("{:02}:{:02}:{:02}", hms.hours().count(), hms.minutes().count(), hms.seconds().count());
  date_ = fmt::format("{:04}-{:02}-{:02}", y, m, d);
  clf_ = fmt::format("{:02}/{}/{:04}:{} +0000", d, kMonths[m - 1], y, time_);
  syslog_ = fmt::format("{} {:2} {}", kMonths[m - 1], d, time_);
  klog_ = fmt::format("{:02}{:02} {}", m, d, time_);
}

}  // namespace fa::bench
