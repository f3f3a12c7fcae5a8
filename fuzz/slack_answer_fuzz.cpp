#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "slack/web_verdict.h"

/// Whatever answers in Slack's place: a verdict comes of it, and its words can be shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view rest{reinterpret_cast<const char*>(data) + 3, size - 3};
  const std::size_t line = std::min(rest.find('\n'), rest.size());
  const int status = 100 + (data[0] * 256 + data[1]) % 500;
  const fa::HttpResponse response{
      status, {{"Retry-After", std::string(rest.substr(0, line))}}, std::string(rest.substr(line))};
  const auto form = data[2] % 2 == 0 ? fa::slack::AnswerForm::kApi : fa::slack::AnswerForm::kPlain;
  using Kind = fa::slack::Verdict::Kind;
  const auto verdict = fa::slack::judge(form, response, fa::from_unix_nanos(1'773'477'000'000'000'000));
  if (verdict.kind == Kind::kDone) {
    if (status / 100 != 2) std::abort();
    return 0;
  }
  if (verdict.error.message.empty() || fa::visible(verdict.error.message) != verdict.error.message) std::abort();
  if (verdict.kind == Kind::kThrottled && verdict.pause.count() < 0) std::abort();
  return 0;
}
