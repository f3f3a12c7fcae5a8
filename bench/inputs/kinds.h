#pragma once

#include <cstdint>
#include <filesystem>

/// The inputs of the benchmarks. Each function writes the same bytes for the same options on any machine and throws
/// std::runtime_error where it cannot.
namespace fa::bench {

struct InputOptions {
  std::filesystem::path folder;
  std::uint64_t seed = 1;
  std::uint64_t bytes = 0;      ///< Of all files together, before compression; reached to the next record.
  std::uint64_t lines = 0;      ///< Instead of `bytes`, for ALB logs.
  std::uint32_t templates = 0;  ///< Numbered logs: distinct messages.
  std::size_t line_bytes = 0;   ///< Numbered logs: length of a message.
};

/// Eight files of text logs, each in one usual format.
void write_mixed_logs(const InputOptions& options);
/// One file in the format of the first of these.
void write_one_format(const InputOptions& options);
/// One file of `templates` distinct messages of `line_bytes` each.
void write_numbered_logs(const InputOptions& options);
/// One file of structured JSON lines, as an application's logger writes them (Elastic Common Schema).
void write_json_logs(const InputOptions& options);
/// One file of OTLP/JSON spans, one export request of some hundred spans per line, as the Collector's file exporter
/// writes it.
void write_otlp_spans(const InputOptions& options);
/// An hour of ALB access logs: a .gz per five minutes and node (24 of them) in `many/`, and the same lines as one file
/// in `one/`. In the second half most requests for one path fail.
void write_alb_logs(const InputOptions& options);
/// Two hours of four services, with logs, spans, metrics, and access logs of a load balancer. In the last half hour a
/// database takes long to answer, and the service `inventory` that asks it gives up.
void write_incident(const InputOptions& options);

}  // namespace fa::bench
