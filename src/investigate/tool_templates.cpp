#include "investigate/tool_templates.h"

#include <fmt/core.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "analysis/logs/message_scan.h"
#include "base/text.h"

namespace fa::tools {
namespace {

constexpr std::string_view kSlot = "<*>";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  ///< Stands in patterns for bytes that are no UTF-8.
constexpr std::size_t kMaxRivals = 2'000;
constexpr int kTemplateMatchMemory = 16 << 20;

RE2::Options template_options() {
  RE2::Options options(RE2::Latin1);  // Bytes: messages need not be UTF-8.
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(kTemplateMatchMemory);
  return options;
}

/// The pattern as an expression for the whole of a message's decisive line.
std::string template_expression(std::string_view pattern) {
  std::string out = "\\A\\s*";
  for (std::size_t at = 0; at < pattern.size();) {
    const std::string_view rest = pattern.substr(at);
    if (rest.starts_with(kSlot)) {
      out += ".+";
      at += kSlot.size();
    } else if (rest.starts_with(kReplacement)) {
      out += ".+";
      at += kReplacement.size();
    } else if (rest.front() == ' ') {
      out += "\\s+";
      ++at;
    } else {
      std::size_t end = 1;
      while (end < rest.size() && rest[end] != ' ' && !rest.substr(end).starts_with(kSlot) &&
             !rest.substr(end).starts_with(kReplacement)) {
        ++end;
      }
      out += RE2::QuoteMeta(re2::StringPiece(rest.data(), end));
      at += end;
    }
  }
  return out + "\\s*\\z";
}

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

/// Words that are fixed: what makes one template more exact than another.
std::size_t fixed_bytes(std::string_view pattern) {
  std::size_t slots = 0;
  for (std::size_t at = pattern.find(kSlot); at != std::string_view::npos; at = pattern.find(kSlot, at + 1)) ++slots;
  return pattern.size() - slots * kSlot.size();
}

/// The line that a template is made of, as the digest sees it (analysis/logs/message_scan.h): the first with something
/// in it; of a longer one than is looked at, the rest is a variable, for which a word stands here.
class DecisivePart {
 public:
  explicit DecisivePart(std::string_view message) {
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    message.remove_prefix(std::min(message.find_first_not_of(kBlank), message.size()));
    const bool cut = message.size() > MessageScanner::kMaxBytes;
    message = message.substr(0, MessageScanner::kMaxBytes);
    const std::size_t end = message.find('\n');
    line_ = message.substr(0, end);
    if (!cut || end != std::string_view::npos) return;
    longer_ = std::string(line_) + " ...";
    line_ = longer_;
  }
  DecisivePart(const DecisivePart&) = delete;
  DecisivePart& operator=(const DecisivePart&) = delete;

  [[nodiscard]] std::string_view text() const { return line_; }

 private:
  std::string longer_;
  std::string_view line_;
};

}  // namespace

struct TemplateMatcher::Impl {
  explicit Impl(const std::string& pattern) : own(template_expression(pattern), template_options()) {}
  RE2 own;
  std::unique_ptr<RE2::Set> rivals;
};

TemplateMatcher::TemplateMatcher(const TemplateSet& templates, TemplateId id)
    : impl_(std::make_unique<Impl>(templates.templates[id].pattern)) {
  auto rivals = std::make_unique<RE2::Set>(template_options(), RE2::UNANCHORED);
  std::size_t count = 0;
  for (TemplateId other = 0; other < templates.templates.size() && count < kMaxRivals; ++other) {
    const std::string& pattern = templates.templates[other].pattern;
    if (other == id || !impl_->own.ok() || !RE2::PartialMatch(piece_of(pattern), impl_->own)) continue;
    if (rivals->Add(template_expression(pattern), nullptr) >= 0) ++count;
  }
  if (count > 0 && rivals->Compile()) impl_->rivals = std::move(rivals);
}

TemplateMatcher::~TemplateMatcher() = default;
TemplateMatcher::TemplateMatcher(TemplateMatcher&&) noexcept = default;
TemplateMatcher& TemplateMatcher::operator=(TemplateMatcher&&) noexcept = default;

bool TemplateMatcher::matches(std::string_view message) const {
  const DecisivePart decisive(message);
  const std::string_view line = decisive.text();
  if (!impl_->own.ok() || !RE2::PartialMatch(piece_of(line), impl_->own)) return false;
  return impl_->rivals == nullptr || !impl_->rivals->Match(piece_of(line), nullptr);
}

std::optional<TemplateId> template_of_message(const TemplateSet& templates, std::string_view message) {
  const DecisivePart decisive(message);
  const std::string_view line = decisive.text();
  std::optional<TemplateId> best;
  std::size_t best_fixed = 0;
  for (TemplateId id = 0; id < templates.templates.size(); ++id) {
    const std::string& pattern = templates.templates[id].pattern;
    // The first word decides nearly always, and is cheaper than an expression.
    const std::string_view head = std::string_view(pattern).substr(0, pattern.find_first_of(" <"));
    if (head.find(kReplacement) == std::string_view::npos && line.find(head) == std::string_view::npos) continue;
    const RE2 expression(template_expression(pattern), template_options());
    if (!expression.ok() || !RE2::PartialMatch(piece_of(line), expression)) continue;
    if (!best || fixed_bytes(pattern) > best_fixed) {
      best = id;
      best_fixed = fixed_bytes(pattern);
    }
  }
  return best;
}

Result<TemplateId> template_named(const World& world, std::string_view parameter, std::string_view name) {
  const TemplateSet& set = world.study.digest.logs.templates;
  const auto by_id = [&](std::string_view id) -> std::optional<TemplateId> {
    const auto it =
        std::find_if(set.templates.begin(), set.templates.end(), [&](const LogTemplate& t) { return t.id == id; });
    if (it == set.templates.end()) return std::nullopt;
    return static_cast<TemplateId>(it - set.templates.begin());
  };
  if (const auto id = by_id(name)) return *id;
  const Evidence* item = world.book.find(name);
  if (item == nullptr) {
    return fail(ErrorCode::kNotFound,
                fmt::format("parameter {}: \"{}\" is neither a template id (8 hex digits, as search_logs rows and the "
                            "digest give them) nor the id of a log item",
                            parameter, sanitize_utf8(utf8_prefix(name, 60))));
  }
  if (item->kind != EvidenceKind::kLog) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("parameter {}: {} is no log item; give one that begins with L", parameter, item->id));
  }
  const std::string_view key = item->key;
  if (const auto id = by_id(key.substr(0, key.find('/')))) return *id;
  if (const auto id = template_of_message(set, item->excerpt)) return *id;
  return fail(
      ErrorCode::kNotFound,
      fmt::format("parameter {}: {} belongs to no template; use contains with words of it", parameter, item->id));
}

}  // namespace fa::tools
