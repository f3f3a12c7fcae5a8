#include "sources/aws/logs_mining.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/text.h"
#include "sources/aws/logs_patterns.h"
#include "sources/aws/logs_queries.h"
#include "sources/aws/logs_slices.h"

namespace fa::logs {
namespace {

/// IncomingBytes and what a query scans differ a little; a reservation must not be too low.
constexpr double kReserveMargin = 1.1;
/// Patterns that are named in a gap.
constexpr std::size_t kNamedPatterns = 3;
constexpr std::size_t kNamedBytes = 120;
/// Below, the service counted a sample.
constexpr double kWholeCoverage = 0.95;

double hours(Nanoseconds length) { return static_cast<double>(length.count()) / 3.6e12; }

std::string shown_groups(const std::vector<const Group*>& groups) {
  if (groups.size() == 1) return groups.front()->shown();
  return fmt::format("{} ({} log groups, {} to {})", kSourceName, groups.size(), groups.front()->info.name,
                     groups.back()->info.name);
}

/// `window`, `baseline`, `baseline-2`.
std::string period_name(const std::vector<Period>& periods, std::size_t p) {
  const auto before = std::count_if(periods.begin(), periods.begin() + static_cast<std::ptrdiff_t>(p),
                                    [&](const Period& other) { return other.window == periods[p].window; });
  return before == 0 ? std::string(periods[p].name()) : fmt::format("{}-{}", periods[p].name(), before + 1);
}

/// The patterns of all periods of one kind (window, or the parts of the baseline).
struct PatternTables {
  std::map<std::string, MinedPattern> patterns;
  double hours = 0;     ///< Of the periods that answered.
  double events = 0;    ///< Looked at.
  double coverage = 1;  ///< Least share of the events that the patterns of an answer count.
  bool full = false;    ///< An answer held as many patterns as it may; there are rarer ones.
  bool whole = true;    ///< Every period answered.

  [[nodiscard]] bool judged_by_part() const { return coverage < kWholeCoverage || full; }
  [[nodiscard]] std::vector<MinedPattern> list() const {
    std::vector<MinedPattern> all;
    for (const auto& [text, pattern] : patterns) all.push_back(pattern);
    return all;
  }
};

/// Groups that one query may ask, with their volumes.
class Mine {
 public:
  Mine(const Work& work, std::vector<const Group*> groups, const std::vector<const GroupVolume*>& volumes,
       const std::vector<Period>& periods, std::string prefix, Hydrator& hydrator, const Context& context)
      : work_(work),
        groups_(std::move(groups)),
        periods_(periods),
        prefix_(std::move(prefix)),
        hydrator_(hydrator),
        context_(context),
        bytes_(periods.size()) {
    for (const GroupVolume* volume : volumes) {
      for (std::size_t p = 0; p < periods.size(); ++p) bytes_[p] += volume->bytes[p] * kReserveMargin;
    }
  }

  /// nullopt when the groups were mined (or what stopped it is told); else why the service does not mine them.
  std::optional<std::string> run() {
    PatternTables window;
    PatternTables baseline;
    if (auto refusal = mine_patterns(window, baseline)) return refusal;
    if (window.hours <= 0) return std::nullopt;  // told as a gap; the baseline alone shows nothing
    choose(window, baseline);
    if (!targets_.empty()) fetch();
    return std::nullopt;
  }

 private:
  struct Task {
    Batch batch;
    std::size_t number = 0;
    std::size_t period = 0;
    std::vector<std::pair<Query, CompleteAnswer>> answers;
    std::set<std::size_t> found;  ///< Targets that lines were found of.
  };

  [[nodiscard]] std::size_t threads() const {
    return static_cast<std::size_t>(std::max(1, work_.settings.concurrent_queries));
  }

  [[nodiscard]] Query query(std::size_t period, std::string text) const {
    return {groups_, periods_[period].range, std::move(text), bytes_[period]};
  }

  /// Patterns of all periods; where the service took a sample only, those of failing lines are mined for themselves,
  /// so that a rare error is not passed over.
  std::optional<std::string> mine_patterns(PatternTables& window, PatternTables& baseline) {
    const std::string mine = "pattern @message | sort @sampleCount desc";
    const auto all = ask_all(mine);
    for (const CompleteAnswer& answer : all) {
      if (auto refusal = refusal_in(answer)) return refusal;
    }
    bool by_part = false;
    for (std::size_t p = 0; p < periods_.size(); ++p) {
      PatternTables& tables = periods_[p].window ? window : baseline;
      report_missing(work_, shown_groups(groups_), periods_[p], all[p].missing);
      tables.whole = tables.whole && all[p].missing.empty();
      for (const CompleteAnswer::Part& part : all[p].parts) {
        const double matched = std::max(part.results.records_matched, 0.0);
        tables.coverage = std::min(tables.coverage, pattern_coverage(part.results.rows, matched));
        tables.full = tables.full || part.results.rows.size() >= static_cast<std::size_t>(kMostRows);
        tables.hours += hours(part.range.length());
        tables.events += matched;
        for (MinedPattern& pattern : read_patterns(part.results.rows, matched)) {
          MinedPattern& mined = tables.patterns[pattern.text];
          pattern.lines += mined.lines;
          mined = std::move(pattern);
        }
      }
      by_part = by_part || tables.judged_by_part();
    }
    if (!by_part) return std::nullopt;
    const auto failing = ask_all(fmt::format("filter @message like /{}/ | {}", kFailureRegex, mine));
    for (std::size_t p = 0; p < periods_.size(); ++p) {
      auto& patterns = (periods_[p].window ? window : baseline).patterns;
      std::map<std::string, MinedPattern> narrow;
      for (const CompleteAnswer::Part& part : failing[p].parts) {
        for (MinedPattern& pattern : read_patterns(part.results.rows, part.results.records_matched)) {
          MinedPattern& mined = narrow[pattern.text];
          pattern.lines += mined.lines;
          mined = std::move(pattern);
        }
      }
      // The narrower query looked at more of them.
      for (auto& [text, pattern] : narrow) {
        MinedPattern& mined = patterns[text];
        if (mined.lines < pattern.lines) mined = std::move(pattern);
      }
    }
    return std::nullopt;
  }

  /// The command is not there for every group and region: then the query is refused, or answers with something else.
  static std::optional<std::string> refusal_in(const CompleteAnswer& answer) {
    for (const CompleteAnswer::Missing& missing : answer.missing) {
      if (missing.error.code == ErrorCode::kInvalidInput) return missing.error.message;
    }
    for (const CompleteAnswer::Part& part : answer.parts) {
      if (!part.results.rows.empty() && read_patterns(part.results.rows, 0).empty()) {
        return "The pattern command of Logs Insights answered without patterns.";
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::vector<CompleteAnswer> ask_all(const std::string& text) const {
    std::vector<CompleteAnswer> answers(periods_.size());
    for_each_parallel(periods_.size(), threads(), [&](std::size_t p) {
      Query asked = query(p, text);
      asked.full_is_cut = false;  // the most frequent patterns come first
      answers[p] = run_complete_query(work_.scope, asked, 0, context_);
    });
    return answers;
  }

  void choose(const PatternTables& window, const PatternTables& baseline) {
    std::vector<PatternChange> changes = compare_patterns(window.list(), window.hours, baseline.list(), baseline.hours);
    using Kind = PatternChange::Kind;
    // Without a whole baseline everything looks new, without a whole window everything vanished.
    const bool known = baseline.whole && baseline.hours > 0;
    const auto deceives = [&](const PatternChange& c) {
      return (!known && c.kind == Kind::kNew) ||
             (!window.whole && (c.kind == Kind::kVanished || c.kind == Kind::kFell));
    };
    std::vector<std::string> unspoken;
    std::size_t standing_out = 0;
    double steady_lines = 0;
    std::size_t steady = 0;
    std::size_t beyond = 0;
    for (PatternChange& change : changes) {
      auto filter = pattern_filter(change.text);
      if (change.kind == Kind::kSteady || deceives(change)) {
        ++steady;
        steady_lines += change.window + change.baseline;
        if (filter) others_.push_back(std::move(*filter));
        continue;
      }
      ++standing_out;
      if (!filter) {
        unspoken.push_back(change.text);
      } else if (targets_.size() >= work_.settings.max_pattern_rows) {
        ++beyond;
        others_.push_back(std::move(*filter));
      } else {
        targets_.push_back({std::move(change), std::move(*filter)});
      }
    }
    tell_patterns(window, baseline, standing_out, steady, steady_lines);
    if (beyond > 0) {
      work_.folder.add_gap(
          {shown_groups(groups_), work_.scope.window,
           fmt::format("{} more patterns stand out than the {} that are fetched (aws.logs.max_pattern_rows).",
                       format_count(beyond), format_count(work_.settings.max_pattern_rows)),
           "The strongest changes were fetched; lines of weaker ones are not part of the answer."});
    }
    if (!unspoken.empty()) tell_unspoken(unspoken);
  }

  void tell_patterns(const PatternTables& window, const PatternTables& baseline, std::size_t standing_out,
                     std::size_t steady, double steady_lines) const {
    const auto count = [](double n) { return format_count(static_cast<std::uint64_t>(std::clamp(n, 0.0, 1e15))); };
    std::string text = fmt::format(
        "{} mined by Logs Insights: {} lines in the window, {} in the baseline. {} patterns stand out; {} others, "
        "about {} lines, do not and are not in the folder.",
        groups_.size() == 1 ? groups_.front()->info.name : fmt::format("{} log groups", groups_.size()),
        count(window.events), count(baseline.events), format_count(standing_out), format_count(steady),
        count(steady_lines));
    const double coverage = std::min(window.coverage, baseline.coverage);
    if (coverage < kWholeCoverage) {
      text += fmt::format(" The service mined a sample (down to {:.0f}% of the lines)", 100 * coverage);
    } else if (window.full || baseline.full) {
      text += fmt::format(" The service gave its {} most frequent patterns only", format_count(kMostRows));
    }
    if (window.judged_by_part() || baseline.judged_by_part()) {
      text +=
          ": which patterns stand out was judged by these, failing lines besides by themselves; the counts in the "
          "folder are exact.";
    }
    work_.folder.add_note(shown_groups(groups_), std::move(text));
  }

  void tell_unspoken(const std::vector<std::string>& patterns) const {
    std::string names;
    for (std::size_t i = 0; i < patterns.size() && i < kNamedPatterns; ++i) {
      names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", visible(utf8_prefix(patterns[i], kNamedBytes)));
    }
    work_.folder.add_gap(
        {shown_groups(groups_), work_.scope.window,
         fmt::format("{} patterns stand out but hold too few fixed words to ask for their lines: {}{}",
                     format_count(patterns.size()), names, patterns.size() > kNamedPatterns ? ", ..." : "."),
         "These lines are not part of the answer. Look at them with `pattern @message` in Logs Insights."});
  }

  void fetch() {
    const std::vector<Batch> batches = plan_batches(targets_, groups_.size());
    std::vector<Task> tasks;
    for (std::size_t b = 0; b < batches.size(); ++b) {
      for (std::size_t p = 0; p < periods_.size(); ++p) tasks.push_back({batches[b], b, p, {}, {}});
    }
    for_each_parallel(tasks.size(), threads(), [&](std::size_t i) {
      ask(tasks[i], tasks[i].batch);
      for (auto& [asked, answer] : tasks[i].answers) {
        if (tasks[i].batch.counts) continue;
        for (auto& part : answer.parts) hydrator_.complete(part.results, context_);
      }
    });
    std::set<std::size_t> found;
    for (const Task& task : tasks) {
      const Period& period = periods_[task.period];
      for (std::size_t a = 0; a < task.answers.size(); ++a) {
        const auto& [asked, answer] = task.answers[a];
        const std::string part = task.answers.size() > 1 ? fmt::format("-{}", a + 1) : std::string();
        write_answer(work_,
                     fmt::format("{}/{}.{}-{:02}{}.json", prefix_, period_name(periods_, task.period),
                                 task.batch.counts ? "counts" : "lines", task.number + 1, part),
                     asked, answer);
        report_missing(work_, shown_groups(groups_), period, answer.missing);
      }
      found.insert(task.found.begin(), task.found.end());
    }
    tell_not_found(tasks, found);
  }

  /// Asks for a batch; one that the service does not understand is asked in halves, so that only the pattern at fault
  /// is lost.
  void ask(Task& task, const Batch& batch) const {
    const std::string bin = bin_text(bin_width_seconds(periods_[task.period].range.length()));
    const Query asked = query(task.period, batch_query(targets_, batch, others_, bin));
    CompleteAnswer answer = run_complete_query(work_.scope, asked, 0, context_);
    const bool refused = answer.parts.empty() && answer.missing.size() == 1 &&
                         answer.missing.front().error.code == ErrorCode::kInvalidInput;
    if (refused && batch.targets.size() > 1) {
      const auto middle = batch.targets.begin() + static_cast<std::ptrdiff_t>(batch.targets.size() / 2);
      ask(task, {{batch.targets.begin(), middle}, batch.counts});
      ask(task, {{middle, batch.targets.end()}, batch.counts});
      return;
    }
    note_found(task, batch, answer);
    task.answers.emplace_back(asked, std::move(answer));
  }

  static void note_found(Task& task, const Batch& batch, const CompleteAnswer& answer) {
    if (answer.rows() == 0) return;
    if (!batch.counts || batch.targets.size() == 1) {
      task.found.insert(batch.targets.begin(), batch.targets.end());  // whose lines they are is not told
      return;
    }
    for (const CompleteAnswer::Part& part : answer.parts) {
      for (const Row& row : part.results.rows) {
        for (std::size_t i = 0; i < batch.targets.size(); ++i) {
          const bool matches = std::any_of(row.begin(), row.end(), [&](const auto& cell) {
            return cell.first == match_field(i) && (cell.second == "1" || iequals(cell.second, "true"));
          });
          if (matches) task.found.insert(batch.targets[i]);
        }
      }
    }
  }

  /// A pattern with lines that its filter does not find is a filter that is wrong: that must not pass as "no lines".
  void tell_not_found(const std::vector<Task>& tasks, const std::set<std::size_t>& found) const {
    std::vector<std::string> lost;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (found.contains(i)) continue;
      const bool answered = std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) {
        const auto& mine = task.batch.targets;
        return std::find(mine.begin(), mine.end(), i) != mine.end() &&
               std::none_of(task.answers.begin(), task.answers.end(),
                            [](const auto& answer) { return !answer.second.missing.empty(); });
      });
      if (answered) lost.push_back(targets_[i].change.text);
    }
    if (lost.empty()) return;
    work_.folder.add_gap(
        {shown_groups(groups_), work_.scope.window,
         fmt::format("{} patterns that stand out were not found again by their words, first \"{}\".",
                     format_count(lost.size()), visible(utf8_prefix(lost.front(), kNamedBytes))),
         "These lines are not part of the answer. Look at them with `pattern @message` in Logs Insights."});
  }

  const Work& work_;
  std::vector<const Group*> groups_;
  const std::vector<Period>& periods_;
  std::string prefix_;
  Hydrator& hydrator_;
  const Context& context_;
  std::vector<double> bytes_;  ///< To be scanned by a query, per period.
  std::vector<Target> targets_;
  std::vector<PatternFilter> others_;
};

/// Groups in lots that one query takes, each with its volumes and a place in the folder.
struct Lot {
  std::vector<const Group*> groups;
  std::vector<const GroupVolume*> volumes;
  std::string prefix;
};

std::vector<Lot> lots_of(const std::vector<const Group*>& groups, const std::vector<const GroupVolume*>& volumes,
                         const std::string& prefix) {
  std::vector<Lot> lots;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i % kMostQueryGroups == 0) lots.push_back({{}, {}, fmt::format("{}-{:02}", prefix, lots.size() + 1)});
    lots.back().groups.push_back(groups[i]);
    lots.back().volumes.push_back(volumes[i]);
  }
  return lots;
}

}  // namespace

void mine_groups(const Work& work, const std::vector<const Group*>& groups,
                 const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods, Hydrator& hydrator,
                 const Context& context) {
  for (const Lot& lot : lots_of(groups, volumes, "cloudwatch_logs/insights")) {
    const auto refusal = Mine(work, lot.groups, lot.volumes, periods, lot.prefix, hydrator, context).run();
    if (!refusal) continue;
    work.folder.add_gap({shown_groups(lot.groups), work.scope.window, *refusal,
                         "The lines could not be mined for what is new: only those whose words are of a failure were "
                         "fetched."});
    fetch_rows(work, lot.groups, lot.volumes, periods, true, hydrator, context);
  }
}

void fetch_failure_counts(const Work& work, const std::vector<const Group*>& groups,
                          const std::vector<const GroupVolume*>& volumes, const std::vector<Period>& periods,
                          const std::string& prefix, const Context& context) {
  struct Task {
    const Lot* lot = nullptr;
    std::size_t period = 0;
    Query query;
    CompleteAnswer answer;
  };
  const std::vector<Lot> lots = lots_of(groups, volumes, prefix);
  std::vector<Task> tasks;
  for (const Lot& lot : lots) {
    for (std::size_t p = 0; p < periods.size(); ++p) {
      const double bytes = std::accumulate(lot.volumes.begin(), lot.volumes.end(), 0.0,
                                           [&](double sum, const GroupVolume* v) { return sum + v->bytes[p]; });
      const std::string bin = bin_text(bin_width_seconds(periods[p].range.length()));
      const std::string text = fmt::format(
          "fields @message like /{}/ as failing | stats count(*) as records, sum(failing) as failures by bin({}), @log",
          kFailureRegex, bin);
      tasks.push_back({&lot, p, {lot.groups, periods[p].range, text, bytes * kReserveMargin}, {}});
    }
  }
  for_each_parallel(
      tasks.size(), static_cast<std::size_t>(std::max(1, work.settings.concurrent_queries)),
      [&](std::size_t i) { tasks[i].answer = run_complete_query(work.scope, tasks[i].query, 0, context); });
  for (const Task& task : tasks) {
    write_answer(work, fmt::format("{}/{}.failures.json", task.lot->prefix, period_name(periods, task.period)),
                 task.query, task.answer);
    for (const CompleteAnswer::Missing& missing : task.answer.missing) {
      work.folder.add_gap({shown_groups(task.lot->groups), missing.range, missing.error.message,
                           "How many lines failed over time is not known for these groups."});
    }
  }
}

}  // namespace fa::logs
