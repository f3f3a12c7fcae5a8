#include "sources/file/metric_query_book.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>

#include "base/text.h"
#include "formats/metric_queries.h"
#include "sources/file/block_buffer.h"
#include "sources/file/decompress.h"
#include "sources/file/file_reader.h"
#include "sources/file/shown_name.h"

namespace fa {
namespace {

/// Metric queries are requests people write or tools make: far below what answers may take.
constexpr std::size_t kMaxQueryFileBytes = std::size_t{16} << 20;
constexpr std::size_t kPeekBytes = 4096;

std::string folder_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? std::string() : name.substr(0, slash);
}

bool same(const MetricQuery& a, const MetricQuery& b) {
  return a.metric_namespace == b.metric_namespace && a.name == b.name && a.dimensions == b.dimensions &&
         a.statistic == b.statistic && a.label == b.label && a.unit == b.unit && a.period_seconds == b.period_seconds &&
         a.searched_dimensions == b.searched_dimensions;
}

bool may_be_json(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) {
    head.remove_prefix(3);
  }
  head = trim(head);
  return head.starts_with('{') || head.starts_with('[');
}

/// The whole text of a file of queries; empty when it is anything else or unreadable (reading it later will say so).
std::string load_queries(const InputFile& file) {
  auto raw = open_file_stream(file.path);
  if (!raw) {
    return {};
  }
  auto stream = decompress(std::move(*raw));
  if (!stream) {
    return {};
  }
  BlockBuffer buffer;
  buffer.fill(**stream, kPeekBytes);
  if (!may_be_json(buffer.unread())) {
    return {};
  }
  buffer.fill(**stream, kDetectBytes - std::min(kDetectBytes, buffer.unread().size()));
  if (detect_format(buffer.unread(), buffer.at_end()).format != Format::kCloudWatchQueries) {
    return {};
  }
  buffer.fill(**stream, kMaxQueryFileBytes);
  return std::string(buffer.unread());
}

}  // namespace

const MetricQueryBook::Queries* MetricQueryBook::for_file(const std::string& name) const {
  const auto found = by_folder.find(folder_of(name));
  return found == by_folder.end() ? &all : &found->second;
}

MetricQueryBook find_metric_queries(const InputSet& inputs, const Context& context) {
  MetricQueryBook book;
  for (const auto& file : inputs.files) {
    if (context.stopped()) {
      break;  // reading the files reports the stop
    }
    try {
      const std::string text = load_queries(file);
      if (text.empty()) {
        continue;
      }
      auto queries = read_metric_queries(text);
      if (!queries) {
        continue;  // reading the file counts and explains it
      }
      auto& beside = book.by_folder[folder_of(file.name)];
      for (const auto& [id, query] : *queries) {
        const auto [known, added] = beside.try_emplace(id, query);
        if (!added && !same(known->second, query)) {
          book.gaps.push_back(
              {file.name,
               {},
               fmt::format("metric query id '{}' is defined again, in another way than in a file before "
                           "it; keep answers and their queries in one folder each",
                           shown_name(utf8_prefix(id, 80))),
               "The first definition was used for all answers in the folder."});
        }
        book.all.try_emplace(id, query);
      }
    } catch (const std::exception& error) {
      book.gaps.push_back({file.name,
                           {},
                           fmt::format("looking for metric queries ended by an internal error: {}", error.what()),
                           "Metric answers that rest on this file may lack their names."});
    }
  }
  return book;
}

}  // namespace fa
