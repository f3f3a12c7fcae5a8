#include "sources/aws/s3_key_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "sources/aws/s3_location.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

constexpr std::size_t kStampSize = 14;

/// Sorts behind everything that may follow the beginning of a name (digits, letters, `_`, `.`, `-`).
constexpr char kBehindAll = '~';

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<TimePoint> parse_stamp(std::string_view text) {
  constexpr std::string_view kShape = "ddddddddTddddZ";
  if (text.size() < kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !is_digit(text[i]) : text[i] != kShape[i]) return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year(number(text.substr(0, 4))),
                                        std::chrono::month(static_cast<unsigned>(number(text.substr(4, 2)))),
                                        std::chrono::day(static_cast<unsigned>(number(text.substr(6, 2))))};
  const int hour = number(text.substr(9, 2));
  const int minute = number(text.substr(11, 2));
  // The clock of nanoseconds ends in 2262.
  const bool in_range = day.year() >= std::chrono::year(1970) && day.year() < std::chrono::year(2262);
  if (!day.ok() || !in_range || hour > 23 || minute > 59) return std::nullopt;
  return TimePoint(std::chrono::sys_days(day)) + std::chrono::hours(hour) + minutes(minute);
}

/// `account_WORD_region_` at the beginning of a name; the length of it, 0 where it is not there.
std::size_t head_size(std::string_view name, std::string_view word) {
  if (name.size() < 14 || !is_account_id(name.substr(0, 12)) || name[12] != '_') return 0;
  if (name.substr(13, word.size()) != word) return 0;
  const std::size_t underscore = name.find('_', 13 + word.size());
  return underscore == std::string_view::npos ? 0 : underscore + 1;
}

LogKey with_stamp(LogKey::Kind kind, std::string_view name, std::size_t at) {
  const auto stamp = parse_stamp(name.substr(at));
  if (!stamp || (name.size() > at + kStampSize && name[at + kStampSize] != '_')) return {};
  return {kind, name.substr(0, at), *stamp};
}

}  // namespace

LogKey parse_alb_key(std::string_view name) {
  if (!name.empty() && !is_digit(name.front())) return {LogKey::Kind::kConnectionLog, {}, kNoTime};
  const std::size_t head = head_size(name, "elasticloadbalancing_");
  const std::size_t end = head == 0 ? std::string_view::npos : name.find('_', head);
  if (end == std::string_view::npos) return {};
  const std::string_view balancer = name.substr(head, end - head);
  LogKey::Kind kind = LogKey::Kind::kClassic;  // Names of Classic Load Balancers have no dots.
  if (balancer.starts_with("app.")) kind = LogKey::Kind::kWanted;
  if (balancer.starts_with("net.")) kind = LogKey::Kind::kNetwork;
  return with_stamp(kind, name, end + 1);
}

LogKey parse_cloudtrail_key(std::string_view name) {
  const std::size_t head = head_size(name, "CloudTrail_");
  return head == 0 ? LogKey{} : with_stamp(LogKey::Kind::kWanted, name, head);
}

std::string key_stamp(TimePoint time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date(day);
  const auto minute = floor<minutes>(time - day).count();
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), minute / 60, minute % 60);
}

std::vector<TimeRange> joined(std::vector<TimeRange> ranges) {
  std::erase_if(ranges, [](const TimeRange& r) { return r.empty() || r.begin == kNoTime; });
  std::sort(ranges.begin(), ranges.end(), [](const TimeRange& a, const TimeRange& b) { return a.begin < b.begin; });
  std::vector<TimeRange> out;
  for (const TimeRange& r : ranges) {
    if (!out.empty() && r.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, r.end);
    } else {
      out.push_back(r);
    }
  }
  return out;
}

std::vector<TimeRange> stamps_for(const std::vector<TimeRange>& ranges) {
  std::vector<TimeRange> stamps;
  for (const TimeRange& r : ranges) {
    if (!r.empty() && r.begin != kNoTime) {
      stamps.push_back({floor<minutes>(r.begin), floor<minutes>(r.end + kDeliverySlack) + minutes(1)});
    }
  }
  return joined(std::move(stamps));
}

std::vector<std::string> day_folders(const std::vector<TimeRange>& stamps) {
  std::set<std::chrono::sys_days> all;
  for (const TimeRange& r : stamps) {
    if (r.empty()) continue;
    const auto last = floor<days>(r.end - Nanoseconds(1));
    for (auto day = floor<days>(r.begin); day <= last; day += days(1)) all.insert(day);
  }
  std::vector<std::string> folders;
  for (const auto day : all) {
    const std::chrono::year_month_day date(day);
    folders.push_back(fmt::format("{:04}/{:02}/{:02}", static_cast<int>(date.year()),
                                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
  }
  return folders;
}

bool holds(const std::vector<TimeRange>& ranges, TimePoint time) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const TimeRange& r) { return r.contains(time); });
}

ListStep next_step(std::string_view folder, std::string_view last_key, const std::vector<TimeRange>& stamps,
                   KeyParser parse) {
  if (!last_key.starts_with(folder)) return {};
  const std::string_view name = last_key.substr(folder.size());
  // Wanted names begin with an account id; words sort behind them.
  if (!name.empty() && name.front() > '9') return {ListStep::Kind::kDone, {}};
  const LogKey key = parse(name);
  const std::string series = std::string(folder) + std::string(key.series);
  if (key.kind == LogKey::Kind::kOther) return {};
  if (key.kind != LogKey::Kind::kWanted) return {ListStep::Kind::kJump, series + kBehindAll};
  for (const TimeRange& r : stamps) {
    if (r.contains(key.stamp)) return {};
    if (r.begin > key.stamp) return {ListStep::Kind::kJump, series + key_stamp(r.begin).substr(0, kStampSize - 1)};
  }
  return {ListStep::Kind::kJump, series + kBehindAll};
}

}  // namespace fa
