#include "investigate/collected.h"

#include "base/text.h"
#include "sources/file/block_buffer.h"
#include "sources/file/byte_stream.h"
#include "sources/file/shown_name.h"

namespace fa {
namespace {

constexpr std::size_t kMaxCollectionBytes = std::size_t{64} << 20;

Result<Collection> read_collection(const std::filesystem::path& path) {
  auto stream = open_file_stream(path);
  if (!stream) return tl::unexpected(stream.error());
  BlockBuffer buffer;
  buffer.fill(**stream, kMaxCollectionBytes + 1);
  if (buffer.fault()) return tl::unexpected(*buffer.fault());
  if (buffer.unread().size() > kMaxCollectionBytes) {
    return fail(ErrorCode::kLimit, "it may have " + format_bytes(kMaxCollectionBytes) + " at most");
  }
  return collection_from_json(buffer.unread());
}

void add_usage(Usage& sum, Usage&& more) {
  sum.cost_usd += more.cost_usd;
  sum.api_calls += more.api_calls;
  if (sum.prices_of.empty()) sum.prices_of = std::move(more.prices_of);
  for (SourceUsage& s : more.sources) sum.sources.push_back(std::move(s));
}

}  // namespace

CollectedInputs read_collected_inputs(const InputSet& inputs) {
  CollectedInputs all;
  for (const auto& path : inputs.collection_files) {
    auto collection = read_collection(path);
    if (!collection) {
      all.gaps.push_back(
          {shown_name(path.native()),
           {},
           collection.error().message,
           "Where its files came from, what is missing and what it cost is unknown; the files were read."});
      continue;
    }
    all.any = true;
    if (all.identity.empty()) all.identity = collection->identity;
    std::map<std::filesystem::path, Origin*> by_path;
    for (CollectedFileInfo& file : collection->files) {
      by_path[(path.parent_path() / file.name).lexically_normal()] = &file.origin;
    }
    for (const InputFile& file : inputs.files) {
      const auto known = by_path.find(file.path.lexically_normal());
      if (known != by_path.end()) all.origins[file.name] = *known->second;
    }
    for (Gap& gap : collection->gaps) all.gaps.push_back(std::move(gap));
    for (Note& note : collection->notes) all.notes.push_back(std::move(note));
    add_usage(all.usage, std::move(collection->usage));
  }
  return all;
}

void locate_evidence(Evidence& e, const InputFile& file, const BytePosition& position, const TimeRange& window,
                     const CollectedInputs& collected) {
  e.locator.source = "file";
  e.locator.resource = file.name;
  e.locator.position = position;
  e.locator.range = e.kind == EvidenceKind::kMetric ? window : TimeRange{};
  const auto origin = collected.origins.find(file.name);
  if (origin == collected.origins.end()) return;
  e.locator.source = origin->second.source;
  e.locator.account = origin->second.account;
  e.locator.region = origin->second.region;
  e.locator.query = origin->second.query.empty() ? origin->second.resource : origin->second.query;
  e.locator.range = origin->second.range;
  e.reproduce = origin->second.reproduce;
}

}  // namespace fa
