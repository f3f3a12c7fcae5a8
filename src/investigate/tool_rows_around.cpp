#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <stop_token>

#include "base/text.h"
#include "investigate/tool_support.h"
#include "sources/file/file_reader.h"

namespace fa::tools {
namespace {

constexpr std::size_t kDefaultNeighbours = 5;
/// All rows are wanted, so each gives up some of its text where there are many.
constexpr std::size_t kTextsTogether = 6'000;
constexpr std::size_t kLeastText = 120;

/// A record near the wanted one, copied.
struct Neighbour {
  EvidenceKind kind = EvidenceKind::kLog;
  BytePosition position;
  TimePoint time = kNoTime;
  Severity severity = Severity::kUnknown;
  std::string service;
  std::string text;  ///< Empty: the bytes themselves.
  bool cut = false;
};

/// Keeps what comes just before and after a position, in the order of the file; ends the reading when it has it all.
class NeighbourSink final : public TelemetrySink {
 public:
  NeighbourSink(const BytePosition& wanted, std::size_t most_before, std::size_t most_after, std::stop_source& enough)
      : wanted_(wanted),
        before_limit_(most_before),
        after_limit_(most_after),
        text_limit_(std::clamp(kTextsTogether / (most_before + most_after + 1), kLeastText, kMaxTextBytes)),
        enough_(enough) {}

  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records) {
      if (full()) return;
      Neighbour n;
      n.position = r.position;
      n.time = r.time;
      n.severity = r.severity;
      n.service = r.service;
      n.text = shown_text(r.message, n.cut, text_limit_);
      take(std::move(n));
    }
  }
  void on_access(std::span<const AccessRecord> records) override {
    for (const AccessRecord& r : records) {
      if (full()) return;
      Neighbour n;
      n.position = r.position;
      n.time = r.time;
      n.service = r.target_group.empty() ? r.entity : r.target_group;
      n.cut = r.position.length > kMaxTextBytes;
      take(std::move(n));
    }
  }
  void on_change(ChangeEvent&& e) override {
    if (full()) return;
    Neighbour n;
    n.kind = EvidenceKind::kChange;
    n.position = e.position;
    n.time = e.time;
    n.service = std::move(e.service);
    n.cut = e.position.length > kMaxTextBytes;
    take(std::move(n));
  }

  std::deque<Neighbour> before;
  std::vector<Neighbour> self;  ///< The record, and others made of the same bytes.
  std::vector<Neighbour> after;
  std::uint64_t seen_before = 0;
  bool more_after = false;

 private:
  [[nodiscard]] bool full() const { return more_after; }
  void take(Neighbour n) {
    if (n.position.offset == wanted_.offset) {
      if (self.size() <= after_limit_) self.push_back(std::move(n));
    } else if (n.position.offset < wanted_.offset) {
      ++seen_before;
      before.push_back(std::move(n));
      if (before.size() > before_limit_) before.pop_front();
    } else if (after.size() < after_limit_) {
      after.push_back(std::move(n));
    } else {
      more_after = true;
      enough_.request_stop();
    }
  }

  BytePosition wanted_;
  std::size_t before_limit_;
  std::size_t after_limit_;
  std::size_t text_limit_;
  std::stop_source& enough_;
};

Result<Answer> rows_around(const Call& call) {
  const Study& study = call.world.study;
  const std::string& id = *call.arguments.text("id");
  const Evidence* found = call.world.book.find(id);
  if (found == nullptr) {
    return fail(ErrorCode::kNotFound, fmt::format("parameter id: no item has the id \"{}\"; give one that was shown",
                                                  sanitize_utf8(utf8_prefix(id, 60))));
  }
  const Evidence item = *found;
  if (item.kind != EvidenceKind::kLog && item.kind != EvidenceKind::kChange) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("parameter id: {} is a {} item; rows_around shows the neighbours of log, access and change "
                            "records (L.., C..). For others use span_tree or get_metric",
                            item.id, evidence_kind_name(item.kind)));
  }
  const auto file = file_index(study, item.locator.resource);
  if (!file) {
    return fail(ErrorCode::kNotFound, fmt::format("{} has no file to read: \"{}\"", item.id, item.locator.resource));
  }
  std::stop_source enough;
  const std::stop_callback passed_on(call.context.stop, [&] { enough.request_stop(); });
  Context context = call.context;
  context.stop = enough.get_token();
  NeighbourSink sink(item.locator.position, call.arguments.count("before", kDefaultNeighbours),
                     call.arguments.count("after", kDefaultNeighbours), enough);
  ReaderOptions options;
  options.reference_time = study.plan.reference_time;
  const FileOutcome outcome = read_input(study.inputs.files[*file], options, sink, context);

  RereadAccount account;
  account.stopped = call.context.stopped() && !sink.more_after && !outcome.gaps.empty();
  if (!outcome.gaps.empty() && !sink.more_after) account.not_read.push_back(item.locator.resource);
  Answer answer(call);
  answer.total = sink.self.empty() ? 0 : sink.before.size() + sink.self.size() + sink.after.size();
  answer.truncated = !sink.self.empty() && (sink.more_after || sink.seen_before > sink.before.size());
  answer.extra.text("file", item.locator.resource);
  if (auto told = tell_account(account, answer); !told) return tl::unexpected(told.error());
  if (sink.self.empty()) {
    answer.notes.push_back(fmt::format("no record stands at the place of {} any more", item.id));
    return answer;
  }

  std::vector<EvidenceRow> rows;
  const auto add = [&](Neighbour& n, std::string_view place) {
    EvidenceRow row;
    row.evidence = evidence_at(call.world, n.kind, *file, n.position, n.time, n.service, "tool:rows_around");
    row.evidence.excerpt = std::move(n.text);
    row.members.text("place", place).time("time", n.time).text_unless_empty("entity", n.service);
    row.members.text_unless_empty("severity", severity_word(n.severity));
    row.show_text = true;
    row.text_cut = n.cut;
    rows.push_back(std::move(row));
  };
  for (Neighbour& n : sink.before) add(n, "before");
  for (Neighbour& n : sink.self) add(n, "here");
  for (Neighbour& n : sink.after) add(n, "after");
  show_rows(call, rows, answer);
  return answer;
}

}  // namespace

Tool rows_around_tool() {
  return {"rows_around",
          {{.name = "id", .required = true, .max_bytes = 60},
           {.name = "before", .type = ParameterType::kCount, .least = 0, .most = 20},
           {.name = "after", .type = ParameterType::kCount, .least = 0, .most = 20}},
          &rows_around};
}

}  // namespace fa::tools
