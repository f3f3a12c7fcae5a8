#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "document/document.h"
#include "findings/findings.h"
#include "findings/phrases.h"

/// How the sections of the document say things. Private to this folder's findings_*.cpp.
namespace fa::findings {

inline document::Line plain(std::string text) { return {document::Run{std::move(text)}}; }
inline document::Line strong(std::string text) {
  return {document::Run{std::move(text), document::Emphasis::kStrong, {}}};
}
inline document::Line muted(std::string text) {
  return {document::Run{std::move(text), document::Emphasis::kMuted, {}}};
}
inline document::Line code(std::string text) { return {document::Run{std::move(text), document::Emphasis::kCode, {}}}; }

/// Words in the language of a report.
class DocumentWords {
 public:
  explicit DocumentWords(const FindingsReport& report)
      : language_(report.language), zone_(TimeZone::find_or_utc(report.time_zone)) {}

  [[nodiscard]] std::string word(Phrase what) const { return std::string(phrase(what, language_)); }
  template <class... Parts>
  [[nodiscard]] std::string words(Phrase what, const Parts&... parts) const {
    return say(language_, what, parts...);
  }
  [[nodiscard]] std::string severity(Severity of) const { return std::string(severity_word(of, language_)); }
  [[nodiscard]] std::string list(const std::vector<std::string>& names) const;
  [[nodiscard]] std::string time(std::optional<TimePoint> time) const;  ///< On the reader's clock; `-` for none.
  /// What makes a group pressing, beside its severity; empty for nothing.
  [[nodiscard]] std::string marks(const ExplainedGroup& explained) const;
  /// `S3.8: title`: what a group is called everywhere. In Japanese an explanation's words in place of the title, which
  /// is English.
  [[nodiscard]] std::string name(const ExplainedGroup& explained) const;
  [[nodiscard]] Language language() const { return language_; }

 private:
  static std::string japanese_name(const ExplainedGroup& explained);

  Language language_;
  TimeZone zone_;
};

/// Where links to the group of that index lead.
std::string anchor_of_cause(std::size_t index);

/// Adds the section of one group.
void add_cause(const FindingsReport& report, std::size_t index, const DocumentWords& words,
               document::Document& document);

}  // namespace fa::findings
