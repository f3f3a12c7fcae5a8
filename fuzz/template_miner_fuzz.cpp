/// Any bytes as log messages: mining must keep every message in exactly one template with a valid pattern, and give the
/// same templates in the other order and for a split input; exceptions and the digest must survive the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/logs/exception_text.h"
#include "analysis/logs/log_digest.h"
#include "analysis/logs/shape_table.h"
#include "analysis/logs/template_miner.h"
#include "base/text.h"
#include "vary_form.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const fa::TemplateSet& a, const fa::TemplateSet& b) {
  if (a.templates.size() != b.templates.size()) return false;
  for (std::size_t i = 0; i < a.templates.size(); ++i) {
    if (a.templates[i].pattern != b.templates[i].pattern || a.templates[i].count != b.templates[i].count) return false;
  }
  return true;
}

/// Counts each message several times, also with other ids and digits, and compares with what scanning gives.
void count_both_ways(const std::vector<std::string_view>& messages) {
  fa::ShapeCounter counter;
  fa::ShapeTable table;
  fa::MessageScanner scanner;
  for (unsigned turn = 0; turn < 5; ++turn) {
    for (std::string message : std::vector<std::string>(messages.begin(), messages.end())) {
      fa::vary_form(message, 0, turn);
      scanner.scan(message);
      require(counter.add(message, 1) == table.add(scanner));
    }
  }
  for (fa::ShapeId s = 0; s < table.size(); ++s) {
    const auto mine = counter.shapes.tokens(s);
    const auto theirs = table.tokens(s);
    require(mine.size() == theirs.size() && counter.shapes.count(s) == table.count(s));
    for (std::size_t t = 0; t < mine.size(); ++t) require(mine[t].text == theirs[t].text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // Messages are separated by a byte that UTF-8 never holds, so that they may have lines.
  const std::vector<std::string_view> messages = fa::split(input, '\xFE');
  count_both_ways(messages);
  fa::TemplateMiner forward;
  fa::TemplateMiner backward;
  fa::TemplateMiner left;
  fa::TemplateMiner right;
  fa::LogDigester digester{fa::PeriodClock{}};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    require(forward.add(messages[i]) < forward.shape_count());
    backward.add(messages[messages.size() - 1 - i]);
    (i % 2 == 0 ? left : right).add(messages[i]);
    static_cast<void>(fa::find_exception(messages[i]));
    fa::LogRecord record;
    record.message = messages[i];
    record.trace_id = messages[i].substr(0, 2);
    digester.add(0, {&record, 1});
  }
  const fa::TemplateSet set = forward.finish();
  std::uint64_t total = 0;
  for (const fa::LogTemplate& t : set.templates) {
    require(fa::is_valid_utf8(t.pattern));
    total += t.count;
  }
  require(total == messages.size());
  require(same(set, backward.finish()));
  left.merge(right);
  require(same(set, left.finish()));
  require(digester.finish().events.size() <= messages.size());
  return 0;
}
