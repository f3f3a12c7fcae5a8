#include "investigate/live.h"

#include <fmt/core.h>
#include <stdlib.h>

#include <system_error>

#include "sources/file/byte_stream.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

/// A folder of our own below the system's folder for temporary files, removed with everything in it.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make() {
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
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

}  // namespace

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

Result<Report> investigate_live(const LiveRequest& request, const AwsWorldAccess& world, Progress* progress,
                                const CollectProgress& collecting, const Context& context) {
  auto study = plan_aws_study(request.aws, known_incident(request.investigate), world, context);
  if (!study) return tl::unexpected(study.error());
  std::optional<TemporaryFolder> temporary;
  fs::path path;
  if (request.save) {
    path = *request.save;
  } else {
    auto made = TemporaryFolder::make();
    if (!made) return tl::unexpected(made.error());
    temporary.emplace(std::move(*made));
    path = temporary->path();
  }
  {
    auto folder = CollectedFolder::create(path);
    if (!folder) return tl::unexpected(folder.error());
    if (auto ok = collect_aws(request.aws, *study, world, **folder, collecting, context); !ok) {
      return tl::unexpected(ok.error());
    }
  }
  // Everything that was settled stands in the folder now; only what a replay is given too may be given here.
  InvestigateRequest replay;
  replay.paths = {path.string()};
  replay.language = request.investigate.language;
  replay.threads = request.investigate.threads;
  return investigate(replay, world.clock, progress, context);
}

}  // namespace fa
