#include "investigate/live.h"

#include <fmt/core.h>
#include <stdlib.h>

#include <system_error>

#include "sources/file/byte_stream.h"

namespace fa {

namespace fs = std::filesystem;

Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code ec;
  const fs::path root = fs::temp_directory_path(ec);
  std::string path = (ec ? fs::path("/tmp") : root) / "fa2-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return fail(ErrorCode::kUnreadable, fmt::format("Cannot make a temporary folder at {}: {}. Set TMPDIR, or keep "
                                                    "what is collected with --save.",
                                                    path, system_error_text(errno)));
  }
  return TemporaryFolder(path);
}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::move(other.path_);
    other.path_.clear();
  }
  return *this;
}

TemporaryFolder::~TemporaryFolder() { remove(); }

void TemporaryFolder::remove() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

IncidentInfo known_incident(const InvestigateRequest& request) {
  IncidentInfo incident;
  incident.description = request.description;
  if (request.window) {
    incident.window = *request.window;
    incident.window_given = true;
  }
  if (request.baseline) {
    incident.baseline = *request.baseline;
    incident.baseline_given = true;
  }
  incident.alarm = request.alarm;
  return incident;
}

Result<LiveCollection> collect_live(const LiveRequest& request, const AwsWorldAccess& world,
                                    const CollectProgress& collecting, const Context& context) {
  auto study = plan_aws_study(request.aws, known_incident(request.investigate), world, context);
  if (!study) return tl::unexpected(study.error());
  LiveCollection out;
  fs::path path;
  if (request.save) {
    path = *request.save;
  } else {
    auto made = TemporaryFolder::make();
    if (!made) return tl::unexpected(made.error());
    out.temporary.emplace(std::move(*made));
    path = out.temporary->path();
  }
  {
    auto folder = CollectedFolder::create(path);
    if (!folder) return tl::unexpected(folder.error());
    AwsWorldAccess access = world;
    if (request.choose_metrics) access.choose_metrics = request.choose_metrics;
    if (auto ok = collect_aws(request.aws, *study, access, **folder, collecting, context); !ok) {
      return tl::unexpected(ok.error());
    }
  }
  // Everything that was settled stands in the folder now; only what a replay is given too may be given here.
  out.replay.paths = {path.string()};
  out.replay.language = request.investigate.language;
  out.replay.threads = request.investigate.threads;
  return out;
}

Result<Report> investigate_live(const LiveRequest& request, const AwsWorldAccess& world, Progress* progress,
                                const CollectProgress& collecting, const Context& context) {
  const auto collected = collect_live(request, world, collecting, context);
  if (!collected) return tl::unexpected(collected.error());
  return investigate(collected->replay, world.clock, progress, context);
}

}  // namespace fa
