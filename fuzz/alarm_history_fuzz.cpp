// Alarm rules, state reasons, history items and service graphs as CloudWatch and X-Ray might send them. The first byte
// chooses which; whatever is made of it is bounded and can be studied.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sources/aws/alarm_history.h"
#include "sources/aws/alarm_rule.h"
#include "sources/aws/xray_select.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const fa::TimePoint now = fa::from_unix_nanos(1'773'000'000'000'000'000);
  switch (data[0] % 3) {
    case 0:
      check(fa::alarms_of_rule(text).size() <= 1000);
      break;
    case 1: {
      const auto requests = fa::requests_in_graph(text);
      check(!requests || *requests >= 0);
      break;
    }
    default: {
      // The item's JSON, and its summary behind a NUL.
      const std::size_t end = std::min(text.find('\0'), text.size());
      const auto fired = fa::parse_transition({now, text.substr(end), text.substr(0, end)});
      if (!fired) break;
      const auto episodes = fa::episodes_of({*fired}, std::chrono::minutes(10));
      check(episodes.size() <= 1);
      if (episodes.empty()) break;
      const auto periods = fa::periods_of_alarm(episodes, 0, std::chrono::seconds(60), now + std::chrono::hours(1));
      check(!periods.window.empty() && periods.window.length() <= std::chrono::hours(3));
      check(periods.window.contains(now) && periods.baseline.end <= periods.window.begin);
    }
  }
  return 0;
}
