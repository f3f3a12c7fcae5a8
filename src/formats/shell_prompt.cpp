#include "formats/shell_prompt.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "base/workload_name.h"
#include "formats/log_text.h"
#include "formats/service_name.h"

namespace fa {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::size_t kLongestPrompt = 120;

/// Words apart by blanks that do not stand in quotes.
Words words_of(std::string_view text) {
  Words words;
  char quote = '\0';
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && quote != '\0') {
      if (text[i] == quote) quote = '\0';
    } else if (i == text.size() || text[i] == ' ') {
      if (i > begin) words.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    }
  }
  return words;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// `user@host:~/dir` or `[user@host dir]` as a prompt begins; the host's name, or nullopt.
std::optional<std::string_view> host_of_prompt(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  } else if (text.find(' ') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view host = text.substr(at + 1, text.find_first_of(": ", at) - at - 1);
  const bool plain = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
  });
  return plain ? std::optional(host) : std::nullopt;
}

/// Options whose value is the next word, in the commands below.
bool takes_value(std::string_view option) {
  return one_of(option,
                {"-n", "--namespace", "-c",        "--container", "--tail",     "--since",  "-o",      "--output",
                 "-f", "-l",          "--context", "--sort-by",   "-H",         "--header", "-X",      "--request",
                 "-d", "--data",      "-p",        "-m",          "--max-time", "-S",       "--lines", "--until"});
}

/// The first word behind `from` that is no option and no option's value.
std::string_view first_operand(const Words& words, std::size_t from) {
  for (std::size_t i = from; i < words.size(); ++i) {
    if (words[i].front() != '-') return words[i];
    if (takes_value(words[i])) ++i;
  }
  return {};
}

std::string_view value_of(const Words& words, std::initializer_list<std::string_view> options) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (one_of(words[i], options)) return words[i + 1];
  }
  return {};
}

std::string_view without_quotes(std::string_view word) {
  while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
  while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
  return word;
}

/// `https://user@api.example.com:8443/x` -> `api.example.com`.
std::string_view host_of_address(std::string_view address) {
  address = without_quotes(address);
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + 3);
  }
  address = address.substr(0, address.find_first_of("/?"));
  if (const std::size_t at = address.rfind('@'); at != std::string_view::npos) address.remove_prefix(at + 1);
  return address.substr(0, address.find(':'));
}

std::string_view kubernetes_object(const Words& words) {
  const std::string_view verb = first_operand(words, 1);
  const auto verb_at = static_cast<std::size_t>(std::find(words.begin(), words.end(), verb) - words.begin());
  if (!one_of(verb, {"logs", "describe", "exec", "rollout"})) return {};
  std::string_view object = first_operand(words, verb_at + 1);
  if (verb == "describe" && object.find('/') == std::string_view::npos) {
    const auto kind_at = static_cast<std::size_t>(std::find(words.begin(), words.end(), object) - words.begin());
    object = first_operand(words, kind_at + 1);
  }
  return workload_of(object.substr(object.rfind('/') + 1));
}

/// What one command of a pipeline asks about; empty when it only filters.
std::string subject_of_part(Words words) {
  while (!words.empty() && (words[0] == "sudo" || words[0] == "time" || words[0].find('=') != std::string_view::npos)) {
    words.erase(words.begin());
  }
  if (words.empty()) return {};
  const std::string_view program = words[0].substr(words[0].rfind('/') + 1);
  if (one_of(program, {"kubectl", "oc", "k"})) return std::string(kubernetes_object(words));
  if (one_of(program, {"docker", "podman", "nerdctl", "docker-compose"})) {
    const auto verb = std::find_if(words.begin(), words.end(), [](std::string_view w) {
      return one_of(w, {"logs", "inspect"});
    });
    if (verb == words.end()) return {};
    return std::string(first_operand(words, static_cast<std::size_t>(verb - words.begin()) + 1));
  }
  if (program == "journalctl") return std::string(value_of(words, {"-u", "--unit", "-t"}));
  if (program == "systemctl" || program == "service") {
    const std::string_view named = program == "service" ? first_operand(words, 1)
                                   : words.size() > 2   ? first_operand(words, 2)
                                                        : std::string_view{};
    return std::string(named.substr(0, named.find(".service")));
  }
  if (one_of(program, {"curl", "wget", "ping", "dig", "nslookup", "host", "nc", "telnet", "traceroute", "http"})) {
    return std::string(host_of_address(first_operand(words, 1)));
  }
  if (program == "openssl") return std::string(host_of_address(value_of(words, {"-connect"})));
  if (one_of(program, {"cat", "tail", "head", "less", "zcat", "grep"})) {
    const std::string_view file = words.back();
    return words.size() > 1 && file.find_first_of("./") != std::string_view::npos ? names_of_path(file).service
                                                                                  : std::string();
  }
  return {};
}

}  // namespace

std::optional<ShellPrompt> parse_shell_prompt(std::string_view line) {
  if (line.starts_with("$ ") && line.size() > 2 && line[2] != ' ') return ShellPrompt{{}, line.substr(2)};
  for (const std::string_view mark : {"$ ", "# "}) {
    const std::size_t at = line.substr(0, kLongestPrompt).find(mark);
    if (at == std::string_view::npos || at == 0) continue;
    const auto host = host_of_prompt(trim(line.substr(0, at)));
    if (host && at + 2 < line.size()) return ShellPrompt{*host, line.substr(at + 2)};
  }
  return std::nullopt;
}

std::string subject_of_command(std::string_view command) {
  std::string_view program;
  for (const std::string_view part : split(command, '|')) {
    const Words words = words_of(part);
    if (words.empty()) continue;
    if (program.empty()) program = words[0];
    if (std::string subject = subject_of_part(words); !subject.empty()) return subject;
  }
  const std::string name = names_of_path(program).service;
  return name.ends_with(".sh") ? name.substr(0, name.size() - 3) : name;
}

}  // namespace fa
