/// Times of day and dates in a sentence, English and Japanese.
#include "base/text.h"
#include "investigate/claim_text_parts.h"

namespace fa::spoken {

std::optional<SpokenTime> time_of_day(std::string_view s) {
  if (s.ends_with('Z') || s.ends_with('z')) s.remove_suffix(1);
  const auto parts = split(s, ':');
  if (parts.size() != 2 && parts.size() != 3) return std::nullopt;
  const auto hour = small_int(parts[0]);
  const auto minute = small_int(parts[1]);
  if (!hour || !minute || parts[0].size() > 2 || parts[1].size() != 2 || *hour > 24 || *minute > 59) {
    return std::nullopt;
  }
  SpokenTime t;
  t.text = std::string(s);
  t.hour = *hour;
  t.minute = *minute;
  if (parts.size() == 3) {
    const Digits d = digits_of(parts[2]);
    if (d.used != parts[2].size() || d.value >= 61) return std::nullopt;
    t.second = d.value;
    t.second_decimals = d.decimals;
  }
  return t;
}

std::optional<SpokenDate> date_of(std::string_view s) {
  for (const char separator : {'-', '/'}) {
    const auto parts = split(s, separator);
    if (parts.size() != 3 || parts[0].size() != 4) continue;
    const auto y = small_int(parts[0]);
    const auto m = small_int(parts[1]);
    const auto d = small_int(parts[2]);
    if (y && m && d && *m >= 1 && *m <= 12 && *d >= 1 && *d <= 31) return SpokenDate{y, *m, *d};
  }
  return std::nullopt;
}

void TimeReader::read_time(std::string_view text) {
  std::optional<SpokenTime> time;
  if (const std::size_t t = text.find('T'); t != std::string_view::npos) {
    date_ = date_of(text.substr(0, t));
    std::string_view rest = text.substr(t + 1);
    if (const std::size_t zone = rest.find('+'); zone != std::string_view::npos) rest = rest.substr(0, zone);
    time = time_of_day(rest);
  } else if (const auto d = date_of(text)) {
    date_ = d;
    return;
  } else {
    time = time_of_day(text);
  }
  if (!time) return;
  time->text = std::string(text);
  if (date_) {
    time->year = date_->year;
    time->month = date_->month;
    time->day = date_->day;
  }
  times_.push_back(*time);
}

std::size_t TimeReader::read_japanese_time(std::size_t i) {
  const auto part = [&](std::size_t at, std::string_view suffix) -> std::optional<int> {
    const Token* n = token_at(tokens_, at);
    const Token* unit = token_at(tokens_, at + 1);
    if (n == nullptr || unit == nullptr || n->kind != TokenKind::kNumber || unit->kind != TokenKind::kJapanese) {
      return std::nullopt;
    }
    if (!unit->text.starts_with(suffix) || (suffix == "時" && unit->text.starts_with("時間"))) return std::nullopt;
    return small_int(n->text);
  };
  const auto exact = [&](std::size_t at, std::string_view suffix) {
    return token_at(tokens_, at + 1) != nullptr && token_at(tokens_, at + 1)->text == suffix;
  };
  std::size_t used = 0;
  std::optional<int> year;
  if (const auto y = part(i, "年"); y && exact(i, "年")) {
    year = y;
    used += 2;
  }
  if (const auto month = part(i + used, "月"); month && exact(i + used, "月")) {
    const auto day = part(i + used + 2, "日");
    if (!day) return 0;
    date_ = SpokenDate{year, *month, *day};
    return used + 4;
  }
  if (used > 0) return 0;
  const auto hour = part(i, "時");
  if (!hour) return 0;
  SpokenTime time;
  time.hour = *hour;
  time.text = token_at(tokens_, i)->text + "時";
  used = 2;
  if (const auto minute = exact(i, "時") ? part(i + 2, "分") : std::nullopt) {
    time.minute = *minute;
    time.text += token_at(tokens_, i + 2)->text + "分";
    used = 4;
    if (const auto second = exact(i + 2, "分") ? part(i + 4, "秒") : std::nullopt) {
      time.second = *second;
      time.text += token_at(tokens_, i + 4)->text + "秒";
      used = 6;
    }
  }
  if (date_) {
    time.year = date_->year;
    time.month = date_->month;
    time.day = date_->day;
  }
  times_.push_back(time);
  return used;
}

}  // namespace fa::spoken
