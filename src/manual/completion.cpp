#include "manual/completion.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_quote.h"

namespace fa::manual {
namespace {

std::string last_word(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

/// `fa2 knowledge add` without the program: `knowledge add`; empty for the program itself.
std::string below_program(const std::string& name) {
  const std::size_t blank = name.find(' ');
  return blank == std::string::npos ? "" : name.substr(blank + 1);
}

template <class Visit>
void visit_all(const CommandOutline& command, Visit visit) {
  visit(command);
  for (const CommandOutline& child : command.children) visit_all(child, visit);
}

std::vector<std::string> option_names(const CommandOutline& command) {
  std::vector<std::string> names;
  for (const OptionOutline& o : command.options) {
    if (!o.positional) names.insert(names.end(), o.names.begin(), o.names.end());
  }
  return names;
}

std::vector<std::string> child_names(const CommandOutline& command) {
  std::vector<std::string> names;
  for (const CommandOutline& child : command.children) names.push_back(last_word(child.name));
  return names;
}

/// In zsh's `[...]` and `_describe` lists these characters have a meaning.
std::string zsh_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_function(const std::string& name) {
  std::string out = "_" + name;
  std::replace(out.begin(), out.end(), ' ', '_');
  return out;
}

std::string zsh_value(const OptionOutline& o) {
  if (o.value.empty()) return "";
  if (o.choices.empty()) return fmt::format(":{}:_files", zsh_escaped(o.value));
  return fmt::format(":{}:({})", zsh_escaped(o.value), fmt::join(o.choices, " "));
}

std::string zsh_arguments(const CommandOutline& command) {
  std::string out;
  for (const OptionOutline& o : command.options) {
    if (o.positional) continue;
    for (const std::string& name : o.names) {
      const std::string spec =
          fmt::format("{}{}[{}]{}", o.repeats ? "*" : "", name, zsh_escaped(o.description), zsh_value(o));
      out += fmt::format("    {} \\\n", shell_quoted(spec));
    }
  }
  return out;
}

}  // namespace

std::string bash_completion(const CommandOutline& program) {
  std::string commands;
  std::string values;
  std::string words;
  visit_all(program, [&](const CommandOutline& c) {
    const std::string path = below_program(c.name);
    if (!path.empty()) commands += (commands.empty() ? "" : "|") + shell_quoted(path);
    for (const OptionOutline& o : c.options) {
      if (o.positional || o.value.empty()) continue;
      for (const std::string& name : o.names) {
        values += fmt::format("    {})", shell_quoted(path + ":" + name));
        values += o.choices.empty() ? std::string(" COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n")
                                    : fmt::format(" COMPREPLY=($(compgen -W {} -- \"$current\")); return ;;\n",
                                                  shell_quoted(fmt::format("{}", fmt::join(o.choices, " "))));
      }
    }
    std::vector<std::string> all = child_names(c);
    const std::vector<std::string> options = option_names(c);
    all.insert(all.end(), options.begin(), options.end());
    words +=
        fmt::format("    {}) words={} ;;\n", shell_quoted(path), shell_quoted(fmt::format("{}", fmt::join(all, " "))));
  });
  return fmt::format(R"(# bash completion for fa2
_fa2() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= word words=
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{command:+$command }}$word" in
    {}) command="${{command:+$command }}$word" ;;
    esac
  done
  COMPREPLY=()
  case "$command:$previous" in
{}  esac
  case "$command" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -o filenames -F _fa2 fa2
)",
                     commands, values, words);
}

std::string zsh_completion(const CommandOutline& program) {
  std::string out = "#compdef fa2\n";
  visit_all(program, [&](const CommandOutline& c) {
    out += fmt::format("\n{}() {{\n", zsh_function(c.name));
    if (c.children.empty()) {
      out += fmt::format("  _arguments -s \\\n{}    '*:file:_files'\n}}\n", zsh_arguments(c));
      return;
    }
    out += fmt::format(
        "  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C \\\n{}"
        "    '1: :->command' '*:: :->rest'\n  case $state in\n  command)\n    local -a commands=(\n",
        zsh_arguments(c));
    for (const CommandOutline& child : c.children) {
      out += fmt::format("      {}\n", shell_quoted(last_word(child.name) + ":" + zsh_escaped(child.description)));
    }
    out += "    )\n    _describe command commands ;;\n  rest)\n    case $words[1] in\n";
    for (const CommandOutline& child : c.children) {
      out += fmt::format("    {}) {} ;;\n", last_word(child.name), zsh_function(child.name));
    }
    out += "    esac ;;\n  esac\n}\n";
  });
  return out + fmt::format("\n{} \"$@\"\n", zsh_function(program.name));
}

std::string fish_completion(const CommandOutline& program) {
  std::string out = "# fish completion for fa2\n";
  visit_all(program, [&](const CommandOutline& c) {
    const std::string path = below_program(c.name);
    const std::string here = path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + last_word(path);
    std::string beyond = here;
    if (!path.empty() && !c.children.empty()) {
      beyond += fmt::format("; and not __fish_seen_subcommand_from {}", fmt::join(child_names(c), " "));
    }
    for (const CommandOutline& child : c.children) {
      out += fmt::format("complete -c fa2 -n {} -f -a {} -d {}\n", shell_quoted(beyond), last_word(child.name),
                         shell_quoted(child.description));
    }
    for (const OptionOutline& o : c.options) {
      if (o.positional) continue;
      out += fmt::format("complete -c fa2 -n {}", shell_quoted(here));
      for (const std::string& name : o.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!o.value.empty()) {
        out += o.choices.empty() ? " -r"
                                 : fmt::format(" -x -a {}", shell_quoted(fmt::format("{}", fmt::join(o.choices, " "))));
      }
      out += fmt::format(" -d {}\n", shell_quoted(o.description));
    }
  });
  return out;
}

}  // namespace fa::manual
