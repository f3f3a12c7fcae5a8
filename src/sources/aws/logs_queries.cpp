#include "sources/aws/logs_queries.h"

#include <fmt/core.h>

#include <algorithm>

#include "sources/aws/logs_rows.h"

namespace fa::logs {
namespace {

constexpr double kRareLines = 2'000;       ///< Up to so many lines are fetched as they are.
constexpr double kMostRareLines = 20'000;  ///< Of all patterns together.
constexpr double kLinesOfBatch = 8'000;    ///< Leaves room for a count that was estimated too low.
constexpr std::size_t kMostRarePatterns = 24;
constexpr std::size_t kMostCounted = 8;
constexpr std::size_t kBinsOfPeriod = 120;  ///< At most, see bin_width_seconds().
constexpr std::size_t kTextBytes = 9'000;   ///< Of StartQuery's 10,000; the rest is for bounded_query().
constexpr std::size_t kMostExclusions = 12;

std::string like(const PatternFilter& filter) { return fmt::format("@message like /{}/", filter.regex()); }

/// Bytes that a pattern adds to a query's text: counts spell it twice.
std::size_t text_of(const Target& target, bool counts) {
  const std::size_t once = like(target.filter).size() + 8;
  return counts ? 2 * once : once;
}

double lines_of(const Target& target) { return target.change.window + target.change.baseline; }

/// Whether `a` says more of a line than `b`, for lines that are both's.
bool says_more(const std::vector<Target>& targets, std::size_t a, std::size_t b) {
  const std::size_t left = targets[a].filter.literals();
  const std::size_t right = targets[b].filter.literals();
  return left != right ? left > right : a < b;
}

std::vector<const PatternFilter*> exclusions_of(const std::vector<Target>& targets, const Batch& batch,
                                                const std::vector<PatternFilter>& others) {
  std::vector<const PatternFilter*> out;
  for (std::size_t i = 0; i < targets.size() && out.size() < kMostExclusions; ++i) {
    if (std::find(batch.targets.begin(), batch.targets.end(), i) != batch.targets.end()) continue;
    const bool takes = std::any_of(batch.targets.begin(), batch.targets.end(), [&](std::size_t mine) {
      return says_more(targets, i, mine) && targets[i].filter.may_overlap(targets[mine].filter);
    });
    if (takes) out.push_back(&targets[i].filter);
  }
  for (const PatternFilter& other : others) {
    if (out.size() >= kMostExclusions) break;
    const bool special = std::any_of(batch.targets.begin(), batch.targets.end(), [&](std::size_t mine) {
      return other.literals() > targets[mine].filter.literals() && targets[mine].filter.covers(other);
    });
    if (special) out.push_back(&other);
  }
  return out;
}

}  // namespace

std::string match_field(std::size_t i) { return fmt::format("p{}", i + 1); }

std::vector<Batch> plan_batches(const std::vector<Target>& targets, std::size_t groups) {
  const std::size_t rows_of_pattern = kBinsOfPeriod * std::clamp<std::size_t>(groups, 1, 10);
  const std::size_t most_counted = std::clamp<std::size_t>(kMostRows / rows_of_pattern, 1, kMostCounted);
  std::vector<Batch> rare;
  std::vector<Batch> frequent;
  double rare_lines = 0;
  double batch_lines = 0;
  std::size_t rare_text = 0;
  std::size_t frequent_text = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double lines = lines_of(targets[i]);
    const bool counts = lines > kRareLines || rare_lines + lines > kMostRareLines;
    std::vector<Batch>& batches = counts ? frequent : rare;
    std::size_t& text = counts ? frequent_text : rare_text;
    const std::size_t more = text_of(targets[i], counts);
    const bool full =
        batches.empty() || text + more > kTextBytes * 2 / 3 ||
        (counts ? batches.back().targets.size() >= most_counted
                : batches.back().targets.size() >= kMostRarePatterns || batch_lines + lines > kLinesOfBatch);
    if (full) {
      batches.push_back({{}, counts});
      text = 0;
      if (!counts) batch_lines = 0;
    }
    batches.back().targets.push_back(i);
    text += more;
    if (!counts) {
      rare_lines += lines;
      batch_lines += lines;
    }
  }
  rare.insert(rare.end(), frequent.begin(), frequent.end());
  return rare;
}

std::string batch_query(const std::vector<Target>& targets, const Batch& batch,
                        const std::vector<PatternFilter>& others, const std::string& bin) {
  std::string filter;
  std::string fields;
  std::string by;
  for (std::size_t i = 0; i < batch.targets.size(); ++i) {
    const std::string match = like(targets[batch.targets[i]].filter);
    filter += (i == 0 ? "" : " or ") + match;
    fields += fmt::format("{}{} as {}", i == 0 ? "" : ", ", match, match_field(i));
    by += ", " + match_field(i);
  }
  if (batch.targets.size() > 1) filter = "(" + filter + ")";
  const bool several = batch.counts && batch.targets.size() > 1;
  std::string head = !batch.counts ? std::string(kRowFields) + " | " : several ? "fields " + fields + " | " : "";
  const std::string tail = batch.counts
                               ? fmt::format(
                                     "stats count(*) as lines, earliest(@message) as sample, min(@timestamp) as "
                                     "first by bin({}), @log{}",
                                     bin, several ? by : "")
                               : std::string("sort @timestamp asc");
  for (const PatternFilter* exclusion : exclusions_of(targets, batch, others)) {
    const std::string more = fmt::format(" and @message not like /{}/", exclusion->regex());
    if (head.size() + filter.size() + more.size() + tail.size() > kTextBytes) break;
    filter += more;
  }
  return fmt::format("{}filter {} | {}", head, filter, tail);
}

}  // namespace fa::logs
