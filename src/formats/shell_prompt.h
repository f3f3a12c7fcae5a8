#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa {

/// A line of a terminal session: where somebody typed a command.
struct ShellPrompt {
  std::string_view host;     ///< Machine, where the prompt names it.
  std::string_view command;  ///< What was typed.
};

/// Recognises `$ command`, `user@host:~$ command`, `[user@host dir]$ command` and the same with `#` for root. nullopt
/// for any other line.
std::optional<ShellPrompt> parse_shell_prompt(std::string_view line);

/// Whom the output of a command is about: `kubectl logs -n shop cart-6c7f9d8b54-8xkvz` -> `cart`, `systemctl status
/// nginx` -> `nginx`, `curl https://api.example.com/health` -> `api.example.com`, `tail /var/log/app/orders.log` ->
/// `orders`; else the program's own name. Of a pipeline the part that asks for something counts.
std::string subject_of_command(std::string_view command);

}  // namespace fa
