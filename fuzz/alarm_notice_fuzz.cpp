#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "alarms/alarm.h"
#include "base/text.h"

namespace {

const fa::TimePoint kNow = fa::from_unix_nanos(1'795'770'030'500'000'000);

void require(bool holds) {
  if (!holds) std::abort();
}

/// One line of valid UTF-8 that no terminal or log would fear.
void check_line(const std::string& text, std::size_t most) {
  require(fa::is_valid_utf8(text) && text.size() <= most);
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
}

void check(const fa::alarms::AlarmNotice& n) {
  require(!n.source.empty() && !n.key().empty());
  for (const auto* name : {&n.name, &n.arn, &n.account, &n.region, &n.entity, &n.metric_namespace, &n.metric}) {
    check_line(*name, 4096);
  }
  check_line(n.statistic, 4096);
  check_line(n.reason, 4096);
  check_line(n.link, 8192);
  check_line(n.summary(), 16'384);
  require(fa::is_valid_utf8(n.description) && n.description.size() <= 8192);
  require(n.dimensions.size() <= 128 && n.datapoints.size() <= 100);
  for (const auto& [name, value] : n.dimensions) {
    check_line(name, 4096);
    check_line(value, 4096);
  }
  for (std::size_t i = 1; i < n.datapoints.size(); ++i) require(n.datapoints[i - 1] < n.datapoints[i]);
  require(!n.window || !n.window->empty());
  const fa::TimeRange window = fa::alarms::suggested_window(n, kNow);
  require(!window.empty() && window.end <= kNow);
  require(fa::to_unix_nanos(window.begin) % 60'000'000'000 == 0 && fa::to_unix_nanos(window.end) % 60'000'000'000 == 0);
}

template <class T>
void check_refusal(const fa::Result<T>& result) {
  require(result || !result.error().message.empty());
}

}  // namespace

/// The first byte chooses the parser. A chat message's last lines are its links.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0] % 4) {
    case 0: {
      const auto notice = fa::alarms::parse_cloudwatch_alarm(text);
      check_refusal(notice);
      if (notice) check(*notice);
      break;
    }
    case 1: {
      const auto notices = fa::alarms::parse_alertmanager(text);
      check_refusal(notices);
      if (notices) {
        for (const auto& notice : *notices) check(notice);
      }
      break;
    }
    case 2: {
      const auto notice = fa::alarms::parse_webhook(text);
      check_refusal(notice);
      if (notice) check(*notice);
      break;
    }
    default: {
      const std::size_t last = text.rfind('\n');
      const std::string_view link = last == std::string_view::npos ? std::string_view() : text.substr(last + 1);
      check(fa::alarms::read_chat_alarm(text, {std::string(link), std::string(text)}, kNow));
      check(fa::alarms::read_chat_alarm(text, {}, std::nullopt));
    }
  }
  return 0;
}
