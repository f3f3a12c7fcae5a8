#include "findings/explanation.h"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <array>
#include <map>

#include "base/text.h"
#include "findings/built_in_texts.h"  // made by CMake from texts/*.toml

namespace fa::findings {
namespace {

constexpr std::array kLanguages = {Language::kEnglish, Language::kJapanese};

struct Text {
  std::string why;
  std::string risk;
  std::vector<std::string> fix;
};

struct Entry {
  std::map<Language, Text> texts;
  std::vector<std::string> remedies;  ///< Names of shared steps behind its own.
  bool exposure = false;
};

/// All texts, and what is wrong with them.
struct Library {
  std::map<std::string, Entry, std::less<>> controls;
  std::map<std::string, Entry, std::less<>> threats;
  std::map<std::string, Entry, std::less<>> families;  ///< Prefix of `kind:name`.
  std::map<std::string, std::map<Language, std::vector<std::string>>, std::less<>> remedies;
  std::vector<std::string> mistakes;
};

std::vector<std::string> texts_of(const toml::node_view<const toml::node>& node) {
  std::vector<std::string> texts;
  if (const toml::array* list = node.as_array()) {
    for (const toml::node& item : *list) {
      if (const auto text = item.value_exact<std::string>()) texts.push_back(*text);
    }
  }
  return texts;
}

Entry read_entry(const toml::table& table) {
  Entry entry;
  const toml::table& read = table;
  entry.exposure = read["exposure"].value_or(false);
  entry.remedies = texts_of(read["remedies"]);
  for (const Language language : kLanguages) {
    const auto texts = read[language_name(language)];
    entry.texts[language] = {texts["why"].value_or(std::string()), texts["risk"].value_or(std::string()),
                             texts_of(texts["fix"])};
  }
  return entry;
}

void read_entries(const toml::table& root, std::string_view kind, std::map<std::string, Entry, std::less<>>& to,
                  std::vector<std::string>& mistakes) {
  const toml::table* entries = root[kind].as_table();
  if (entries == nullptr) return;
  for (const auto& [name, node] : *entries) {
    const toml::table* table = node.as_table();
    const bool fresh = table != nullptr && to.emplace(std::string(name.str()), read_entry(*table)).second;
    if (!fresh) mistakes.push_back(fmt::format("{} {}: no table, or there twice", kind, std::string(name.str())));
  }
}

void read_remedies(const toml::table& root, Library& library) {
  const toml::table* remedies = root["remedy"].as_table();
  if (remedies == nullptr) return;
  for (const auto& [name, node] : *remedies) {
    const toml::table* table = node.as_table();
    if (table == nullptr) continue;
    for (const Language language : kLanguages) {
      const toml::table& read = *table;
      library.remedies[std::string(name.str())][language] = texts_of(read[language_name(language)]);
    }
  }
}

void check(Library& library) {
  const auto complain = [&](std::string_view kind, const std::string& name, const Entry& entry) {
    for (const auto& [language, text] : entry.texts) {
      if (text.why.empty() || text.risk.empty() || (text.fix.empty() && entry.remedies.empty())) {
        library.mistakes.push_back(
            fmt::format("{} {}: why, risk or fix is missing in {}", kind, name, language_name(language)));
      }
    }
    for (const std::string& remedy : entry.remedies) {
      if (!library.remedies.contains(remedy)) {
        library.mistakes.push_back(fmt::format("{} {}: there is no remedy {}", kind, name, remedy));
      }
    }
  };
  for (const auto& [name, entry] : library.controls) complain("control", name, entry);
  for (const auto& [name, entry] : library.threats) complain("threat", name, entry);
  for (const auto& [name, entry] : library.families) complain("family", name, entry);
}

const Library& library() {
  static const Library kLibrary = [] {
    Library read;
    for (const auto& [file, text] : kBuiltInTexts) {
      try {
        const toml::table root = toml::parse(text);
        read_entries(root, "control", read.controls, read.mistakes);
        read_entries(root, "threat", read.threats, read.mistakes);
        read_entries(root, "family", read.families, read.mistakes);
        read_remedies(root, read);
      } catch (const toml::parse_error& e) {
        read.mistakes.push_back(fmt::format("{}:{}: {}", file, e.source().begin.line, e.description()));
      }
    }
    check(read);
    return read;
  }();
  return kLibrary;
}

const Entry* find_own(const Cause& cause) {
  if (cause.kind != Cause::Kind::kControl && cause.kind != Cause::Kind::kThreat) return nullptr;
  const auto& entries = cause.kind == Cause::Kind::kControl ? library().controls : library().threats;
  const auto found = entries.find(cause.name);
  return found == entries.end() ? nullptr : &found->second;
}

const Entry* find_family(const Cause& cause) {
  const std::string name = fmt::format("{}:{}", cause_kind_name(cause.kind), cause.name);
  const Entry* longest = nullptr;
  for (const auto& [prefix, entry] : library().families) {
    if (name.starts_with(prefix)) longest = &entry;  // sorted: a longer prefix of the same name comes later
  }
  return longest;
}

/// `s3-8` of `S3.8`.
std::string anchor_of(std::string_view control) {
  std::string anchor = to_lower(control);
  for (char& c : anchor) {
    if (c == '.') c = '-';
  }
  return anchor;
}

/// The pages of GuardDuty's user guide that list finding types, by what stands between `:` and `/`.
std::string_view guardduty_page(std::string_view type) {
  struct Page {
    std::string_view part;
    std::string_view page;
  };
  static constexpr Page kPages[] = {
      {"Execution:EC2/", "findings-malware-protection.html"},
      {"Execution:ECS/", "findings-malware-protection.html"},
      {"Execution:Kubernetes/MaliciousFile", "findings-malware-protection.html"},
      {"Execution:Kubernetes/SuspiciousFile", "findings-malware-protection.html"},
      {"AttackSequence:", "guardduty-attack-sequence-finding-types.html"},
      {"Object:S3/", "guardduty_finding-types-active.html"},
      {":EC2/", "guardduty_finding-types-ec2.html"},
      {":IAMUser/", "guardduty_finding-types-iam.html"},
      {":S3/", "guardduty_finding-types-s3.html"},
      {":Kubernetes/", "guardduty-finding-types-eks-audit-logs.html"},
      {":Runtime/", "findings-runtime-monitoring.html"},
      {":RDS/", "findings-rds-protection.html"},
      {":Lambda/", "lambda-protection-finding-types.html"},
  };
  for (const Page& page : kPages) {
    if (type.find(page.part) != std::string_view::npos) return page.page;
  }
  return "guardduty_finding-types-active.html";
}

}  // namespace

std::string_view explained_by_name(Explanation::By by) {
  switch (by) {
    case Explanation::By::kBuiltIn:
      return "built_in";
    case Explanation::By::kFamily:
      return "family";
    case Explanation::By::kModel:
      return "model";
    case Explanation::By::kProduct:
      return "finding";
    case Explanation::By::kNobody:
      break;
  }
  return "none";
}

std::optional<Explanation> built_in_explanation(const Cause& cause, Language language) {
  const Entry* own = find_own(cause);
  const Entry* entry = own != nullptr ? own : find_family(cause);
  if (entry == nullptr) return std::nullopt;
  const Text& text = entry->texts.at(language);
  Explanation explanation;
  explanation.by = own != nullptr ? Explanation::By::kBuiltIn : Explanation::By::kFamily;
  explanation.why = text.why;
  explanation.risk = text.risk;
  explanation.fix = text.fix;
  for (const std::string& name : entry->remedies) {
    const auto remedy = library().remedies.find(name);
    if (remedy == library().remedies.end()) continue;  // a test holds that there are none such
    const std::vector<std::string>& steps = remedy->second.at(language);
    explanation.fix.insert(explanation.fix.end(), steps.begin(), steps.end());
  }
  explanation.url = documentation_url(cause);
  return explanation;
}

bool is_about_exposure(const Cause& cause) {
  const Entry* own = find_own(cause);
  return own != nullptr && own->exposure;
}

std::string documentation_url(const Cause& cause) {
  if (cause.kind == Cause::Kind::kThreat) {
    return fmt::format("https://docs.aws.amazon.com/guardduty/latest/ug/{}", guardduty_page(cause.name));
  }
  if (cause.kind != Cause::Kind::kControl) return {};
  const std::string anchor = anchor_of(cause.name);
  return fmt::format("https://docs.aws.amazon.com/securityhub/latest/userguide/{}-controls.html#{}",
                     anchor.substr(0, anchor.rfind('-')), anchor);
}

std::vector<std::string> mistakes_in_built_in_texts() { return library().mistakes; }

std::vector<Cause> explained_causes() {
  std::vector<Cause> causes;
  for (const auto& [name, entry] : library().controls) causes.push_back({Cause::Kind::kControl, name});
  for (const auto& [name, entry] : library().threats) causes.push_back({Cause::Kind::kThreat, name});
  return causes;
}

}  // namespace fa::findings
