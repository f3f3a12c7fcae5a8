#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

/// What the Slack app says between its forms and reports, English and Japanese side by side. Plain text; whoever shows
/// it escapes it.
namespace fa::chatops::texts {

/// What went wrong, in the reader's language: the error's own words are English, so in Japanese what kind of error it
/// is, and the other side's word for it.
std::string why(Language language, const Error& error);
std::string not_allowed(Language language);
std::string too_many_waiting(Language language, std::size_t waiting);
std::string cannot_store(Language language);
std::string cannot_open_form(Language language, const Error& error);
std::string too_busy(Language language);
/// `insight` and `findings`: the commands for them; empty where there are none.
std::string help(Language language, std::string_view command, std::string_view insight, std::string_view findings);
std::string alarm_fired(Language language, std::string_view name);
/// Above a form that an alarm brought: its name.
std::string form_for_alarm(Language language, std::string_view name);
std::string form_for_question(Language language);
/// In the thread of the first notice.
std::string fired_again(Language language, std::uint64_t notices);
/// In a thread of its own, before a link.
std::string joined(Language language, std::uint64_t notices);
std::string analysis_started(Language language, std::string_view when);
std::string already_started(Language language);
std::string not_in_channel(Language language);
std::string nothing_to_ask_about(Language language);
/// What a button belonged to is not kept any more.
std::string forgotten(Language language);
std::string cannot_answer(Language language, const Error& error);
std::string confirmed(Language language, std::string_view cause);
std::string rejected(Language language, std::string_view cause);
std::string not_decided(Language language, const Error& error);
std::string file_missing(Language language, std::string_view name, const Error& error);
/// What failed, for a form that is offered again.
std::string analysis_failed(Language language, std::string_view why);
/// The same above the button that opens the form again.
std::string inquiry_failed(Language language, std::string_view why);
std::string interrupted_too_often(Language language, int attempts);
/// Titles of files; `what` tells those of one thread apart.
std::string report_file_title(Language language, std::string_view what);
std::string diagram_title(Language language, std::string_view what);
std::string charts_title(Language language, std::string_view what);

}  // namespace fa::chatops::texts
