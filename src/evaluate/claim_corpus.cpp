#include "evaluate/claim_corpus.h"

#include <cmath>
#include <cstdlib>

#include "base/hash.h"
#include "base/text.h"
#include "evaluate/claim_corpus_maker.h"

namespace fa {
namespace claim_corpus {
namespace {

std::string plain_number(double v) { return format_number(std::round(v * 1e4) / 1e4); }

/// A value in words people use, with its unit.
std::string amount(double v, std::string_view unit, bool japanese) {
  if (unit == "s") {
    if (std::abs(v) >= 1) return format_number(v) + (japanese ? " 秒" : " seconds");
    if (std::abs(v) >= 1e-3) return format_number(v * 1e3) + (japanese ? " ミリ秒" : " ms");
    return format_number(v * 1e6) + " µs";
  }
  if (unit == "share") return format_number(v * 100) + "%";
  if (unit == "%" || unit == "Percent") return format_number(v) + "%";
  return plain_number(v);
}

/// A run of whole words of the excerpt that reads as a quotation: letters mostly, one line, no quotation marks.
std::string quotable(std::string_view excerpt) {
  std::string_view line = excerpt.substr(0, excerpt.find('\n'));
  // JSON records: a value of letters inside.
  if (line.starts_with('{') || line.starts_with('[')) {
    for (std::size_t at = line.find("\":\""); at != std::string_view::npos; at = line.find("\":\"", at + 3)) {
      const std::size_t end = line.find('"', at + 3);
      if (end == std::string_view::npos) break;
      const std::string_view value = line.substr(at + 3, end - at - 3);
      if (value.size() >= 8 && value.find('\\') == std::string_view::npos) return std::string(utf8_prefix(value, 60));
    }
    return {};
  }
  std::string out;
  for (const std::string_view word : split(line, ' ')) {
    if (word.empty() || word.find('"') != std::string_view::npos || word.find('`') != std::string_view::npos) break;
    if (out.size() + word.size() > 70) break;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out.size() >= 6 && is_valid_utf8(out) ? out : std::string();
}

}  // namespace

std::string filled(std::string_view wording, const Slots& slots) {
  std::string out;
  for (std::size_t i = 0; i < wording.size();) {
    const std::size_t close = wording[i] == '{' ? wording.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += wording[i++];
      continue;
    }
    const auto it = slots.find(std::string(wording.substr(i + 1, close - i - 1)));
    out += it == slots.end() ? std::string(wording.substr(i, close - i + 1)) : it->second;
    i = close + 1;
  }
  return out;
}

double fact(const Evidence& e, std::string_view name) {
  for (const Fact& f : e.facts) {
    if (f.name == name) return f.value;
  }
  return std::nan("");
}

std::vector<LabelledClaim> Corpus::run() {
  for (const Evidence& e : c_.report.evidence) about(e);
  causal();
  absences();
  return std::move(out_);
}

std::uint64_t Corpus::seed(std::string_view a, std::string_view b) const {
  return stable_hash(std::string(a) + "\n" + std::string(b) + "\n" + c_.report.incident.id +
                     format_rfc3339(c_.report.incident.window.begin));
}

const Finding* Corpus::finding_of(const Evidence& e) const {
  for (const Finding& f : c_.study.findings.all) {
    if (f.evidence == e.kind && f.subject.service == e.entity && f.key == e.key && f.facts.size() == e.facts.size() &&
        (f.facts.empty() || f.facts.front().value == e.facts.front().value)) {
      return &f;
    }
  }
  return nullptr;
}

void Corpus::add_true(std::string text, const Claim& fields, std::string_view implied) {
  LabelledClaim l;
  l.claim = fields;
  l.claim.text = std::move(text);
  l.implied = std::string(implied);
  out_.push_back(std::move(l));
}

void Corpus::add_false(std::string kind, bool free_text, std::string text, const Claim& fields) {
  LabelledClaim l;
  l.claim = fields;
  l.claim.text = std::move(text);
  l.holds = false;
  l.kind = std::move(kind);
  l.free_text = free_text;
  out_.push_back(std::move(l));
}

Claim Corpus::fields_of(const Evidence& e, const Slots& s, std::string_view wording) const {
  Claim c;
  c.evidence = {s.at("id")};
  if (wording.find("{quote}") != std::string_view::npos) c.quotes.push_back({s.at("id"), s.at("quote")});
  if (wording.find("{time}") != std::string_view::npos) c.times.push_back({s.at("id"), s.at("rfc_time")});
  for (const char* name : {"count_window", "errors_window", "failed_window"}) {
    const std::string slot = std::string("{") + name + "}";
    if (wording.find(slot) == std::string_view::npos) continue;
    c.numbers.push_back({s.at("id"), std::strtod(s.at(name).c_str(), nullptr), 0, ""});
  }
  (void)e;
  return c;
}

void Corpus::about(const Evidence& e) {
  const Finding* f = finding_of(e);
  Slots s{{"id", e.id}, {"entity", e.entity}};
  const std::string quote = quotable(e.excerpt);
  s["quote"] = quote;
  if (e.time != kNoTime) {
    s["rfc_time"] = format_rfc3339(e.time);
    s["time"] = format_time_of_day(e.time);
  }
  std::vector<std::string> numbers;
  for (const Fact& x : e.facts) {
    s[x.name] = plain_number(x.value);
    s[x.name + "_amount"] = amount(x.value, x.unit, japanese_);
    numbers.push_back(x.name);
  }
  if (f != nullptr) {
    s["label"] = f->label;
    s["peer"] = f->peer;
    s["component"] = f->subject.component;
    s["before"] = amount(f->baseline, f->unit, japanese_);
    s["now"] = amount(f->window, f->unit, japanese_);
  }
  for (const Wording& w : wordings(e, f, s)) variants(e, f, s, japanese_ ? w.japanese : w.english);
}

}  // namespace claim_corpus

std::vector<LabelledClaim> make_claims(const ClaimContext& context) { return claim_corpus::Corpus(context).run(); }

}  // namespace fa
