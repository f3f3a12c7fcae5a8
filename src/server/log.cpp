#include "server/log.h"

#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace fa::server {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;

std::string_view level_name(Log::Level level) {
  switch (level) {
    case Log::Level::kInfo:
      return "info";
    case Log::Level::kWarning:
      return "warning";
    case Log::Level::kError:
      return "error";
  }
  return "error";
}

struct ToJson {
  Json operator()(const std::string& text) const {
    if (text.size() <= kMaxValueBytes) return text;
    return std::string(utf8_prefix(text, kMaxValueBytes)) + "…";
  }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(double number) const { return std::isfinite(number) ? Json(number) : Json(nullptr); }
  Json operator()(bool truth) const { return truth; }
};

}  // namespace

void Log::line(Level level, std::string_view event, Fields fields) noexcept {
  try {
    Json line = Json::object();
    line["time"] = format_rfc3339(clock_.now());
    line["level"] = level_name(level);
    line["event"] = event;
    for (const auto& [name, value] : fields) line.emplace(name, std::visit(ToJson(), value));
    const std::string text = json_text(line) + '\n';
    const std::lock_guard lock(mutex_);
    write_(text);
  } catch (...) {  // A line that cannot be written must not end the work it tells of.
  }
}

}  // namespace fa::server
