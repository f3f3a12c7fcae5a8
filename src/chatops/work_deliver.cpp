// What all work has in common: collecting once, and files.
#include "chatops/flow_texts.h"
#include "chatops/work.h"

namespace fa::chatops {

Result<std::filesystem::path> Work::collected(
    const Job& job, const JobClaim& claim, const std::string& run, ProgressMessage& shown,
    const std::function<Result<void>(const std::filesystem::path& folder, const Investigator::OnProgress&)>& collect) {
  const std::string key = collected_key(run);
  if (job.stage.empty()) {
    shown.show({Progress::Stage::kCollecting, 0, 0, 0, ""});
    const auto folder = parts_.blobs.begin_folder(key);
    if (!folder) return tl::unexpected(folder.error());
    const auto progress = [&](std::size_t done, std::size_t total) {
      shown.show({Progress::Stage::kCollecting, 0, done, total, ""});
    };
    if (auto ok = collect(*folder, progress); !ok) return tl::unexpected(ok.error());
    if (auto ok = parts_.blobs.finish_folder(key); !ok) return tl::unexpected(ok.error());
    if (auto ok = parts_.jobs.save_stage(claim, std::string(kCollectedStage), "{}"); !ok)
      return tl::unexpected(ok.error());
  }
  return parts_.blobs.folder(key);
}

Result<void> Work::share(const JobClaim& claim, const Order& order, const ResultFile& file, const Place& place,
                         const Context& context) {
  const slack::FileUpload upload{place.channel, place.thread_ts, file.name, file.title, file.bytes, "", file.alt_text};
  const auto shared = courier_.share(claim, claim.job + "/" + file.name, upload, context);
  if (shared || end_of(shared.error()).kind == JobEnd::Kind::kAgain) return shared;
  // The answer stands: what is missing is said calmly, once, and nothing fails.
  const std::string text = texts::file_missing(order.reader.language, file.name, shared.error());
  const auto said = post(claim, "missing-" + file.name, order.place, note_message(text), context);
  return said ? Result<void>() : tl::unexpected(said.error());
}

void Work::log_missing(const std::string& run, const ResultFiles& files) {
  for (const std::string& what : files.missing) {
    parts_.log.warning("file_not_made", {{"run", run}, {"what", what}});
  }
}

void Work::count(const Usage& usage, std::size_t gaps) {
  server::Metrics& m = parts_.metrics;
  for (const SourceUsage& s : usage.sources) {
    m.add("fa2_source_calls_total", static_cast<double>(s.calls), {{"source", s.source}});
  }
  m.add("fa2_gaps_total", static_cast<double>(gaps));
  m.add("fa2_model_tokens_total", static_cast<double>(usage.model_input_tokens), {{"direction", "input"}});
  m.add("fa2_model_tokens_total", static_cast<double>(usage.model_output_tokens), {{"direction", "output"}});
  m.add("fa2_spent_usd_total", usage.cost_usd);
}

}  // namespace fa::chatops
