#include "model/report_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/utf8.h"

namespace fa {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: every integer below is a double.

Json text(std::string_view value) { return sanitize_utf8(value); }

Json text_or_null(std::string_view value) { return value.empty() ? Json(nullptr) : text(value); }

/// Six significant digits, through decimal text: the only rounding that gives equal bytes for equal digits.
double rounded(double value) {
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific, 5);
  double result = value;
  std::from_chars(buffer, written.ptr, result);
  return result;
}

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  // Counts stay exact, and 3.0000000001 is written as 3 is.
  const double shown = std::trunc(value) == value ? value : rounded(value);
  if (std::trunc(shown) == shown && std::abs(shown) < kExactIntegers) return static_cast<std::int64_t>(shown);
  return shown;
}

Json number_or_zero(double value) { return number(std::isfinite(value) ? value : 0.0); }

Json time(TimePoint t) {
  static const TimePoint kFirst{Nanoseconds{0}};
  static const TimePoint kEnd{std::chrono::sys_days{std::chrono::year{2262} / 1 / 1}};
  if (t < kFirst || t >= kEnd) return nullptr;
  return format_rfc3339(t);
}

Json time(const std::optional<TimePoint>& t) { return t ? time(*t) : Json(nullptr); }

Json range(const TimeRange& r) {
  Json from = time(r.begin);
  Json to = time(r.end);
  if (from.is_null() && to.is_null()) return nullptr;
  return {{"from", std::move(from)}, {"to", std::move(to)}};
}

template <class Items, class Convert>
Json list(const Items& items, Convert convert) {
  Json result = Json::array();
  for (const auto& item : items) result.push_back(convert(item));
  return result;
}

Json texts(const std::vector<std::string>& items) {
  return list(items, [](const std::string& item) { return text(item); });
}

Json incident(const IncidentInfo& info) {
  Json alarm = nullptr;
  if (info.alarm) {
    alarm = {{"entity", text(info.alarm->entity)},
             {"metric", text(info.alarm->metric)},
             {"statistic", text(info.alarm->statistic)},
             {"time", time(info.alarm->time)}};
  }
  return {{"id", text(info.id)},
          {"description", text(info.description)},
          {"window", range(info.window)},
          {"window_given", info.window_given},
          {"baseline", range(info.baseline)},
          {"baseline_given", info.baseline_given},
          {"onset", time(info.onset)},
          {"alarm", std::move(alarm)}};
}

Json hypothesis(const Hypothesis& h) {
  Json location = nullptr;
  if (h.location.known()) location = {{"from", text_or_null(h.location.from)}, {"to", text_or_null(h.location.to)}};
  const double confidence = std::isfinite(h.confidence) ? std::clamp(h.confidence, 0.0, 1.0) : 0.0;
  return {{"rank", h.rank},
          {"subject",
           {{"service", text(h.subject.service)},
            {"instance", text_or_null(h.subject.instance)},
            {"component", text_or_null(h.subject.component)}}},
          {"mechanism", mechanism_name(h.mechanism)},
          {"location", std::move(location)},
          {"statement", text(h.statement)},
          {"score", number_or_zero(h.score)},
          {"confidence", number(confidence)},
          {"supports", texts(h.supports)},
          {"contradicts", texts(h.contradicts)},
          {"status", hypothesis_status_name(h.status)}};
}

Json locator(const Locator& l) {
  return {{"source", text(l.source)},
          {"account", text(l.account)},
          {"region", text(l.region)},
          {"resource", text(l.resource)},
          {"query", text(l.query)},
          {"range", range(l.range)},
          {"position",
           {{"offset", l.position.offset},
            {"length", l.position.length},
            {"line", l.position.line},
            {"line_count", l.position.line_count}}}};
}

Json chart(const std::optional<ChartSeries>& series) {
  if (!series) return nullptr;
  return {
      {"range", range(series->range)},
      {"unit", text(series->unit)},
      {"values", list(series->values, [](const std::optional<double>& v) { return v ? number(*v) : Json(nullptr); })}};
}

Json evidence(const Evidence& e) {
  return {{"id", text(e.id)},
          {"kind", evidence_kind_name(e.kind)},
          {"entity", text(e.entity)},
          {"time", time(e.time)},
          {"claim", text(e.claim)},
          {"excerpt", text(e.excerpt)},
          {"locator", locator(e.locator)},
          {"sha256", text(e.sha256)},
          {"reproduce", text(e.reproduce)},
          {"key", text(e.key)},
          {"facts", list(e.facts,
                         [](const Fact& f) {
                           return Json{{"name", text(f.name)}, {"value", number(f.value)}, {"unit", text(f.unit)}};
                         })},
          {"charts", {{"window", chart(e.window_chart)}, {"baseline", chart(e.baseline_chart)}}},
          {"check", check_status_name(e.check)},
          {"check_reason", text(e.check_reason)}};
}

Json action(const ActionItem& item) { return {{"text", text(item.text)}, {"evidence", texts(item.evidence)}}; }

Json coverage(const CoverageItem& item) {
  return {{"source", text(item.source)}, {"format", text(item.format)}, {"records", item.records},
          {"bytes", item.bytes},         {"skipped", item.skipped},     {"truncated", item.truncated},
          {"range", range(item.range)},  {"note", text(item.note)}};
}

Json gap(const Gap& g) {
  return {{"source", text(g.source)}, {"range", range(g.range)}, {"error", text(g.error)}, {"impact", text(g.impact)}};
}

Json timeline_entry(const TimelineEntry& entry) {
  return {{"time", time(entry.time)}, {"text", text(entry.text)}, {"evidence", text_or_null(entry.evidence_id)}};
}

/// Characters that a terminal or editor acts on and that JSON itself lets stand: DEL, C1 controls, the line and
/// paragraph separators, zero-width and bidirectional controls.
bool must_escape(char32_t c) {
  return (c >= 0x7f && c <= 0x9f) || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/// Escapes within the strings of a JSON text without changing what it means (none of these occur outside strings).
std::string inert(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const Utf8Char c = decode_utf8(json.substr(i));
    const bool opens_markup = c.code == '<' && i + 1 < json.size() && (json[i + 1] == '/' || json[i + 1] == '!');
    if (opens_markup || must_escape(c.code)) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u";
      for (unsigned shift = 16; shift > 0; shift -= 4) out += kHex[(c.code >> (shift - 4)) & 15U];
    } else {
      out += json.substr(i, c.size);
    }
    i += c.size;
  }
  return out;
}

}  // namespace

std::string report_to_json(const Report& report) {
  Json root;
  root["schema_version"] = Report::kSchemaVersion;
  root["language"] = report.language == Language::kJapanese ? "ja" : "en";
  root["incident"] = incident(report.incident);
  root["verdict"] = verdict_name(report.verdict);
  root["headline"] = text(report.headline);
  root["severity"] = severity_name(report.severity);
  root["impact"] = {{"summary", text(report.impact.summary)},
                    {"affected", texts(report.impact.affected)},
                    {"since", time(report.impact.since)}};
  root["hypotheses"] = list(report.hypotheses, hypothesis);
  root["evidence"] = list(report.evidence, evidence);
  root["timeline"] = list(report.timeline, timeline_entry);
  root["actions"] = list(report.actions, action);
  root["prevention"] = list(report.prevention, action);
  root["coverage"] = list(report.coverage, coverage);
  root["gaps"] = list(report.gaps, gap);
  root["questions"] = texts(report.questions);
  root["topology"] = {{"edges", list(report.topology, [](const TopologyEdgeView& edge) {
                         return Json{{"caller", text(edge.caller)}, {"callee", text(edge.callee)}};
                       })}};
  root["verification"] = {{"checked", report.verification.checked}, {"passed", report.verification.passed}};
  root["usage"] = {{"bytes_read", report.usage.bytes_read},
                   {"records_read", report.usage.records_read},
                   {"model_input_tokens", report.usage.model_input_tokens},
                   {"model_output_tokens", report.usage.model_output_tokens},
                   {"cost_usd", number_or_zero(report.usage.cost_usd)}};
  root["versions"] = {{"fa2", text(report.fa2_version)}};
  return inert(root.dump(2));
}

}  // namespace fa
