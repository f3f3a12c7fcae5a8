#include "chatops/directory.h"

namespace fa::chatops {
namespace {

constexpr std::size_t kMostPeople = 10'000;
constexpr Nanoseconds kRemember = std::chrono::hours(1);

}  // namespace

Reader Directory::reader_of(const std::string& team, const std::string& user, const Remembered& r) const {
  Reader reader{settings_.language, r.time_zone.empty() ? settings_.time_zone : r.time_zone};
  if (const auto of_team = settings_.languages.find(team); of_team != settings_.languages.end()) {
    reader.language = of_team->second;
  }
  if (settings_.follow_locale && r.locale.size() >= 2) {
    reader.language = language_from_name(r.locale.substr(0, 2)).value_or(reader.language);
  }
  if (const auto of_user = settings_.languages.find(user); of_user != settings_.languages.end()) {
    reader.language = of_user->second;
  }
  return reader;
}

Reader Directory::known(const std::string& team, const std::string& user) {
  const std::scoped_lock lock(mutex_);
  const auto it = people_.find(user);
  return reader_of(team, user, it == people_.end() ? Remembered{} : it->second);
}

std::optional<Reader> Directory::find(const std::string& team, const std::string& user, Nanoseconds patience,
                                      const Context& context) {
  const TimePoint now = clock_.now();
  if (user.empty()) return std::nullopt;
  {
    const std::scoped_lock lock(mutex_);
    const auto it = people_.find(user);
    if (it != people_.end() && now - it->second.when < kRemember && now >= it->second.when) {
      return reader_of(team, user, it->second);
    }
  }
  const auto info = slack_.user_info(user, context.within(patience));
  if (!info) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  if (people_.size() >= kMostPeople) people_.clear();
  const Remembered& kept = people_[user] = {info->time_zone, info->locale, now};
  return reader_of(team, user, kept);
}

Reader Directory::ask(const std::string& team, const std::string& user, Nanoseconds patience, const Context& context) {
  return find(team, user, patience, context).value_or(known(team, user));
}

}  // namespace fa::chatops
