#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "slack/form.h"
#include "slack/inbound.h"

namespace {

void check(const std::string& text) {
  if (!fa::is_valid_utf8(text)) std::abort();
}

void check_values(const fa::slack::FormValues& values) {
  for (const auto& [name, value] : values) {
    check(name);
    check(value);
    if (value.empty()) std::abort();
  }
}

/// Strings are valid UTF-8, ids have no bytes that logs or keys would have to fear, and what must be there is.
struct Checks {
  void operator()(const fa::slack::MessageEvent& m) const {
    for (const auto* text : {&m.text, &m.plain_text, &m.user, &m.app_id, &m.bot_id, &m.thread_ts}) check(*text);
    for (const std::string& link : m.links) check(link);
    if (m.channel.empty() || m.ts.empty()) std::abort();
  }
  void operator()(const fa::slack::SlashCommand& c) const {
    check(c.text);
    if (!c.command.starts_with('/') || c.user.empty() || c.channel.empty()) std::abort();
    if (c.user.find_first_of(std::string_view(" \n\0", 3)) != std::string::npos) std::abort();
  }
  void operator()(const fa::slack::BlockAction& a) const {
    check(a.action_id);
    check(a.value);
    check_values(a.values);
    if (a.user.empty() || a.action_id.empty()) std::abort();
  }
  void operator()(const fa::slack::MessageShortcut& s) const {
    check(s.callback_id);
    (*this)(s.message);
  }
  void operator()(const fa::slack::ViewSubmission& v) const {
    check(v.callback_id);
    check(v.private_metadata);
    check_values(v.values);
    if (v.user.empty() || v.view_id.empty()) std::abort();
  }
  void operator()(const fa::slack::UrlVerification& v) const { check(v.challenge); }
  void operator()(const fa::slack::SslCheck&) const {}
  void operator()(const fa::slack::Ignored& i) const {
    if (i.what.empty() || i.what.size() > 100 || fa::visible(i.what) != i.what) std::abort();
  }
};

void check(const fa::Result<fa::slack::Inbound>& inbound) {
  if (inbound) {
    std::visit(Checks{}, *inbound);
  } else if (inbound.error().message.empty()) {
    std::abort();
  }
}

}  // namespace

/// The first byte chooses how the rest is sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body{reinterpret_cast<const char*>(data) + 1, size - 1};
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  constexpr std::array<std::string_view, 3> kEnvelopes = {"events_api", "interactive", "slash_commands"};
  switch (data[0] % 6) {
    case 0:
      check(fa::slack::parse_inbound("application/json; charset=utf-8", body));
      break;
    case 1:
      check(fa::slack::parse_inbound(kForm, body));
      break;
    case 2:  // A payload that need not be encoded by chance.
      check(fa::slack::parse_inbound(kForm, fa::slack::encode_form({{"payload", std::string(body)}})));
      break;
    case 3: {
      const std::size_t line = std::min(body.find('\n'), body.size());
      check(fa::slack::parse_inbound(body.substr(0, line), body.substr(line)));
      check(fa::slack::parse_envelope_payload(body.substr(0, line), body.substr(line)));
      break;
    }
    case 4:
      for (const auto type : kEnvelopes) check(fa::slack::parse_envelope_payload(type, body));
      break;
    default: {
      const std::string plain = fa::slack::without_markup(body);
      if (plain.size() > body.size() || (fa::is_valid_utf8(body) && !fa::is_valid_utf8(plain))) std::abort();
      const auto fields = fa::slack::decode_form(body);
      if (fields && fa::slack::decode_form(fa::slack::encode_form(*fields)) != *fields) std::abort();
    }
  }
  return 0;
}
