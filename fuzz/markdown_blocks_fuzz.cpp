// What a model writes, and what it writes about: any bytes. Every message that comes of it is within Slack's limits.
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "../tests/support/slack_block_limits.h"
#include "slack/markdown_blocks.h"

namespace {

void require_none(const std::vector<std::string>& problems) {
  if (problems.empty()) return;
  std::fprintf(stderr, "%s\n", problems.front().c_str());
  __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& page : fa::slack::message_pages(fa::slack::markdown_groups(text))) {
    fa::slack_limits::Checker checker;
    checker.message(fa::slack::blocks_json(page));
    require_none(checker.problems);
  }
  const auto line = fa::slack::rich_text({fa::slack::item(fa::slack::markdown_runs(text))});
  require_none(fa::slack_limits::problems_of_blocks(fa::slack::blocks_json(line)));
  fa::slack_limits::Checker checker;
  const std::string escaped = fa::slack::mrkdwn_escape(text.substr(0, 200));
  if (!escaped.empty()) checker.fallback(escaped);
  require_none(checker.problems);
  return 0;
}
