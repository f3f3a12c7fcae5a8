#include "sources/aws/xray_summaries.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sources/aws/xray_select.h"

namespace fa {
namespace {

using aws::xray::SummaryInfo;

/// Share asked for when nothing tells how many traces there are, only that they are more than the limit.
constexpr double kBlindShare = 0.05;

class SummaryCollector {
 public:
  explicit SummaryCollector(const XRayJob& job) : job_(job) {}

  XRaySummaries collect(std::optional<double> requests, CollectedFolder& folder, const Context& context) const {
    const std::string user = user_filter(job_.settings.filter);
    const auto most = static_cast<double>(job_.settings.max_summaries);
    // The graph counts everybody's requests; with a filter there may be far fewer.
    if (!requests || *requests <= most || !user.empty()) {
      SummaryQuestion all{"summaries", user, 1, job_.settings.max_summaries};
      SummaryAnswer answer;
      if (!ask(all, requests.value_or(most), answer, folder, context)) return {};
      if (!answer.too_many) {
        XRaySummaries summaries;
        take(answer, folder, summaries);
        summaries.slow = slow_threshold(summaries.baseline, summaries.window);
        if (!summaries.window.empty() || !summaries.baseline.empty()) {
          folder.add_note(job_.source,
                          fmt::format("All {} trace summaries of the window and {} of the baseline were fetched.",
                                      format_count(summaries.window.size()), format_count(summaries.baseline.size())));
        }
        return summaries;
      }
      if (!requests || *requests <= most) requests.reset();  // the graph has not counted them all
    }
    return sample_summaries(user, requests, folder, context);
  }

 private:
  /// A sample of all, and besides all that failed or were slow, or a sample of them too.
  XRaySummaries sample_summaries(const std::string& user, std::optional<double> requests, CollectedFolder& folder,
                                 const Context& context) const {
    const double half = static_cast<double>(job_.settings.max_summaries) / 2;
    const double expected = requests.value_or(half / kBlindShare);
    SummaryQuestion sample{"sample", user, share_for(half, expected), job_.settings.max_summaries};
    XRaySummaries summaries;
    SummaryAnswer first;
    if (!ask_until_it_fits(sample, expected * sample.share, first, folder, context)) return summaries;
    summaries.slow = slow_threshold(first.traces(job_.pieces, XRayPeriod::kBaseline),
                                    first.traces(job_.pieces, XRayPeriod::kWindow));
    const double unusual_expected = unusual_in(first, summaries.slow) / sample.share;
    const std::size_t sampled = count(first);
    take(first, folder, summaries);
    if (!summaries.asked) return summaries;

    std::string text = fmt::format(
        "There are more traces than aws.xray.max_summaries = {} ({}). A sample of {:g} of all was fetched, {} traces",
        format_count(job_.settings.max_summaries),
        requests ? "about " + format_count(static_cast<std::uint64_t>(*requests)) + " requests"
                 : std::string("how many is not known"),
        sample.share, format_count(sampled));
    SummaryQuestion unusual{"unusual", unusual_filter(user, summaries.slow), share_for(half, unusual_expected),
                            job_.settings.max_summaries};
    SummaryAnswer second;
    if (ask_until_it_fits(unusual, expected, second, folder, context)) {
      text += fmt::format(
          ", and {} those that failed{}, {} traces; of window and baseline alike. Shares of failing "
          "traces are those of this selection: comparable between the two periods, larger than the "
          "true ones",
          unusual.share < 1 ? fmt::format("a sample of {:g} of", unusual.share) : std::string("all"),
          summaries.slow ? fmt::format(" or took longer than {:g} s", *summaries.slow) : std::string(),
          format_count(count(second)));
      take(second, folder, summaries);
    }
    folder.add_note(job_.source, text + ".");
    return summaries;
  }

  /// Asks at ever smaller rates while there are more than `question.most`; what was read before is dropped, since a
  /// part of the pages would favour one time over another.
  bool ask_until_it_fits(SummaryQuestion& question, double scanned, SummaryAnswer& answer, CollectedFolder& folder,
                         const Context& context) const {
    constexpr int kRates = 4;
    for (int i = 0; i < kRates; ++i) {
      if (i > 0) question.share /= 4;
      answer = {};
      if (!ask(question, scanned, answer, folder, context)) return false;
      if (!answer.too_many) return true;
    }
    folder.add_gap(
        {job_.source, job_.scope.window,
         fmt::format("X-Ray gave more than {} trace summaries (aws.xray.max_summaries) even of a share of {:g}",
                     format_count(job_.settings.max_summaries), question.share),
         kXRayImpact});
    return false;
  }

  static double share_for(double wanted, double expected) {
    if (expected <= wanted || expected <= 0) return 1;
    // Two digits read well and are no more exact than the expectation.
    const double share = wanted / expected;
    double scale = 1;
    while (share * scale < 10) scale *= 10;
    return std::max(1.0, std::floor(share * scale)) / scale;
  }

  static std::size_t count(const SummaryAnswer& answer) {
    std::size_t sum = 0;
    for (const PieceAnswer& piece : answer.pieces) sum += piece.traces.size();
    return sum;
  }

  static double unusual_in(const SummaryAnswer& answer, std::optional<double> slow) {
    double sum = 0;
    for (const PieceAnswer& piece : answer.pieces) {
      sum += static_cast<double>(std::count_if(piece.traces.begin(), piece.traces.end(), [&](const SummaryInfo& t) {
        return t.fault || t.error || t.throttle || (slow && t.response_seconds > *slow);
      }));
    }
    return sum;
  }

  /// Reserves what the question will scan, asks, and settles. False when a limit forbids it (which is then a gap).
  bool ask(const SummaryQuestion& question, double scanned, SummaryAnswer& answer, CollectedFolder& folder,
           const Context& context) const {
    const double units = std::max(scanned, 1.0);
    if (auto ok = job_.scope.cost.reserve(CostItem::kXRayTraces, units, job_.scope.region, job_.source); !ok) {
      folder.add_gap({job_.source, job_.scope.window, ok.error().message, kXRayImpact});
      return false;
    }
    answer = fetch_summaries(job_.scope, job_.folder_name, job_.pieces, question, folder, context);
    job_.scope.cost.settle(CostItem::kXRayTraces, units, answer.processed(), job_.scope.region, job_.source);
    return true;
  }

  /// Keeps the files of an answer, tells its errors, and takes its traces.
  void take(SummaryAnswer& answer, CollectedFolder& folder, XRaySummaries& summaries) const {
    std::size_t failed = 0;
    for (std::size_t i = 0; i < answer.pieces.size(); ++i) {
      PieceAnswer& piece = answer.pieces[i];
      if (piece.error) {
        ++failed;
        summaries.complete = false;
        folder.add_gap({job_.source, job_.pieces[i].range, piece.error->message,
                        fmt::format("{} of the traces of this time ({}) were seen. {}",
                                    piece.traces.empty() ? "None" : "Only a part",
                                    xray_period_name(job_.pieces[i].period), kXRayImpact)});
      }
      if (piece.file != nullptr) {
        if (auto ok = piece.file->commit(piece.origin); !ok) {
          folder.add_gap({job_.source, job_.pieces[i].range, ok.error().message, kXRayImpact});
        }
        piece.file.reset();
      }
      auto& to = job_.pieces[i].period == XRayPeriod::kWindow ? summaries.window : summaries.baseline;
      to.insert(to.end(), piece.traces.begin(), piece.traces.end());
    }
    summaries.asked = summaries.asked || failed < answer.pieces.size();
  }

  const XRayJob& job_;
};

}  // namespace

XRaySummaries collect_xray_summaries(const XRayJob& job, std::optional<double> requests, CollectedFolder& folder,
                                     const Context& context) {
  return SummaryCollector(job).collect(requests, folder, context);
}

}  // namespace fa
