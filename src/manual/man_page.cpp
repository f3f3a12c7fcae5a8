#include "manual/man_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace fa::manual {
namespace {

constexpr std::string_view kExitStatus =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone; a report was written, gaps included.\n"
    ".TP\n.B 1\nA fault of the program, or a check that failed.\n"
    ".TP\n.B 2\nWrong usage or configuration, or nothing at all could be read.\n"
    ".TP\n.B 130\nInterrupted.\n";

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string page_name(const CommandOutline& command) {
  std::string name = command.name;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string value_of(const OptionOutline& option) {
  if (option.value.empty()) return "";
  if (option.choices.empty()) return fmt::format("\\fI{}\\fR", roff_text(option.value));
  return fmt::format("\\fB{}\\fR", roff_text(fmt::format("{}", fmt::join(option.choices, "|"))));
}

std::string synopsis(const CommandOutline& command) {
  std::string out = fmt::format(".B {}\n", roff_text(command.name));
  const bool has_options = std::any_of(command.options.begin(), command.options.end(),
                                       [](const OptionOutline& o) { return !o.positional && !o.required; });
  if (has_options) out += "[\\fIoptions\\fR]\n";
  for (const OptionOutline& o : command.options) {
    if (!o.positional && o.required) out += fmt::format("\\fB{}\\fR {}\n", roff_text(o.names.back()), value_of(o));
  }
  for (const OptionOutline& o : command.options) {
    if (!o.positional) continue;
    const std::string name = fmt::format("\\fI{}\\fR{}", roff_text(o.names.front()), o.repeats ? "..." : "");
    out += o.required ? name + "\n" : "[" + name + "]\n";
  }
  if (!command.children.empty()) out += "\\fIcommand\\fR ...\n";
  return out;
}

std::string option_entry(const OptionOutline& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) {
    names.push_back(fmt::format("\\f{}{}\\fR", option.positional ? "I" : "B", roff_text(name)));
  }
  std::string out = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (!option.positional && !option.value.empty()) out += " " + value_of(option);
  out += fmt::format("\n{}.", roff_text(option.description));
  if (option.required && !option.positional) out += " Required.";
  if (option.repeats && !option.positional) out += " May be given several times.";
  return out + "\n";
}

/// Options by group, groups in order of their first option.
std::string options_of(const CommandOutline& command) {
  std::vector<std::string> groups;
  for (const OptionOutline& o : command.options) {
    if (std::find(groups.begin(), groups.end(), o.group) == groups.end()) groups.push_back(o.group);
  }
  std::string out;
  for (const std::string& group : groups) {
    if (!group.empty()) out += fmt::format(".SS \"{}\"\n", roff_text(group));
    for (const OptionOutline& o : command.options) {
      if (o.group == group) out += option_entry(o);
    }
  }
  return out;
}

std::string body(const CommandOutline& command) {
  std::string out =
      fmt::format(".SH DESCRIPTION\n{}.\n.SH OPTIONS\n{}", roff_text(command.description), options_of(command));
  if (command.children.empty()) return out;
  out += ".SH COMMANDS\n";
  for (const CommandOutline& child : command.children) {
    out +=
        fmt::format(".SS \"{}\"\n{}.PP\n{}.\n", roff_text(child.name), synopsis(child), roff_text(child.description));
    out += options_of(child);
  }
  return out;
}

std::string command_page(const CommandOutline& command, std::string_view version) {
  return roff_title(page_name(command), 1, version, command.description) + ".SH SYNOPSIS\n" + synopsis(command) +
         body(command) + std::string(kExitStatus) +
         ".SH SEE ALSO\n.BR fa2 (1),\n.BR fa2.toml (5)\n.PP\nThe documents in\n.IR /usr/share/doc/fa2/ .\n";
}

std::string program_page(const CommandOutline& program, std::string_view version) {
  std::string out = roff_title(program.name, 1, version, "find out why an alarm fired");
  out += fmt::format(".SH SYNOPSIS\n{}.SH DESCRIPTION\n{}\n.SH OPTIONS\n{}.SH COMMANDS\n", synopsis(program),
                     roff_text(program.description), options_of(program));
  for (const CommandOutline& child : program.children) {
    out += fmt::format(".TP\n.BR {} (1)\n{}.\n", roff_text(page_name(child)), roff_text(child.description));
  }
  out += kExitStatus;
  out +=
      ".SH FILES\n.TP\n.I /etc/fa2/fa2.toml\nSettings of the service fa2.service; see\n.BR fa2.toml (5).\n"
      ".TP\n.I /etc/fa2/credentials/\nSecrets of the service, one file each, read by root only.\n"
      ".TP\n.I /var/lib/fa2/\nJobs, collected data and memory of the service.\n";
  return out + ".SH SEE ALSO\n.BR fa2.toml (5)\n.PP\nThe documents in\n.IR /usr/share/doc/fa2/ .\n";
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    // A full stop or an apostrophe at the start of a line would make a request of it.
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '"') {
      out += "\\(dq";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string roff_title(std::string_view name, int section, std::string_view version, std::string_view summary) {
  return fmt::format(".TH {} {} \"\" \"fa2 {}\" \"FA2\"\n.SH NAME\n{} \\- {}\n", roff_text(upper(std::string(name))),
                     section, roff_text(version), roff_text(name), roff_text(summary));
}

std::vector<ManPage> man_pages(const CommandOutline& program, std::string_view version) {
  std::vector<ManPage> pages{{program.name + ".1", program_page(program, version)}};
  for (const CommandOutline& command : program.children) {
    pages.push_back({page_name(command) + ".1", command_page(command, version)});
  }
  return pages;
}

}  // namespace fa::manual
