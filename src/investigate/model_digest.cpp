#include "investigate/model_digest.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "llm/data_fence.h"
#include "llm/token_bound.h"

namespace fa {
namespace {

constexpr std::size_t kExcerptBytes = 320;
constexpr std::size_t kSaysBytes = 420;
constexpr std::size_t kDescriptionBytes = 1200;
constexpr std::size_t kArchitectureBytes = 3000;
constexpr std::size_t kPassageBytes = 600;
constexpr std::size_t kSuspects = 5;
constexpr std::size_t kGaps = 10;
constexpr std::size_t kMostFacts = 6;

std::string fenced(const Json& line) { return llm::fenced_line(json_text(line)); }

std::string cut(std::string_view text, std::size_t bytes) {
  std::string out(whole_words_prefix(text, bytes));
  if (out.size() < text.size()) out += "…";
  return visible(out);
}

Json range_json(const TimeRange& r) { return Json::array({format_rfc3339(r.begin), format_rfc3339(r.end)}); }

/// Six significant digits, as the report has them.
Json fact_json(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (std::trunc(value) == value && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

/// Something that may be put in: what it is worth, and what it takes.
struct Item {
  std::string id;  ///< Empty where nothing can be cited.
  std::string line;
  double value = 0;
  std::uint64_t tokens = 0;
  int section = 0;  ///< Items are shown by section, then in the order given.
  bool chosen = false;
};

class DigestWriter {
 public:
  DigestWriter(const Report& report, const std::string& architecture) : report_(report), architecture_(architecture) {}

  ModelDigest run(std::uint64_t budget) {
    budget_ = budget;
    const std::string head = incident() + suspects(nullptr);
    add_evidence();
    add_calls();
    add_gaps();
    add_memory();
    ModelDigest out;
    const std::string open = "<data>\n";
    const std::string close = "</data>\n";
    std::uint64_t used = llm::token_bound(open + head + close);
    std::vector<Item*> order;
    for (Item& item : items_) order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](const Item* a, const Item* b) {
      return a->value / static_cast<double>(a->tokens) > b->value / static_cast<double>(b->tokens);
    });
    for (Item* item : order) {
      if (used + item->tokens > budget) continue;
      used += item->tokens;
      item->chosen = true;
    }
    // Suspects name only the evidence that is shown.
    std::set<std::string> shown;
    for (const Item& item : items_) {
      if (item.chosen && !item.id.empty()) shown.insert(item.id);
    }
    out.text = open + incident() + suspects(&shown);
    std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.section < b.section; });
    for (const Item& item : items_) {
      if (!item.chosen) {
        if (item.section == kEvidenceSection) ++out.left_out;
        continue;
      }
      out.text += item.line;
      if (!item.id.empty()) out.included.insert(item.id);
    }
    out.text += close;
    out.tokens = llm::token_bound(out.text);
    return out;
  }

 private:
  static constexpr int kEvidenceSection = 1;
  static constexpr int kCallsSection = 2;
  static constexpr int kGapsSection = 3;
  static constexpr int kPastSection = 4;
  static constexpr int kDocumentsSection = 5;

  void add(int section, std::string id, const Json& line, double value) {
    Item item;
    item.id = std::move(id);
    item.line = fenced(line);
    item.value = value;
    item.tokens = std::max<std::uint64_t>(1, llm::token_bound(item.line));
    item.section = section;
    items_.push_back(std::move(item));
  }

  [[nodiscard]] std::string incident() const {
    const IncidentInfo& i = report_.incident;
    Json line;
    if (!i.description.empty()) line["reported"] = cut(i.description, kDescriptionBytes);
    if (i.alarm) {
      line["alarm"] = {{"entity", cut(i.alarm->entity, 200)},
                       {"metric", cut(i.alarm->metric, 200)},
                       {"statistic", cut(i.alarm->statistic, 60)}};
      if (i.alarm->time) line["alarm"]["time"] = format_rfc3339(*i.alarm->time);
    }
    line["window"] = range_json(i.window);
    line["baseline"] = i.baseline.empty() ? Json(nullptr) : range_json(i.baseline);
    if (i.onset) line["first_sign"] = format_rfc3339(*i.onset);
    line["verdict"] = verdict_name(report_.verdict);
    line["impact"] = cut(report_.impact.summary, kSaysBytes);
    std::map<std::string, std::uint64_t> read;
    for (const CoverageItem& c : report_.coverage) read[c.format] += c.records;
    for (const auto& [format, records] : read) line["read"][format] = records;
    std::string out = fenced({{"incident", std::move(line)}});
    // At most a quarter of the room, however long the description is.
    for (std::size_t bytes = kArchitectureBytes; !architecture_.empty() && bytes > 100; bytes = bytes * 3 / 4) {
      const std::string described = fenced({{"architecture", cut(architecture_, bytes)}});
      if (4 * llm::token_bound(described) > budget_) continue;
      out += described;
      break;
    }
    return out;
  }

  [[nodiscard]] std::string suspects(const std::set<std::string>* shown) const {
    Json list = Json::array();
    for (const Hypothesis& h : report_.hypotheses) {
      if (list.size() >= kSuspects) break;
      Json one{{"rank", h.rank}, {"service", cut(h.subject.service, 200)}};
      if (!h.subject.component.empty()) one["component"] = cut(h.subject.component, 200);
      one["mechanism"] = mechanism_name(h.mechanism);
      one["confidence"] = std::round(h.confidence * 100) / 100;
      const auto ids = [&](const std::vector<std::string>& all) {
        Json list_of_ids = Json::array();
        for (const std::string& id : all) {
          if (shown == nullptr || shown->contains(id)) list_of_ids.push_back(id);
        }
        return list_of_ids;
      };
      one["evidence"] = ids(h.supports);
      if (!h.contradicts.empty()) one["against"] = ids(h.contradicts);
      if (h.location.known()) {
        one["breaks"] = {{"after", cut(h.location.from, 200)}, {"before", cut(h.location.to, 200)}};
      }
      list.push_back(std::move(one));
    }
    return fenced({{"suspects", std::move(list)}});
  }

  void add_evidence() {
    for (const Evidence& e : report_.evidence) {
      Json line{{"id", e.id}, {"about", cut(e.entity, 200)}};
      if (e.time != kNoTime) line["time"] = format_rfc3339(e.time);
      line["says"] = cut(e.claim, kSaysBytes);
      Json numbers = Json::object();
      for (const Fact& f : e.facts) {
        if (numbers.size() >= kMostFacts) break;
        numbers[f.name + (f.unit.empty() ? "" : " (" + f.unit + ")")] = fact_json(f.value);
      }
      if (!numbers.empty()) line["numbers"] = std::move(numbers);
      // A span or a metric's point is numbers all through; what it says is said above.
      if (!e.excerpt.empty() && (e.kind == EvidenceKind::kLog || e.kind == EvidenceKind::kChange)) {
        line["words"] = cut(e.excerpt, kExcerptBytes);
      }
      add(kEvidenceSection, e.id, line, value_of(e));
    }
  }

  /// How much an item can decide: what speaks for the first suspects most, each further one of a suspect less.
  [[nodiscard]] double value_of(const Evidence& e) const {
    double best = e.kind == EvidenceKind::kChange ? 0.4 : 0.15;
    for (const Hypothesis& h : report_.hypotheses) {
      for (const auto* ids : {&h.supports, &h.contradicts}) {
        const auto it = std::find(ids->begin(), ids->end(), e.id);
        if (it == ids->end()) continue;
        const auto nth = static_cast<double>(it - ids->begin());
        // The first item of a suspect is what stands for it at all.
        const double first = nth == 0 ? 2.0 : 1.0;
        best = std::max(best, first / (static_cast<double>(h.rank) * (1 + 0.4 * nth)));
      }
    }
    return best;
  }

  /// Calls near the suspects first: trouble travels along them.
  void add_calls() {
    std::map<std::string, std::vector<std::string>> callees;
    for (const TopologyEdgeView& e : report_.topology.edges) {
      // The description itself is shown to the model, in its own words.
      if (e.origin != EdgeOrigin::kDescription) callees[e.caller].push_back(e.callee);
    }
    const auto rank_of = [&](const std::string& service) {
      for (const Hypothesis& h : report_.hypotheses) {
        if (h.subject.service == service) return h.rank;
      }
      return 50;
    };
    for (const auto& [caller, list] : callees) {
      int near = rank_of(caller);
      for (const std::string& callee : list) near = std::min(near, rank_of(callee));
      Json names = Json::array();
      for (const std::string& callee : list) {
        if (names.size() >= 20) break;
        names.push_back(cut(callee, 200));
      }
      add(kCallsSection, "", {{"calls", {{"from", cut(caller, 200)}, {"to", std::move(names)}}}}, 0.6 / near);
    }
  }

  void add_gaps() {
    std::size_t n = 0;
    for (const Gap& g : report_.gaps) {
      if (++n > kGaps) break;
      add(kGapsSection, "", {{"not_seen", {{"source", cut(g.source, 200)}, {"why", cut(g.error, 200)}}}}, 1.5);
    }
  }

  void add_memory() {
    for (const SimilarView& s : report_.similar) {
      Json line{{"id", s.id},
                {"past_incident", cut(s.headline, 200)},
                {"time", format_rfc3339(s.time)},
                {"similarity", std::round(s.similarity * 100) / 100}};
      if (!s.cause.empty()) line["confirmed_cause"] = cut(s.cause, kPassageBytes);
      if (!s.fix.empty()) line["fixed_by"] = cut(s.fix, kPassageBytes);
      add(kPastSection, s.id, line, s.cause.empty() ? 0.5 : 1.0);
    }
    for (const PassageView& p : report_.passages) {
      add(kDocumentsSection, p.id,
          {{"id", p.id},
           {"document", cut(p.document, 200)},
           {"heading", cut(p.heading, 200)},
           {"text", cut(p.text, kPassageBytes)}},
          0.6);
    }
  }

  const Report& report_;
  const std::string& architecture_;
  std::uint64_t budget_ = 0;
  std::vector<Item> items_;
};

}  // namespace

std::string fenced_line(const std::string& name, const std::vector<std::pair<std::string, std::string>>& texts) {
  Json object = Json::object();
  for (const auto& [key, value] : texts) object[key] = visible(value);
  return fenced({{name, std::move(object)}});
}

ModelDigest write_model_digest(const Report& report, const std::string& architecture, std::uint64_t budget) {
  return DigestWriter(report, architecture).run(budget);
}

}  // namespace fa
