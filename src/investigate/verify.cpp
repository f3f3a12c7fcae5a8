#include "investigate/verify.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "formats/reader.h"
#include "investigate/phrases.h"
#include "investigate/quote.h"
#include "sources/file/replay.h"

namespace fa {
namespace {

/// Catches the time of the first record in the bytes of one record.
class TimeSink final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> r) override { take(r.empty() ? kNoTime : r.front().time); }
  void on_access(std::span<const AccessRecord> r) override { take(r.empty() ? kNoTime : r.front().time); }
  void on_change(ChangeEvent&& e) override { take(e.time); }
  void on_metric(MetricSeries&& s) override {
    for (const TimePoint t : s.times) take(t);
  }
  void on_trace_summary(TraceSummary&& t) override { take(t.time); }
  std::set<TimePoint> times;

 private:
  void take(TimePoint t) {
    if (t != kNoTime) times.insert(t);
  }
};

/// The times a reader finds in the bytes of one record; those without a date are placed near `reference`.
std::set<TimePoint> times_in(std::string_view bytes, TimePoint reference) {
  std::string padded(bytes);
  padded.append("\n");
  const std::size_t size = padded.size();
  padded.append(kReadPadding, '\0');
  TimeSink sink;
  ReaderOptions options;
  options.reference_time = reference;
  const std::string_view record = std::string_view(padded).substr(0, size);
  make_reader(detect_format(record, true).format, options)->read(record, 0, true, sink);
  return sink.times;
}

/// True when the time is spelled in the bytes, or is what a reader makes of them. Readers see one record alone, so a
/// time of day without a date is accepted when it is the same time of day.
bool time_stands_in(TimePoint time, std::string_view bytes) {
  if (!point_excerpt(bytes, time).empty()) return true;
  constexpr auto kDay = std::chrono::hours(24);
  constexpr auto kSlack = std::chrono::seconds(1);  // written with less precision than another copy of the record
  const std::set<TimePoint> times = times_in(bytes, time);
  const auto distance = [&](TimePoint t) { return t > time ? t - time : time - t; };
  if (std::any_of(times.begin(), times.end(), [&](TimePoint t) { return distance(t) < kSlack; })) return true;
  // A record that names its date means the same day wherever it is placed.
  const std::set<TimePoint> elsewhere = times_in(bytes, time - 400 * kDay);
  return std::any_of(times.begin(), times.end(),
                     [&](TimePoint t) { return !elsewhere.contains(t) && distance(t) % kDay < kSlack; });
}

/// Numbers a reader sees in a sentence, leaving out what stands in quotation marks and numbers inside words (`p99`).
std::vector<std::pair<double, int>> numbers_in(std::string_view sentence) {
  std::vector<std::pair<double, int>> numbers;  // value, digits after the point
  bool quoted = false;
  for (std::size_t i = 0; i < sentence.size();) {
    const std::string_view rest = sentence.substr(i);
    if (rest.starts_with("“") || rest.starts_with("「")) quoted = true;
    if (rest.starts_with("”") || rest.starts_with("」")) quoted = false;
    const auto c = static_cast<unsigned char>(sentence[i]);
    const bool starts = !quoted && std::isdigit(c) != 0;
    if (!starts) {
      const bool word = std::isalpha(c) != 0 || c == '_';
      ++i;
      while (word && i < sentence.size() && std::isalnum(static_cast<unsigned char>(sentence[i])) != 0) ++i;
      continue;
    }
    std::string digits;
    int decimals = -1;
    for (; i < sentence.size(); ++i) {
      const char d = sentence[i];
      const bool more = i + 1 < sentence.size() && std::isdigit(static_cast<unsigned char>(sentence[i + 1])) != 0;
      if (std::isdigit(static_cast<unsigned char>(d)) != 0) {
        digits += d;
        if (decimals >= 0) ++decimals;
      } else if (d == '.' && more && decimals < 0) {
        digits += d;
        decimals = 0;
      } else if (d == ',' && more) {
        continue;
      } else if (d == ':' && more) {  // a time of day is no quantity
        digits.clear();
        while (i < sentence.size() && (std::isdigit(static_cast<unsigned char>(sentence[i])) != 0 ||
                                       sentence[i] == ':' || sentence[i] == '.')) {
          ++i;
        }
        break;
      } else {
        break;
      }
    }
    const bool word = i < sentence.size() && std::isalpha(static_cast<unsigned char>(sentence[i])) != 0;  // `5xx`
    if (!digits.empty() && !word) numbers.emplace_back(std::stod(digits), std::max(decimals, 0));
  }
  return numbers;
}

/// A printed number stands for a fact when it equals it in some usual unit to the last printed digit (or to the four
/// significant digits that claims are printed with).
bool stands_for(double printed, int decimals, double fact) {
  const double half_unit = 0.5001 * std::pow(10.0, -decimals);
  for (const double scale : {1.0, 100.0, 1e3, 1e6, 1.0 / 60, 1.0 / 3600, 60.0, 1e-3, 1e-6}) {
    const double value = std::abs(fact) * scale;
    if (std::abs(printed - value) <= std::max(half_unit, 0.0006 * value)) return true;
  }
  return false;
}

class Verifier {
 public:
  Verifier(Report& report, const VerifyInput& input) : report_(report), input_(input), phrases_(report.language) {
    for (const InputFile& f : input.inputs.files) files_.emplace(f.name, &f);
    for (const Finding& f : input.findings) {
      by_key_[{f.evidence, f.subject.service, f.key}].push_back(&f);
    }
  }

  void run() {
    read_bytes_of_evidence();
    std::set<std::string> passed;
    std::set<std::string> known;
    report_.verification = {};
    for (std::size_t i = 0; i < report_.evidence.size(); ++i) {
      Evidence& e = report_.evidence[i];
      e.check_reason = check(e, i);
      if (!known.insert(e.id).second) e.check_reason = phrases_.check_duplicate_id(e.id);
      e.check = e.check_reason.empty() ? CheckStatus::kPassed : CheckStatus::kFailed;
      ++report_.verification.checked;
      if (e.check == CheckStatus::kPassed) {
        ++report_.verification.passed;
        passed.insert(e.id);
      }
    }
    for (Hypothesis& h : report_.hypotheses) judge(h, passed);
  }

 private:
  void read_bytes_of_evidence() {
    bytes_.resize(report_.evidence.size());
    std::map<const InputFile*, std::vector<std::size_t>> by_file;
    for (std::size_t i = 0; i < report_.evidence.size(); ++i) {
      const auto it = files_.find(report_.evidence[i].locator.resource);
      if (it != files_.end()) by_file[it->second].push_back(i);
    }
    for (const auto& [file, items] : by_file) {
      std::vector<BytePosition> positions;
      for (const std::size_t i : items) positions.push_back(report_.evidence[i].locator.position);
      auto read = read_bytes(*file, positions);
      for (std::size_t k = 0; k < items.size(); ++k) {
        if (read[k]) bytes_[items[k]] = std::move(*read[k]);
      }
    }
  }

  [[nodiscard]] std::string check(const Evidence& e, std::size_t index) const {
    if (!e.entity.empty() && !std::binary_search(input_.services.begin(), input_.services.end(), e.entity)) {
      return phrases_.check_unknown_entity(e.entity);
    }
    if (!files_.contains(e.locator.resource)) return phrases_.check_unknown_source(e.locator.resource);
    const auto& bytes = bytes_[index];
    if (!bytes) return phrases_.check_unreadable(e.locator.resource);
    if (!e.sha256.empty() && sha256_hex(*bytes) != e.sha256) return phrases_.check_hash();
    if (!stands_in(e.excerpt, *bytes)) return phrases_.check_excerpt();
    if (e.time != kNoTime && !e.excerpt.empty() && !time_stands_in(e.time, *bytes)) {
      return phrases_.check_time(format_rfc3339(e.time));
    }
    if (std::string reason = check_facts(e); !reason.empty()) return reason;
    return check_numbers(e);
  }

  [[nodiscard]] std::string check_facts(const Evidence& e) const {
    if (e.facts.empty() || input_.counted_by_tools.contains(e.id)) return {};
    const auto it = by_key_.find({e.kind, e.entity, e.key});
    if (it == by_key_.end()) return phrases_.check_fact_unknown(e.facts.front().name);
    std::string reason;
    for (const Finding* f : it->second) {
      reason.clear();
      for (const Fact& fact : e.facts) {
        const auto same =
            std::find_if(f->facts.begin(), f->facts.end(), [&](const Fact& x) { return x.name == fact.name; });
        if (same == f->facts.end()) {
          reason = phrases_.check_fact_unknown(fact.name);
        } else if (std::abs(same->value - fact.value) > 1e-5 * std::max(std::abs(same->value), 1e-9)) {
          reason = phrases_.check_fact(fact.name, fact.value, same->value);
        }
        if (!reason.empty()) break;
      }
      if (reason.empty() && !rests_on(*f, e.locator)) reason = phrases_.check_other_record();
      if (reason.empty()) return {};
    }
    return reason;
  }

  /// True when the locator is that of a record the finding was made from; a genuine quote from elsewhere proves
  /// nothing.
  [[nodiscard]] bool rests_on(const Finding& f, const Locator& locator) const {
    return f.quotes.empty() || std::any_of(f.quotes.begin(), f.quotes.end(), [&](const FindingQuote& q) {
             return q.file < input_.inputs.files.size() && input_.inputs.files[q.file].name == locator.resource &&
                    q.position.offset == locator.position.offset && q.position.length == locator.position.length;
           });
  }

  [[nodiscard]] std::string check_numbers(const Evidence& e) const {
    std::string sentence = e.claim;
    for (const std::string& name : {e.entity, e.locator.resource}) {  // digits in names are no quantities
      for (std::size_t at = sentence.find(name); !name.empty() && at != std::string::npos; at = sentence.find(name)) {
        sentence.erase(at, name.size());
      }
    }
    for (const auto& [number, decimals] : numbers_in(sentence)) {
      const bool known = std::any_of(e.facts.begin(), e.facts.end(), [&, n = number, d = decimals](const Fact& f) {
        return stands_for(n, d, f.value);
      });
      if (!known) return phrases_.check_number(number);
    }
    return {};
  }

  void judge(Hypothesis& h, const std::set<std::string>& passed) const {
    std::size_t good = 0;
    for (const std::string& id : h.supports) good += passed.contains(id) ? 1U : 0U;
    const bool real = std::binary_search(input_.services.begin(), input_.services.end(), h.subject.service);
    if (!real || (!h.supports.empty() && 2 * good < h.supports.size())) {
      h.status = HypothesisStatus::kRefuted;
    } else if (h.supports.empty()) {
      h.status = HypothesisStatus::kUntested;
    } else {
      h.status = good == h.supports.size() ? HypothesisStatus::kVerified : HypothesisStatus::kProposed;
    }
  }

  Report& report_;
  const VerifyInput& input_;
  InvestigationPhrases phrases_;
  std::map<std::string, const InputFile*> files_;
  std::map<std::tuple<EvidenceKind, std::string, std::string>, std::vector<const Finding*>> by_key_;
  std::vector<std::optional<std::string>> bytes_;
};

}  // namespace

void verify(Report& report, const VerifyInput& input) { Verifier(report, input).run(); }

}  // namespace fa
