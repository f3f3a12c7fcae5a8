#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "redact/redact.h"

/// Whatever text comes, what was taken out of it can be put back, and no placeholder is taken for another.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  fa::Redactor redactor({true, fa::RedactionPolicy::Addresses::kAll});
  const std::string once = redactor.redact(text);
  if (redactor.restore(once) != text) std::abort();
  if (redactor.redact(text) != once) std::abort();
  if (redactor.restore(redactor.redact(once)) != once) std::abort();
  return 0;
}
