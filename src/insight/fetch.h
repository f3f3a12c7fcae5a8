#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "insight/catalogue.h"
#include "insight/question.h"
#include "insight/select.h"
#include "sources/aws/aws_run.h"

namespace fa::insight {

/// The accounts and regions a question may be answered from. Borrows `world`, which outlives it. One thread.
class MetricAccounts {
 public:
  /// Errors as AwsRun::open gives them.
  static Result<std::unique_ptr<MetricAccounts>> open(const AwsRequest& request, const Question& question,
                                                      const AwsWorldAccess& world, const Context& context);

  /// Lists all metrics of all targets: every page, global services too. What cannot be listed is a gap. A metric that
  /// two accounts have is the first one's. To be called once.
  [[nodiscard]] Catalogue list(const Context& context);

  /// Whether there is one account: a search sees no more, while the catalogue is of all.
  [[nodiscard]] bool is_one() const { return listed_.size() == 1; }

  /// Reserves the cost and fetches the chosen metrics (of the catalogue that list() gave) into `folder`,
  /// which is new or empty, with the notes (in `language`): what is answered from is what could be kept and looked at
  /// again. Whatever fails is a gap of the folder; an error only where it cannot be written.
  [[nodiscard]] Result<void> fetch(const Catalogue& catalogue, const Selection& selection,
                                   const std::vector<Note>& notes, Language language,
                                   const std::filesystem::path& folder, const Context& context);

 private:
  MetricAccounts(AwsRun run, const AwsRequest& request, const Question& question)
      : run_(std::move(run)), settings_(request.metrics), question_(question) {}

  AwsRun run_;
  MetricsSettings settings_;
  Question question_;
  std::vector<Gap> gaps_;                             ///< Of listing.
  std::vector<std::vector<CatalogueMetric>> listed_;  ///< By scope; sorted.
};

}  // namespace fa::insight
