#include "app/report_format.h"

#include <filesystem>

#include "app/terminal.h"
#include "base/text.h"
#include "base/time_zone.h"

namespace fa {

std::string report_format(const std::string& given, const std::string& output,
                          const std::optional<std::string>& configured) {
  if (!given.empty()) return given;
  const std::string ending = to_lower(std::filesystem::path(output).extension().string());
  if (ending == ".html" || ending == ".htm") return "html";
  if (ending == ".md") return "markdown";
  if (ending == ".json") return "json";
  if (ending == ".pdf") return "pdf";
  return configured.value_or("text");
}

Result<void> check_destination(const std::string& format, const std::string& output) {
  if (format != "pdf" || !output.empty() || !stdout_is_terminal()) return {};
  return fail(ErrorCode::kInvalidInput, "A terminal cannot show a PDF: write it to a file with --output FILE.pdf.");
}

std::string time_zone_problem(const std::string& name) {
  if (TimeZone::find(name)) return {};
  return "The time zone '" + visible(name) + "' is not known here: give an IANA name such as Asia/Tokyo.";
}

}  // namespace fa
