// Documents of any words as Markdown and HTML: nothing of them may act.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fa::document;
  const std::string words(reinterpret_cast<const char*>(data), size);
  const Line line{{words, Emphasis::kStrong, words}, {words, Emphasis::kCode, "https://" + words}, {words}};
  Document d;
  d.title = d.subtitle = words;
  d.contents = true;
  d.blocks = {Heading{1, line, words},
              Paragraph{line, Tone::kBad, words},
              Bullets{{line}},
              Code{words, words},
              Table{{{line}}, {{line}}},
              Facts{{{words, line}}},
              Picture{{1, 1, words, {}}, words, words, words}};
  const std::string html = to_html(d);
  for (const char* raw : {"<script", "href=\"http:", "href=\"j", "<img"}) {
    if (html.find(raw) != std::string::npos) __builtin_trap();
  }
  for (const std::string& out : {html, to_markdown(d), to_text(d)}) {
    if (!fa::is_valid_utf8(out)) __builtin_trap();
  }
  return 0;
}
