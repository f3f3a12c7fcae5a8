#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "insight/lexicon_tables.h"

namespace fa::insight {
namespace {

enum class Scope { kEach, kZone, kTarget, kOperation, kVersion, kAccount, kFront, kWhy, kContrast };
struct ScopeWord {
  std::string_view phrase;
  Scope scope;
};
constexpr std::array kScopeWords = std::to_array<ScopeWord>({
    {"all", Scope::kEach},
    {"each", Scope::kEach},
    {"every", Scope::kEach},
    {"any", Scope::kEach},
    {"which", Scope::kEach},
    {"全部", Scope::kEach},
    {"全て", Scope::kEach},
    {"すべて", Scope::kEach},
    {"どれ", Scope::kEach},
    {"どの", Scope::kEach},
    {"各", Scope::kEach},
    {"それぞれ", Scope::kEach},
    {"一番", Scope::kEach},
    {"az", Scope::kZone},
    {"availability zone", Scope::kZone},
    {"zone", Scope::kZone},
    {"ゾーン", Scope::kZone},
    {"アベイラビリティゾーン", Scope::kZone},
    {"target group", Scope::kTarget},
    {"target", Scope::kTarget},
    {"ターゲットグループ", Scope::kTarget},
    {"ターゲット", Scope::kTarget},
    {"operation", Scope::kOperation},
    {"endpoint", Scope::kOperation},
    {"method", Scope::kOperation},
    {"path", Scope::kOperation},
    {"オペレーション", Scope::kOperation},
    {"エンドポイント", Scope::kOperation},
    {"メソッド", Scope::kOperation},
    {"version", Scope::kVersion},
    {"alias", Scope::kVersion},
    {"バージョン", Scope::kVersion},
    {"エイリアス", Scope::kVersion},
    {"account", Scope::kAccount},
    {"アカウント", Scope::kAccount},
    {"site", Scope::kFront},
    {"website", Scope::kFront},
    {"page", Scope::kFront},
    {"user", Scope::kFront},
    {"customer", Scope::kFront},
    {"frontend", Scope::kFront},
    {"サイト", Scope::kFront},
    {"ページ", Scope::kFront},
    {"画面", Scope::kFront},
    {"ユーザー", Scope::kFront},
    {"ユーザ", Scope::kFront},
    {"お客", Scope::kFront},
    {"only", Scope::kContrast},
    {"just", Scope::kContrast},
    {"だけ", Scope::kContrast},
    {"のみ", Scope::kContrast},
    {"why", Scope::kWhy},
    {"cause", Scope::kWhy},
    {"reason", Scope::kWhy},
    {"なぜ", Scope::kWhy},
    {"何故", Scope::kWhy},
    {"なんで", Scope::kWhy},
    {"どうして", Scope::kWhy},
    {"原因", Scope::kWhy},
    {"理由", Scope::kWhy},
});

bool is_name_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-'; }
bool is_ascii_letter(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

/// Bytes of `text` at `at` that are this phrase; 0 where it is another word.
std::size_t match_phrase(std::string_view text, std::size_t at, std::string_view phrase) {
  const bool any_rest = phrase.back() == '*';
  if (any_rest) phrase.remove_suffix(1);
  if (!text.substr(at).starts_with(phrase)) return 0;
  std::size_t end = at + phrase.size();
  if (is_ascii_letter(phrase.front()) && at > 0 && is_name_char(text[at - 1])) return 0;
  if (!is_ascii_letter(phrase.back())) return end - at;
  if (any_rest) {
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
  } else if (end < text.size() && text[end] == 's' && (end + 1 == text.size() || !is_name_char(text[end + 1]))) {
    ++end;
  }
  return end < text.size() && is_name_char(text[end]) ? 0 : end - at;
}

ServiceSet service_set(std::string_view names) {
  ServiceSet set = 0;
  for (const std::string_view name : split(names, ' ')) {
    for (std::size_t i = 0; i < services().size(); ++i) {
      if (services()[i].name == name) set |= ServiceSet{1} << i;
    }
  }
  return set;
}

void set_scope(Scope scope, WordMeaning& meaning) {
  switch (scope) {
    case Scope::kEach:
      meaning.each = true;
      break;
    case Scope::kZone:
      meaning.by_zone = true;
      break;
    case Scope::kTarget:
      meaning.by_target = true;
      break;
    case Scope::kOperation:
      meaning.by_operation = true;
      break;
    case Scope::kVersion:
      meaning.by_version = true;
      break;
    case Scope::kAccount:
      meaning.whole_account = true;
      break;
    case Scope::kFront:
      meaning.user_facing = true;
      break;
    case Scope::kWhy:
      meaning.why = true;
      break;
    case Scope::kContrast:
      meaning.by_contrast = true;
      break;
  }
}

/// Rows by the first byte of their phrase: a text is looked at byte by byte, and most rows cannot begin there.
template <class Row>
using RowsByByte = std::array<std::vector<const Row*>, 256>;
template <class Row>
RowsByByte<Row> rows_by_byte(std::initializer_list<std::span<const Row>> tables) {
  RowsByByte<Row> by_byte;
  for (const auto& rows : tables)
    for (const Row& row : rows) by_byte[static_cast<unsigned char>(row.phrase.front())].push_back(&row);
  return by_byte;
}

/// The rows whose phrase stands at `at`, with the bytes it takes.
template <class Row>
std::vector<std::pair<const Row*, std::size_t>> rows_at(const RowsByByte<Row>& rows, std::string_view text,
                                                        std::size_t at) {
  std::vector<std::pair<const Row*, std::size_t>> found;
  for (const Row* row : rows[static_cast<unsigned char>(text[at])]) {
    if (const std::size_t length = match_phrase(text, at, row->phrase); length > 0) found.emplace_back(row, length);
  }
  return found;
}

}  // namespace

WordMeaning read_words(std::string_view text) {
  static const RowsByByte<WordRow> kWords = rows_by_byte<WordRow>({figure_words(), symptom_words()});
  static const RowsByByte<ServiceWord> kServices = rows_by_byte<ServiceWord>({service_words()});
  static const RowsByByte<ScopeWord> kScopes = rows_by_byte<ScopeWord>({kScopeWords});
  WordMeaning meaning;
  for (std::size_t at = 0; at < text.size();) {
    const auto words = rows_at(kWords, text, at);
    const auto named = rows_at(kServices, text, at);
    const auto scopes = rows_at(kScopes, text, at);
    // Tables may know the same words: each says its part of the longest.
    std::size_t length = 0;
    for (const auto& [row, bytes] : words) length = std::max(length, bytes);
    for (const auto& [row, bytes] : named) length = std::max(length, bytes);
    for (const auto& [row, bytes] : scopes) length = std::max(length, bytes);
    if (length == 0) {
      at += decode_utf8(text.substr(at)).size;
      continue;
    }
    for (const auto& [row, bytes] : words) {
      if (bytes != length) continue;
      meaning.signals |= row->signals;
      meaning.symptoms |= row->symptoms;
    }
    for (const auto& [row, bytes] : named) {
      if (bytes == length) (row->weak ? meaning.weak_services : meaning.services) |= service_set(row->service);
    }
    for (const auto& [row, bytes] : scopes) {
      if (bytes == length) set_scope(row->scope, meaning);
    }
    meaning.places.emplace_back(at, at + length);
    at += length;
  }
  return meaning;
}

}  // namespace fa::insight
