#include "sources/aws/athena_source.h"

#include <fmt/core.h>

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "aws/services/athena.h"
#include "base/text.h"
#include "sources/aws/athena_csv.h"
#include "sources/aws/athena_query.h"
#include "sources/aws/cloudtrail_plan.h"

namespace fa {
namespace {

constexpr std::size_t kParallelTables = 4;

bool is_alb(const AthenaTable& table) { return table.kind == AthenaTable::Kind::kAlb; }

const char* impact_of(const AthenaTable& table) {
  return is_alb(table) ? "Failing and slow requests, and which target they went to, may go unseen."
                       : "A change that caused the incident may go unseen.";
}

/// What the workgroup says of itself, as far as one may ask.
struct Workgroup {
  std::optional<std::uint64_t> cutoff;
  std::string note;
};

/// Writes rows as CSV and counts them.
class ResultFile {
 public:
  ResultFile(CollectedFolder& folder, std::string name, const AthenaSql& sql, std::size_t most, TimeRange window)
      : folder_(folder), name_(std::move(name)), sql_(sql), most_(most), window_(window) {}

  Result<void> add(const std::vector<std::optional<std::string>>& row) {
    if (rows_ == most_) {
      cut_ = true;  // The statement asks for one more than may be used.
      return {};
    }
    if (rows_++ == 0) append_csv_header(pending_, sql_.columns);
    if (row.front()) {
      const auto time = parse_rfc3339(*row.front());
      if (time && window_.contains(*time)) ++in_window_;
    }
    append_csv_row(pending_, row);
    return pending_.size() < kBlock ? Result<void>{} : flush();
  }

  Result<void> commit(Origin origin) {
    if (auto ok = flush(); !ok) return ok;
    return file_->commit(std::move(origin));
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t in_window() const { return in_window_; }
  [[nodiscard]] bool cut() const { return cut_; }

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;

  Result<void> flush() {
    if (!file_) {
      auto file = folder_.open(name_, CollectedFolder::Storage::kAsIs);
      if (!file) return tl::unexpected(file.error());
      file_ = std::move(*file);
    }
    auto ok = file_->write(pending_);
    pending_.clear();
    return ok;
  }

  CollectedFolder& folder_;
  std::string name_;
  const AthenaSql& sql_;
  std::size_t most_;
  TimeRange window_;
  std::unique_ptr<CollectedFile> file_;
  std::string pending_;
  std::size_t rows_ = 0;
  std::size_t in_window_ = 0;
  bool cut_ = false;
};

class AthenaSource final : public AwsSource {
 public:
  AthenaSource(const AwsScope& scope, AthenaSettings settings) : scope_(scope), settings_(std::move(settings)) {}

  [[nodiscard]] std::string name() const override {
    return fmt::format("Athena workgroup {} in {}", settings_.workgroup, scope_.region);
  }

  Result<CostEstimate> estimate(const Context& context) override {
    try {
      const Workgroup group = look_at_group(context);
      CostEstimate estimate;
      estimate.source = name();
      double bytes = 0;
      for (const AthenaTable& table : settings_.tables) {
        const auto sql = sql_of(table);
        if (!sql) return tl::unexpected(sql.error());
        const AthenaBudget budget = athena_budget(*sql, group.cutoff);
        bytes += budget.bytes;
        estimate.how += (estimate.how.empty() ? "" : "; ") + budget.how;
      }
      estimate.bytes = static_cast<std::uint64_t>(bytes);
      estimate.units[CostItem::kAthenaBytes] = bytes;
      estimate.usd = bytes * scope_.cost.prices().price(CostItem::kAthenaBytes, scope_.region);
      // Start, some polls and pages of rows for each table.
      estimate.calls = 1 + settings_.tables.size() * 20;
      return estimate;
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", name(), error.what()));
    }
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    try {
      const Workgroup group = look_at_group(context);
      if (!group.note.empty()) folder.add_note(name(), group.note);
      for_each_parallel(settings_.tables.size(), kParallelTables, [&](std::size_t i) {
        const AthenaTable& table = settings_.tables[i];
        try {
          collect_table(table, group, folder, context);
        } catch (const std::exception& error) {
          folder.add_gap({"Athena table " + table.table, scope_.window,
                          fmt::format("ended by an internal error: {}", error.what()), impact_of(table)});
        }
      });
    } catch (const std::exception& error) {
      folder.add_gap({name(), scope_.window, fmt::format("ended by an internal error: {}", error.what()),
                      "Nothing was asked of Athena."});
    }
  }

 private:
  [[nodiscard]] std::vector<TimeRange> ranges_of(const AthenaTable& table) const {
    if (is_alb(table)) return {scope_.window, scope_.baseline};
    return change_ranges(scope_.window, scope_.baseline);
  }

  [[nodiscard]] Result<AthenaSql> sql_of(const AthenaTable& table) const {
    return is_alb(table) ? alb_counts_sql(settings_, table, ranges_of(table))
                         : cloudtrail_rows_sql(settings_, table, ranges_of(table));
  }

  /// Describing costs nothing. Not being allowed to is no reason not to ask the tables.
  [[nodiscard]] Workgroup look_at_group(const Context& context) const {
    Workgroup group;
    const auto known = aws::athena::get_work_group(scope_.client, settings_.workgroup, context);
    if (!known) {
      group.note = fmt::format("What workgroup {} limits is not known: {}", settings_.workgroup, known.error().message);
      return group;
    }
    group.cutoff = known->bytes_scanned_cutoff;
    if (known->enforced && !settings_.output_location.empty() && known->output_location != settings_.output_location) {
      group.note = fmt::format("Workgroup {} enforces its own settings: results go to {} instead of {}.",
                               settings_.workgroup, known->output_location, settings_.output_location);
    }
    return group;
  }

  void collect_table(const AthenaTable& table, const Workgroup& group, CollectedFolder& folder,
                     const Context& context) {
    const std::string source = "Athena table " + visible(utf8_prefix(table.table, 200));
    const std::vector<TimeRange> ranges = ranges_of(table);
    TimeRange whole = ranges.front();
    for (const TimeRange& range : ranges) {
      if (range.empty()) continue;
      whole = {std::min(whole.begin, range.begin), std::max(whole.end, range.end)};
    }
    const auto gap = [&](TimeRange range, std::string error) {
      folder.add_gap({source, range, std::move(error), impact_of(table)});
    };
    const auto sql = sql_of(table);
    if (!sql) return gap(whole, sql.error().message);
    if (sql->days == 0) {
      folder.add_note(source, "The table has no partitions: each query reads all of it, whatever the window.");
    }
    const AthenaRunner runner(scope_, settings_, source);
    const auto most = static_cast<std::size_t>(std::max(settings_.rows_limit, 1));
    ResultFile file(folder, fmt::format("athena/{}-{}.csv", sql->table, is_alb(table) ? "requests" : "changes"), *sql,
                    most, scope_.window);
    const auto ended = runner.run(
        *sql, athena_budget(*sql, group.cutoff), [&](const auto& row) { return file.add(row); }, context);
    if (!ended) {
      gap(whole, ended.error().message);
      // Changes that came are changes. Counts of requests are only worth something together: those that fail come
      // first, so that a part of them would say that all fail.
      if (is_alb(table) || file.rows() == 0) return;
    }
    if (file.rows() == 0) return tell_empty(table, *sql, folder, source);
    Origin origin{
        "athena",      scope_.account, scope_.region,         sql->table + " in workgroup " + settings_.workgroup,
        inlined(*sql), whole,          runner.reproduce(*sql)};
    const bool cut = file.cut();
    if (auto ok = file.commit(std::move(origin)); !ok) return gap(whole, ok.error().message);
    folder.add_note(source, fmt::format("{} rows of {}, by a query over {}.", format_count(file.rows()),
                                        is_alb(table) ? "counted requests" : "changes and refused calls",
                                        sql->days == 0 ? "the whole table" : fmt::format("{} days", sql->days)));
    if (cut) {
      gap(whole,
          fmt::format("There were more than {} rows; {} were left out. Raise aws.athena.rows_limit, or make the "
                      "window smaller.",
                      format_count(most),
                      is_alb(table) ? "the groups with the fewest requests that went well" : "the oldest changes"));
    }
    if (is_alb(table) && file.in_window() == 0) {
      gap(scope_.window, "The table holds no request of the window, only of the baseline.");
    }
  }

  void tell_empty(const AthenaTable& table, const AthenaSql& sql, CollectedFolder& folder,
                  const std::string& source) const {
    std::string text =
        fmt::format("The query found no {} of this time in {}.", is_alb(table) ? "request" : "change", sql.table);
    text += table.partitioning == "year_month_day"
                ? " The partitions of these days may not have been added yet (ALTER TABLE ... ADD PARTITION)."
                : " The partition column may have another form than yyyy/MM/dd, or its projection another range.";
    text += " Logs come some minutes late. docs/ops/athena.md has the tables.";
    folder.add_gap({source, scope_.window, std::move(text), impact_of(table)});
  }

  const AwsScope& scope_;
  AthenaSettings settings_;
};

}  // namespace

std::unique_ptr<AwsSource> make_athena_source(const AwsScope& scope, AthenaSettings settings) {
  return std::make_unique<AthenaSource>(scope, std::move(settings));
}

}  // namespace fa
