// Sentences of a model, taken apart: any bytes.
#include <cstdint>
#include <string_view>

#include "investigate/claim_text.h"
#include "investigate/claim_words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<fa::KnownName> names{{"orders-db", "orders-db"}, {"orders", "orders"}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fa::SpokenSentence said = fa::read_sentence(text, names);
  (void)fa::meaning_of(said.plain);
  (void)fa::topics_in(said.plain);
  (void)fa::absent_things(said.plain);
  for (const fa::Causal& c : fa::causal_words(said.plain)) {
    if (c.begin > c.end || c.end > said.plain.size()) __builtin_trap();
  }
  return 0;
}
