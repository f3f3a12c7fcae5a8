#include "net/http_date.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads a text from its front; the first mismatch makes all that follows fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Exactly so many digits.
  int digits(std::size_t count) {
    int value = 0;
    good_ = good_ && rest_.size() >= count;
    for (std::size_t i = 0; good_ && i < count; ++i) {
      const char c = rest_[i];
      good_ = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (good_) rest_.remove_prefix(count);
    return value;
  }
  /// 1 to 12.
  unsigned month() {
    const auto found = std::find(kMonths.begin(), kMonths.end(), rest_.substr(0, 3));
    good_ = good_ && found != kMonths.end();
    if (!good_) return 1;
    rest_.remove_prefix(3);
    return static_cast<unsigned>(found - kMonths.begin()) + 1;
  }
  void literal(std::string_view text) {
    good_ = good_ && rest_.starts_with(text);
    if (good_) rest_.remove_prefix(text.size());
  }
  [[nodiscard]] bool next_is(char c) const { return good_ && rest_.starts_with(c); }
  [[nodiscard]] bool ended_well() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Fields {
  int year = 0;
  unsigned month = 1;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

void scan_clock(Scanner& scan, Fields& fields) {
  fields.hour = scan.digits(2);
  scan.literal(":");
  fields.minute = scan.digits(2);
  scan.literal(":");
  fields.second = scan.digits(2);
}

/// ` 06 Nov 1994 08:49:37 GMT` or ` 06-Nov-94 08:49:37 GMT`, after the comma.
bool scan_after_comma(std::string_view text, Fields& fields) {
  Scanner scan(text);
  scan.literal(" ");
  fields.day = scan.digits(2);
  const bool old = scan.next_is('-');
  scan.literal(old ? "-" : " ");
  fields.month = scan.month();
  scan.literal(old ? "-" : " ");
  fields.year = scan.digits(old ? 2 : 4);
  if (old) fields.year += fields.year < 70 ? 2000 : 1900;
  scan.literal(" ");
  scan_clock(scan, fields);
  scan.literal(" GMT");
  return scan.ended_well();
}

/// `Nov  6 08:49:37 1994`, after the weekday (C's asctime).
bool scan_asctime(std::string_view text, Fields& fields) {
  Scanner scan(text);
  fields.month = scan.month();
  scan.literal(" ");
  const bool padded = scan.next_is(' ');
  if (padded) scan.literal(" ");
  fields.day = scan.digits(padded ? 1 : 2);
  scan.literal(" ");
  scan_clock(scan, fields);
  scan.literal(" ");
  fields.year = scan.digits(4);
  return scan.ended_well();
}

bool is_weekday(std::string_view text) {
  return text.size() >= 3 && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

}  // namespace

std::optional<TimePoint> parse_http_date(std::string_view text) {
  text = trim(text);
  const std::size_t weekday_end = text.find_first_of(", ");
  if (weekday_end == std::string_view::npos || !is_weekday(text.substr(0, weekday_end))) return std::nullopt;
  const std::string_view rest = text.substr(weekday_end + 1);
  Fields fields;
  if (text[weekday_end] == ',' ? !scan_after_comma(rest, fields) : !scan_asctime(rest, fields)) return std::nullopt;

  namespace chrono = std::chrono;
  const chrono::year_month_day date{chrono::year(fields.year), chrono::month(fields.month),
                                    chrono::day(static_cast<unsigned>(fields.day))};
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) return std::nullopt;
  if (fields.year < 1700 || fields.year > 2200) return std::nullopt;  // about what nanoseconds in 64 bits can hold
  return chrono::sys_days(date) + chrono::hours(fields.hour) + chrono::minutes(fields.minute) +
         chrono::seconds(std::min(fields.second, 59));
}

}  // namespace fa
