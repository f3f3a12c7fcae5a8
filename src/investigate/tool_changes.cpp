#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "investigate/tool_support.h"

namespace fa::tools {
namespace {

constexpr std::size_t kMaxChangesShown = 30;
constexpr std::size_t kMaxDetail = 300;

/// A change concerns an entity when its record says so, or when its resource names it.
bool concerns(const ChangeEvent& change, const std::string& entity, std::span<const std::string> entities) {
  return change.service == entity || service_named_in(change.resource, entities) == entity;
}

void add_detail(JsonWriter& row, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  bool cut = false;
  row.text(key, shown_text(value, cut, kMaxDetail));
  if (cut) row.flag(std::string(key) + "_cut", true);
}

/// What the finding about the change says, if there is one: clocks differ, so one just after the onset may be before
/// it.
double seconds_before_onset(const Study& study, const RecordedChange& change) {
  for (const Finding& f : study.findings.all) {
    if (f.kind != FindingKind::kChange || f.quotes.empty() || f.facts.empty()) continue;
    const FindingQuote& q = f.quotes.front();
    if (q.file == change.file && q.position.offset == change.event.position.offset && q.time == change.event.time &&
        f.subject.component == change.event.resource) {
      return f.facts.front().value;
    }
  }
  return static_cast<double>((study.findings.onset - change.event.time).count()) * 1e-9;
}

Result<Answer> changes(const Call& call) {
  const Study& study = call.world.study;
  const auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  const auto range = range_of(call, {kNoTime, kEndless});
  if (!range) return tl::unexpected(range.error());
  const bool limited = call.arguments.has("from") || call.arguments.has("to");
  Answer answer(call);
  if (limited) answer.range = *range;
  std::vector<const RecordedChange*> found;
  for (const RecordedChange& c : study.digest.changes) {
    if (limited && (c.event.time == kNoTime || !range->contains(c.event.time))) continue;
    if (!entity->empty() && !concerns(c.event, *entity, study.digest.services)) continue;
    found.push_back(&c);
  }
  answer.total = found.size();
  // Too many: the latest, which are nearest to the incident.
  if (found.size() > kMaxChangesShown) {
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(kMaxChangesShown));
  }
  std::vector<EvidenceRow> rows;
  for (const RecordedChange* c : found) {
    const ChangeEvent& e = c->event;
    EvidenceRow row;
    row.evidence =
        evidence_at(call.world, EvidenceKind::kChange, c->file, e.position, e.time, e.service, "tool:changes");
    row.members.time("time", e.time).text("kind", e.kind);
    row.members.text_unless_empty("actor", whole_words_prefix(e.actor, kMaxDetail));
    row.members.text_unless_empty("action", whole_words_prefix(e.action, kMaxDetail));
    row.members.text_unless_empty("resource", whole_words_prefix(e.resource, kMaxDetail));
    row.members.text_unless_empty("entity", e.service);
    add_detail(row.members, "before", e.before);
    add_detail(row.members, "after", e.after);
    add_detail(row.members, "error", e.error);
    row.members.text_unless_empty("origin", whole_words_prefix(e.origin, kMaxDetail));
    if (study.findings.onset != kNoTime && e.time != kNoTime) {
      const double seconds = seconds_before_onset(study, *c);
      const char* name = seconds < 0 ? "seconds_after_onset" : "seconds_before_onset";
      row.evidence.facts = {{name, std::abs(seconds), "s"}};
      row.members.number(name, std::abs(seconds));
    }
    rows.push_back(std::move(row));
  }
  show_rows(call, rows, answer);
  answer.truncated = answer.total > answer.rows.size();
  return answer;
}

}  // namespace

Tool changes_tool() {
  return {"changes",
          {{.name = "entity", .max_bytes = 300},
           {.name = "from", .type = ParameterType::kTime},
           {.name = "to", .type = ParameterType::kTime}},
          &changes};
}

}  // namespace fa::tools
