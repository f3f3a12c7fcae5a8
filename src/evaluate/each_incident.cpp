#include "evaluate/each_incident.h"

#include <fmt/core.h>

namespace fa {

Result<std::vector<std::string>> for_each_incident(const std::filesystem::path& root, const Clock& clock,
                                                   const Context& context, const VisitIncident& visit) {
  const auto folders = incident_folders(root);
  if (!folders) return tl::unexpected(folders.error());
  std::vector<std::string> left_out;
  for (const IncidentFolder& folder : *folders) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
    InvestigateRequest request;
    request.paths = {folder.path.string()};
    const auto study = study_incident(request, clock, nullptr, context);
    if (!study) {
      left_out.push_back(fmt::format("{}/{}: {}", folder.set, folder.name, study.error().message));
      continue;
    }
    if (auto ok = visit(folder, request, *study); !ok) return tl::unexpected(ok.error());
  }
  return left_out;
}

std::string render_left_out(const std::vector<std::string>& left_out) {
  if (left_out.empty()) return {};
  std::string out = fmt::format("\nleft out, because they could not be investigated: {}\n", left_out.size());
  for (const std::string& one : left_out) out += "  " + one + "\n";
  return out;
}

double percentage(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace fa
