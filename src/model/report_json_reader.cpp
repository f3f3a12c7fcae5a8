// The way back: JSON text -> Report. Apart from the writer because its idea is another one: to say exactly what is
// wrong where, in text that anyone may have edited.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/report_json.h"

namespace fa {
namespace {

using Json = nlohmann::ordered_json;

/// One value of the document and its place. The first error wins and later reads do nothing; read functions leave
/// their target alone when the key is missing.
class Reader {
 public:
  Reader(const Json& value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(error) {}

  void read(const char* key, std::string& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) {
        out.clear();
      } else if (v.is_string()) {
        out = v.get_ref<const std::string&>();
      } else {
        wrong(path, "a string", v);
      }
    });
  }

  void read(const char* key, bool& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_boolean()) {
        out = v.get<bool>();
      } else {
        wrong(path, "true or false", v);
      }
    });
  }

  /// Null is "not a number": the writer writes it for non-finite values.
  void read(const char* key, double& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) {
        out = std::numeric_limits<double>::quiet_NaN();
      } else if (v.is_number()) {
        out = v.get<double>();
      } else {
        wrong(path, "a number", v);
      }
    });
  }

  template <class Unsigned>
  void read_count(const char* key, Unsigned& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_number_unsigned() && v.get<std::uint64_t>() <= std::numeric_limits<Unsigned>::max()) {
        out = static_cast<Unsigned>(v.get<std::uint64_t>());
      } else {
        wrong(path, "a whole number from 0", v);
      }
    });
  }

  void read(const char* key, TimePoint& out) const {
    with(key, [&](const Json& v, const std::string& path) { out = time(v, path).value_or(kNoTime); });
  }
  void read(const char* key, std::optional<TimePoint>& out) const {
    with(key, [&](const Json& v, const std::string& path) { out = time(v, path); });
  }

  void read(const char* key, TimeRange& out) const {
    object(key, [&](const Reader& r) {
      r.read("from", out.begin);
      r.read("to", out.end);
    });
  }

  void read(const char* key, std::vector<std::string>& out) const {
    elements(key, [&](const Json& v, const std::string& path) {
      if (v.is_string()) {
        out.push_back(v.get<std::string>());
      } else {
        wrong(path, "a string", v);
      }
    });
  }

  /// `name_of` names each enum value from the first up to `last`.
  template <class Enum, class NameOf>
  void read_name(const char* key, Enum last, NameOf name_of, Enum& out) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_string()) {
        for (int i = 0; i <= static_cast<int>(last); ++i) {
          if (name_of(static_cast<Enum>(i)) == v.get_ref<const std::string&>()) {
            out = static_cast<Enum>(i);
            return;
          }
        }
      }
      std::string known;
      for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (i > 0) known += ", ";
        known += name_of(static_cast<Enum>(i));
      }
      wrong(path, "one of " + known, v);
    });
  }

  /// Calls `use(Reader)` for the object under `key`; a missing key or null is nothing.
  template <class Use>
  void object(const char* key, Use use) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (v.is_null()) return;
      if (v.is_object()) {
        use(Reader(v, path, error_));
      } else {
        wrong(path, "an object", v);
      }
    });
  }

  /// Appends what `make(Reader, Item&)` fills for each object of the array under `key`.
  template <class Item, class Make>
  void objects(const char* key, std::vector<Item>& out, Make make) const {
    elements(key, [&](const Json& v, const std::string& path) {
      if (!v.is_object()) return wrong(path, "an object", v);
      make(Reader(v, path, error_), out.emplace_back());
    });
  }

  /// Calls `use(value, path)` for each element of the array under `key`.
  template <class Use>
  void elements(const char* key, Use use) const {
    with(key, [&](const Json& v, const std::string& path) {
      if (!v.is_array()) return wrong(path, "an array", v);
      for (std::size_t i = 0; i < v.size() && error_.empty(); ++i) use(v[i], path + "/" + std::to_string(i));
    });
  }

  void wrong(const std::string& path, const std::string& expected, const Json& found) const {
    if (!error_.empty()) return;
    std::string shown;
    if (found.is_primitive()) {
      // Only the start: a value may be as large as the document.
      const std::string dumped = found.is_string() ? found.get<std::string>() : found.dump();
      shown = " `" + visible(utf8_prefix(dumped, 60)) + "`";
    }
    error_ = path + ": expected " + expected + ", found " + found.type_name() + shown;
  }

 private:
  template <class Use>
  void with(const char* key, Use use) const {
    if (!error_.empty()) return;
    const auto found = value_.find(key);
    if (found != value_.end()) use(*found, path_ + "/" + key);
  }

  std::optional<TimePoint> time(const Json& v, const std::string& path) const {
    if (v.is_null()) return std::nullopt;
    const auto parsed = v.is_string() ? parse_rfc3339(v.get_ref<const std::string&>()) : std::nullopt;
    if (!parsed) wrong(path, "an RFC 3339 time or null", v);
    return parsed;
  }

  const Json& value_;
  std::string path_;
  std::string& error_;
};

void read_incident(const Reader& r, IncidentInfo& info) {
  r.read("id", info.id);
  r.read("description", info.description);
  r.read("window", info.window);
  r.read("window_given", info.window_given);
  r.read("baseline", info.baseline);
  r.read("baseline_given", info.baseline_given);
  r.read("onset", info.onset);
  r.object("alarm", [&](const Reader& a) {
    Alarm alarm;
    a.read("entity", alarm.entity);
    a.read("metric", alarm.metric);
    a.read("statistic", alarm.statistic);
    a.read("time", alarm.time);
    info.alarm = std::move(alarm);
  });
}

void read_hypothesis(const Reader& r, Hypothesis& h) {
  std::uint16_t rank = 0;
  r.read_count("rank", rank);
  h.rank = rank;
  r.object("subject", [&](const Reader& s) {
    s.read("service", h.subject.service);
    s.read("instance", h.subject.instance);
    s.read("component", h.subject.component);
  });
  r.read_name("mechanism", Mechanism::kUnknown, mechanism_name, h.mechanism);
  r.object("location", [&](const Reader& l) {
    l.read("from", h.location.from);
    l.read("to", h.location.to);
  });
  r.read("statement", h.statement);
  r.read("score", h.score);
  r.read("confidence", h.confidence);
  r.read("supports", h.supports);
  r.read("contradicts", h.contradicts);
  r.read_name("status", HypothesisStatus::kUntested, hypothesis_status_name, h.status);
}

void read_locator(const Reader& r, Locator& l) {
  r.read("source", l.source);
  r.read("account", l.account);
  r.read("region", l.region);
  r.read("resource", l.resource);
  r.read("query", l.query);
  r.read("range", l.range);
  r.object("position", [&](const Reader& p) {
    p.read_count("offset", l.position.offset);
    p.read_count("length", l.position.length);
    p.read_count("line", l.position.line);
    p.read_count("line_count", l.position.line_count);
  });
}

void read_chart(const Reader& r, std::optional<ChartSeries>& out) {
  ChartSeries series;
  r.read("range", series.range);
  r.read("unit", series.unit);
  r.elements("values", [&](const Json& v, const std::string& path) {
    if (v.is_null()) {
      series.values.emplace_back();
    } else if (v.is_number()) {
      series.values.emplace_back(v.get<double>());
    } else {
      r.wrong(path, "a number or null", v);
    }
  });
  out = std::move(series);
}

void read_evidence(const Reader& r, Evidence& e) {
  r.read("id", e.id);
  r.read_name("kind", EvidenceKind::kTopology, evidence_kind_name, e.kind);
  r.read("entity", e.entity);
  r.read("time", e.time);
  r.read("claim", e.claim);
  r.read("excerpt", e.excerpt);
  r.object("locator", [&](const Reader& l) { read_locator(l, e.locator); });
  r.read("sha256", e.sha256);
  r.read("reproduce", e.reproduce);
  r.read("key", e.key);
  r.objects("facts", e.facts, [](const Reader& f, Fact& fact) {
    f.read("name", fact.name);
    f.read("value", fact.value);
    f.read("unit", fact.unit);
  });
  r.object("charts", [&](const Reader& c) {
    c.object("window", [&](const Reader& w) { read_chart(w, e.window_chart); });
    c.object("baseline", [&](const Reader& b) { read_chart(b, e.baseline_chart); });
  });
  r.read_name("check", CheckStatus::kFailed, check_status_name, e.check);
  r.read("check_reason", e.check_reason);
}

void read_action(const Reader& r, ActionItem& item) {
  r.read("text", item.text);
  r.read("evidence", item.evidence);
}

void read_coverage(const Reader& r, CoverageItem& item) {
  r.read("source", item.source);
  r.read("format", item.format);
  r.read_count("records", item.records);
  r.read_count("bytes", item.bytes);
  r.read_count("skipped", item.skipped);
  r.read_count("truncated", item.truncated);
  r.read("range", item.range);
  r.read("note", item.note);
}

void read_report(const Reader& r, Report& report) {
  r.read_name(
      "language", Language::kJapanese,
      [](Language l) { return std::string_view(l == Language::kJapanese ? "ja" : "en"); }, report.language);
  r.object("incident", [&](const Reader& i) { read_incident(i, report.incident); });
  r.read_name("verdict", Verdict::kCannotTell, verdict_name, report.verdict);
  r.read("headline", report.headline);
  r.read_name("severity", ReportSeverity::kCritical, severity_name, report.severity);
  r.object("impact", [&](const Reader& i) {
    i.read("summary", report.impact.summary);
    i.read("affected", report.impact.affected);
    i.read("since", report.impact.since);
  });
  r.objects("hypotheses", report.hypotheses, read_hypothesis);
  r.objects("evidence", report.evidence, read_evidence);
  r.objects("timeline", report.timeline, [](const Reader& t, TimelineEntry& entry) {
    t.read("time", entry.time);
    t.read("text", entry.text);
    t.read("evidence", entry.evidence_id);
  });
  r.objects("actions", report.actions, read_action);
  r.objects("prevention", report.prevention, read_action);
  r.objects("coverage", report.coverage, read_coverage);
  r.objects("gaps", report.gaps, [](const Reader& g, Gap& gap) {
    g.read("source", gap.source);
    g.read("range", gap.range);
    g.read("error", gap.error);
    g.read("impact", gap.impact);
  });
  r.read("questions", report.questions);
  r.object("topology", [&](const Reader& t) {
    t.objects("edges", report.topology, [](const Reader& e, TopologyEdgeView& edge) {
      e.read("caller", edge.caller);
      e.read("callee", edge.callee);
    });
  });
  r.object("verification", [&](const Reader& v) {
    v.read_count("checked", report.verification.checked);
    v.read_count("passed", report.verification.passed);
  });
  r.object("usage", [&](const Reader& u) {
    u.read_count("bytes_read", report.usage.bytes_read);
    u.read_count("records_read", report.usage.records_read);
    u.read_count("model_input_tokens", report.usage.model_input_tokens);
    u.read_count("model_output_tokens", report.usage.model_output_tokens);
    u.read("cost_usd", report.usage.cost_usd);
  });
  r.object("versions", [&](const Reader& v) { v.read("fa2", report.fa2_version); });
}

}  // namespace

Result<Report> report_from_json(std::string_view text) {
  if (text.size() > kMaxReportJsonBytes) {
    return fail(ErrorCode::kLimit, "report JSON: " + format_bytes(text.size()) + " is more than the limit of " +
                                       format_bytes(kMaxReportJsonBytes));
  }
  Json root;
  try {
    root = Json::parse(text);
  } catch (const Json::exception& e) {
    return fail(ErrorCode::kInvalidInput, "report JSON: " + visible(utf8_prefix(e.what(), 300)));
  }
  if (!root.is_object()) return fail(ErrorCode::kInvalidInput, "report JSON: expected an object");
  std::string error;
  const Reader reader(root, "", error);
  std::string version;
  reader.read("schema_version", version);
  if (error.empty() && !version.starts_with("1.")) {
    return fail(ErrorCode::kInvalidInput,
                "report JSON: /schema_version: expected 1.x, found `" + visible(utf8_prefix(version, 60)) + "`");
  }
  Report report;
  read_report(reader, report);
  if (!error.empty()) return fail(ErrorCode::kInvalidInput, "report JSON: " + error);
  return report;
}

}  // namespace fa
