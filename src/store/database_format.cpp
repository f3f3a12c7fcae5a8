#include "store/database_format.h"

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>

#include "store/database_file.h"
#include "store/sqlite_job_store.h"

namespace fa {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kUserVersionAt = 60;
constexpr std::size_t kApplicationIdAt = 68;

std::uint32_t big_endian(const std::array<char, kHeaderBytes>& header, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) number = number << 8 | static_cast<unsigned char>(header[i]);
  return number;
}

}  // namespace

Result<std::optional<DatabaseFormat>> database_format(const std::filesystem::path& path) {
  std::error_code ec;
  const std::uintmax_t size = std::filesystem::file_size(path, ec);
  if (ec == std::errc::no_such_file_or_directory || (!ec && size == 0)) return std::optional<DatabaseFormat>();
  std::array<char, kHeaderBytes> header{};
  std::ifstream in(path, std::ios::binary);
  if (!in.read(header.data(), kHeaderBytes)) {
    return fail(ErrorCode::kUnreadable, fmt::format("{} cannot be read", path.string()));
  }
  const std::uint32_t application = big_endian(header, kApplicationIdAt);
  // A new file holds nothing of its own until its log is copied into it for the first time.
  std::filesystem::path log = path;
  log += "-wal";
  if (application == 0 && std::filesystem::exists(log, ec)) return std::optional<DatabaseFormat>();
  DatabaseFormat found{"store", big_endian(header, kUserVersionAt), kStoreDatabase.migrations.size()};
  if (application == kJobStoreApplication) {
    found.name = "job store";
    found.newest = kJobStoreFormat;
  } else if (application != static_cast<std::uint32_t>(kStoreDatabase.application_id)) {
    return fail(ErrorCode::kUnreadable, fmt::format("{} is no database of fa2", path.string()));
  }
  return std::optional(found);
}

}  // namespace fa
