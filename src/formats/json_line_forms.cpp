#include "formats/json_line_forms.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "formats/json_cursor.h"
#include "formats/structured_fields.h"

namespace fa {

bool JsonLineForms::read(std::string_view line, StructuredFields& fields, TextArena& arena) {
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    if (!read_as(forms_[i], line, fields, arena)) continue;
    // One step forward: forms that take turns stay in front together.
    if (i > 0) std::swap(forms_[i], forms_[i - 1]);
    return true;
  }
  return false;
}

bool JsonLineForms::read_as(const Form& form, std::string_view line, StructuredFields& fields, TextArena& arena) {
  JsonCursor cursor(line);
  JsonCursor::Token token;
  bool begun = false;
  for (const Value& value : form.values) {
    if (!cursor.take(value.lead)) return false;
    if (!std::exchange(begun, true)) fields.clear();
    const bool whole = value.scalar == JsonScalar::kString
                           ? cursor.string_rest(token)
                           : cursor.scalar_of(token, value.scalar == JsonScalar::kNumber);
    if (!whole) return false;
    fields.add(value.meaning, value.label, token.escaped ? unescape_json(token.text, arena) : token.text, value.scalar,
               value.penalty);
  }
  return cursor.take(form.tail) && cursor.at_end();
}

/// Behind the value, its closing quote included.
const char* JsonLineForms::end_of(const Noted& value) {
  return value.value.data() + value.value.size() + (value.scalar == JsonScalar::kString ? 1 : 0);
}

/// Hash of what stands between the values.
std::uint64_t JsonLineForms::noted_form(std::string_view line) const {
  std::uint64_t form = noted_.size();
  const char* behind = line.data();
  for (const Noted& value : noted_) {
    form = stable_hash({behind, static_cast<std::size_t>(value.value.data() - behind)}, form);
    behind = end_of(value);
  }
  return stable_hash({behind, static_cast<std::size_t>(line.data() + line.size() - behind)}, form);
}

void JsonLineForms::end(std::string_view line) {
  if (noted_.empty() || noted_.size() > kMaxValues) return;
  // Learning costs more than reading: only what comes again is worth it.
  const std::uint64_t noted = noted_form(line);
  if (std::find(missed_.begin(), missed_.end(), noted) == missed_.end()) {
    missed_[next_missed_++ % missed_.size()] = noted;
    return;
  }
  Form form;
  std::size_t bytes = 0;
  const char* behind = line.data();
  for (const Noted& value : noted_) {
    form.values.push_back({std::string(behind, value.value.data()), std::string(value.label), value.meaning,
                           value.penalty, value.scalar});
    behind = end_of(value);
    bytes += form.values.back().lead.size() + value.label.size();
  }
  form.tail.assign(behind, line.data() + line.size());
  if (bytes + form.tail.size() > kMaxFormBytes) return;
  if (forms_.size() == kMaxForms) forms_.pop_back();
  forms_.insert(forms_.begin(), std::move(form));
}

}  // namespace fa
