// What the machine itself has to have.
#include <fmt/core.h>
#include <sys/timex.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "app/doctor_checks.h"
#include "base/child_process.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "base/version.h"
#include "draw/fonts.h"
#include "model/report.h"

namespace fa {
namespace {

using State = DoctorCheck::State;

DoctorCheck examine_versions() {
  return {"versions", State::kGood, fmt::format("fa2 {}, report schema {}", kVersion, Report::kSchemaVersion), ""};
}

/// Slack refuses requests and AWS signatures that are more than five minutes off.
DoctorCheck examine_clock() {
  DoctorCheck check{"clock", State::kGood, "synchronised", ""};
  timex state{};  // No mode set: nothing is changed, and no right is needed.
  const int answer = ::adjtimex(&state);
  if (answer < 0) {
    check.state = State::kSkipped;
    check.finding = "the kernel does not tell whether it is synchronised";
  } else if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    check.state = State::kWarning;
    check.finding = "nothing on this machine says that it is synchronised; Slack and AWS refuse five minutes of error";
    check.fix = "run a time service such as systemd-timesyncd or chrony (in a container: on its host)";
  }
  return check;
}

DoctorCheck examine_time_zones() {
  if (TimeZone::find("Asia/Tokyo")) return {"time zones", State::kGood, "found", ""};
  return {"time zones", State::kBad, "the time zone database cannot be read", "install the package tzdata"};
}

DoctorCheck examine_certificates(const Config& config) {
  DoctorCheck check{"certificates", State::kGood, "", ""};
  const char* named = std::getenv("AWS_CA_BUNDLE");
  std::string file = "/etc/ssl/certs/ca-certificates.crt";
  if (config.aws && !config.aws->ca_file.empty()) {
    file = config.aws->ca_file;
  } else if (named != nullptr && *named != '\0') {
    file = named;
  }
  std::error_code ec;
  check.finding = file;
  if (std::filesystem::file_size(file, ec) > 0 && !ec) return check;
  check.state = State::kBad;
  check.finding = file + " cannot be read: no TLS connection can be trusted";
  check.fix = "install the package ca-certificates, or set aws.ca_file";
  return check;
}

DoctorCheck examine_fonts() {
  // Kana, everyday characters and a Latin letter with a mark: what reports in both languages consist of.
  const auto shown = draw::fonts_can_show("障害の原因を調べる é –");
  if (!shown) return {"fonts", State::kWarning, shown.error().message, "install the package libpangocairo-1.0-0"};
  if (*shown) return {"fonts", State::kGood, "Japanese and Latin", ""};
  return {"fonts", State::kWarning, "no font has Japanese characters: PDF and pictures show boxes in their place",
          "install the package fonts-noto-cjk"};
}

/// A program that some outputs need and fa2 can do without.
struct Helper {
  const char* program;
  const char* version_option;
  const char* subject;
  const char* without;
  const char* package;
};

DoctorCheck examine_helper(const Helper& helper, const Context& context) {
  DoctorCheck check;
  check.subject = helper.subject;
  ChildCommand command{helper.program, {helper.program, helper.version_option}, 4000, 4000};
  const ChildOutcome outcome = run_child(std::move(command), context.within(std::chrono::seconds(5)));
  if (outcome.succeeded()) {
    const std::string_view said = trim(outcome.error_text);  // That is where both write their version.
    check.finding = std::string(said.substr(0, said.find('\n')));
    return check;
  }
  check.state = State::kWarning;
  check.finding = fmt::format("the program {} cannot be run: {}", helper.program, helper.without);
  check.fix = fmt::format("install the package {}", helper.package);
  return check;
}

}  // namespace

std::vector<DoctorCheck> examine_machine(const Config& config, const Context& context) {
  constexpr Helper kGraphviz{"dot", "-V", "Graphviz (diagram)",
                             "reports list the calls between services instead of drawing them", "graphviz"};
  constexpr Helper kPdfText{"pdftotext", "-v", "pdftotext (documents)", "fa2 knowledge cannot read PDF files",
                            "poppler-utils"};
  return {examine_versions(),
          examine_clock(),
          examine_time_zones(),
          examine_certificates(config),
          examine_fonts(),
          examine_helper(kGraphviz, context),
          examine_helper(kPdfText, context)};
}

}  // namespace fa
