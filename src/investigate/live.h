#pragma once

#include <filesystem>
#include <optional>

#include "investigate/investigate.h"
#include "sources/aws/collect_aws.h"

namespace fa {

/// An investigation of a live AWS account.
struct LiveRequest {
  InvestigateRequest investigate;  ///< `paths` are not used; window, baseline, description and alarm may be given.
  AwsRequest aws;
  /// Where to keep what was collected; it must be new or empty. Empty: a temporary folder, gone afterwards.
  std::optional<std::filesystem::path> save;
  /// Which metrics to fetch first (metric_choice.h lets a model say so); empty: as rules order them.
  MetricChooser choose_metrics = {};
};

/// A folder of our own below the system's folder for temporary files, removed with everything in it.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  void remove();
  std::filesystem::path path_;
};

/// What was collected, as a recorded incident.
struct LiveCollection {
  std::optional<TemporaryFolder> temporary;  ///< Set where nothing was to be saved: gone with this object.
  InvestigateRequest replay;                 ///< Investigates the folder.
};

/// Plans and collects into an incident folder. Errors as plan_aws_study and collect_aws give them; sources that fail
/// are gaps of the folder.
Result<LiveCollection> collect_live(const LiveRequest& request, const AwsWorldAccess& world,
                                    const CollectProgress& collecting, const Context& context);

/// Collects and investigates: what a replay of the saved folder says is the same, byte for byte.
Result<Report> investigate_live(const LiveRequest& request, const AwsWorldAccess& world, Progress* progress,
                                const CollectProgress& collecting, const Context& context);

/// The incident as far as the request knows it.
IncidentInfo known_incident(const InvestigateRequest& request);

}  // namespace fa
