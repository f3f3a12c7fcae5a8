#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include "inputs/kinds.h"

namespace {

using fa::bench::InputOptions;

struct Kind {
  std::string_view name;
  void (*write)(const InputOptions& options);
};
constexpr Kind kKinds[] = {{"mixed", fa::bench::write_mixed_logs},       {"one-format", fa::bench::write_one_format},
                           {"numbered", fa::bench::write_numbered_logs}, {"json", fa::bench::write_json_logs},
                           {"otlp", fa::bench::write_otlp_spans},        {"alb", fa::bench::write_alb_logs},
                           {"incident", fa::bench::write_incident}};

int usage() {
  fmt::print(
      stderr,
      "usage: fa_bench_inputs KIND FOLDER [--kilobytes N] [--lines N] [--seed N] [--templates N] [--line-bytes N]\n"
      "KIND: mixed, one-format, numbered, json, otlp, incident (of N kilobytes); alb (of N lines)\n");
  return 2;
}

bool take_option(std::string_view name, std::string_view text, InputOptions& options) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (name == "--kilobytes") {
    options.bytes = value * 1000;
  } else if (name == "--lines") {
    options.lines = value;
  } else if (name == "--seed") {
    options.seed = value;
  } else if (name == "--templates") {
    options.templates = static_cast<std::uint32_t>(value);
  } else if (name == "--line-bytes") {
    options.line_bytes = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc % 2 == 0) return usage();
  InputOptions options;
  options.folder = argv[2];
  for (int i = 3; i < argc; i += 2) {
    if (!take_option(argv[i], argv[i + 1], options)) return usage();
  }
  for (const Kind& kind : kKinds) {
    if (kind.name != argv[1]) continue;
    try {
      kind.write(options);
      return 0;
    } catch (const std::exception& error) {
      fmt::print(stderr, "fa_bench_inputs: {}\n", error.what());
      return 1;
    }
  }
  return usage();
}
