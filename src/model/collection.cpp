#include "model/collection.h"

#include "model/json_read.h"
#include "model/json_write.h"

namespace fa {
namespace {

using namespace json_write;

constexpr std::string_view kVersion = "1.0";

Json file(const CollectedFileInfo& info) {
  const Origin& o = info.origin;
  return {{"name", text(info.name)},
          {"source", text(o.source)},
          {"account", text_or_null(o.account)},
          {"region", text_or_null(o.region)},
          {"resource", text(o.resource)},
          {"query", text_or_null(o.query)},
          {"range", range(o.range)},
          {"reproduce", text_or_null(o.reproduce)}};
}

}  // namespace

std::string collection_to_json(const Collection& collection) {
  Json root;
  root["collection_version"] = kVersion;
  root["identity"] = text(collection.identity);
  root["files"] = list(collection.files, file);
  root["gaps"] = list(collection.gaps, gap);
  root["notes"] = list(collection.notes, note);
  root["usage"] = usage(collection.usage);
  return inert(root.dump(2)) + "\n";
}

Result<Collection> collection_from_json(std::string_view json) {
  Collection collection;
  const auto read = read_json_document(json, "fa2-collection.json", [&](const JsonReader& r) {
    std::string version;
    r.read("collection_version", version);
    if (!version.starts_with("1.")) return r.wrong("/collection_version", "1.x", version);
    r.read("identity", collection.identity);
    r.objects("files", collection.files, [](const JsonReader& f, CollectedFileInfo& info) {
      f.read("name", info.name);
      f.read("source", info.origin.source);
      f.read("account", info.origin.account);
      f.read("region", info.origin.region);
      f.read("resource", info.origin.resource);
      f.read("query", info.origin.query);
      f.read("range", info.origin.range);
      f.read("reproduce", info.origin.reproduce);
    });
    r.objects("gaps", collection.gaps, read_gap);
    r.objects("notes", collection.notes, read_note);
    r.object("usage", [&](const JsonReader& u) { read_usage(u, collection.usage); });
  });
  if (!read) return tl::unexpected(read.error());
  return collection;
}

}  // namespace fa
