#include "app/outline_commands.h"

#include <CLI/CLI.hpp>
#include <string>

namespace fa {
namespace {

/// CLI11 writes the type and then what checks it: `TEXT:{en,ja}`, `UINT:UINT in [1 - 1024]`, `TEXT:NAME`.
struct ValueName {
  std::string placeholder;
  std::vector<std::string> choices;
};

ValueName value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  ValueName name{type.substr(0, type.find(':')), {}};
  const std::size_t brace = type.find('{');
  if (brace != std::string::npos) {
    const std::string list = type.substr(brace + 1, type.find('}', brace) - brace - 1);
    for (std::string& choice : CLI::detail::split(list, ',')) name.choices.push_back(std::move(choice));
    return name;
  }
  if (name.placeholder == "UINT" || name.placeholder == "INT") name.placeholder = "N";
  const std::string check = type.find(':') == std::string::npos ? "" : type.substr(type.find(':') + 1);
  const bool plain_word = !check.empty() && check.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
  if (plain_word) name.placeholder = check;
  return name;
}

manual::OptionOutline outline_option(const CLI::Option& option) {
  manual::OptionOutline out;
  out.description = option.get_description();
  out.required = option.get_required();
  out.repeats = option.get_expected_max() > 1;
  out.positional = !option.nonpositional();
  if (option.get_group() != "Options") out.group = option.get_group();
  if (option.nonpositional()) {
    for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  } else {
    out.names.push_back(option.get_name(true));
  }
  if (option.get_items_expected_max() == 0) return out;
  ValueName value = value_name(option);
  out.value = std::move(value.placeholder);
  out.choices = std::move(value.choices);
  return out;
}

manual::CommandOutline outline(const CLI::App& command, const std::string& above) {
  manual::CommandOutline out;
  out.name = above.empty() ? command.get_name() : above + " " + command.get_name();
  out.description = command.get_description();
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
    if (!option->get_group().empty()) out.options.push_back(outline_option(*option));
  }
  for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (!child->get_group().empty()) out.children.push_back(outline(*child, out.name));
  }
  return out;
}

}  // namespace

manual::CommandOutline outline_commands(const CLI::App& program) { return outline(program, ""); }

}  // namespace fa
