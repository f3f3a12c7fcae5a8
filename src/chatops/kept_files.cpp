#include "chatops/kept_files.h"

#include <fmt/core.h>

#include "base/json.h"

namespace fa::chatops {
namespace {

std::string list_key(const std::string& run) { return "runs/" + run + "/files.json"; }
std::string file_key(const std::string& run, std::size_t number) {
  return fmt::format("runs/{}/files/{}", run, number);
}

Result<std::vector<ResultFile>> listed_files(const std::string& text) {
  std::vector<ResultFile> files;
  try {
    for (const Json& f : parse_json(text)) {
      files.push_back({f.at("name").get<std::string>(), f.at("title").get<std::string>(), "",
                       f.at("alt_text").get<std::string>(), f.at("for_channel").get<bool>()});
    }
  } catch (const Json::exception&) {
    return fail(ErrorCode::kInvalidInput, "A stored list of files cannot be read: it is damaged.");
  }
  return files;
}

}  // namespace

Result<void> keep_files(BlobStore& blobs, const std::string& run, const std::vector<ResultFile>& files) {
  Json list = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ResultFile& f = files[i];
    if (auto ok = blobs.put(file_key(run, i), f.bytes); !ok) return ok;
    list.push_back({{"name", f.name}, {"title", f.title}, {"alt_text", f.alt_text}, {"for_channel", f.for_channel}});
  }
  return blobs.put(list_key(run), json_text(list));
}

Result<std::vector<ResultFile>> kept_files(BlobStore& blobs, const std::string& run) {
  const auto list = blobs.get(list_key(run));
  if (!list) return tl::unexpected(list.error());
  auto files = listed_files(*list);
  if (!files) return files;
  for (std::size_t i = 0; i < files->size(); ++i) {
    auto bytes = blobs.get(file_key(run, i));
    if (!bytes) return tl::unexpected(bytes.error());
    (*files)[i].bytes = std::move(*bytes);
  }
  return files;
}

}  // namespace fa::chatops
