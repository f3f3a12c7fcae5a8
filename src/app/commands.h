#pragma once

#include "base/context.h"

namespace CLI {
class App;
}

namespace fa {

/// Exit statuses of fa2; documented in the README.
enum ExitStatus : int {
  kExitOk = 0,  ///< A report was written, gaps included.
  kExitInternal = 1,
  kExitUsage = 2,  ///< Wrong usage, or nothing at all was readable.
  kExitInterrupted = 130,
};

/// One subcommand: declares its options on `app` and, when it is the one called, sets `status` in its callback.
void add_investigate_command(CLI::App& app, const Context& context, int& status);
void add_patterns_command(CLI::App& app, const Context& context, int& status);
void add_access_command(CLI::App& app, const Context& context, int& status);
void add_eval_command(CLI::App& app, const Context& context, int& status);
void add_ask_command(CLI::App& app, const Context& context, int& status);
/// knowledge, incidents, confirm
void add_memory_commands(CLI::App& app, const Context& context, int& status);
void add_serve_command(CLI::App& app, const Context& context, int& status);
void add_lambda_command(CLI::App& app, const Context& context, int& status);
void add_findings_command(CLI::App& app, const Context& context, int& status);
void add_insight_command(CLI::App& app, const Context& context, int& status);
void add_doctor_command(CLI::App& app, const Context& context, int& status);
void add_health_command(CLI::App& app, const Context& context, int& status);
/// completion, manual. Both describe what was added to `app`.
void add_manual_commands(CLI::App& app, int& status);

}  // namespace fa
