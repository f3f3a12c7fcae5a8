#include "inputs/output.h"

#include <zlib.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace fa::bench {

struct Output::File {
  std::string name;
  std::FILE* plain = nullptr;
  gzFile compressed = nullptr;

  [[noreturn]] void give_up() const { throw std::runtime_error("cannot write " + name); }
};

Output::Output(const std::filesystem::path& path) : file_(std::make_unique<File>()) {
  file_->name = path.string();
  std::filesystem::create_directories(path.parent_path());
  if (path.extension() == ".gz") {
    file_->compressed = gzopen(path.c_str(), "wb6");
  } else {
    file_->plain = std::fopen(path.c_str(), "wb");
  }
  if (file_->plain == nullptr && file_->compressed == nullptr) file_->give_up();
}

Output::~Output() {
  if (file_->plain != nullptr) std::fclose(file_->plain);
  if (file_->compressed != nullptr) gzclose(file_->compressed);
}

void Output::flush() {
  const std::size_t size = text_.size();
  if (size == 0) return;
  const bool written = file_->compressed != nullptr ? gzwrite(file_->compressed, text_.data(),
                                                              static_cast<unsigned>(size)) == static_cast<int>(size)
                                                    : std::fwrite(text_.data(), 1, size, file_->plain) == size;
  if (!written) file_->give_up();
  flushed_ += size;
  text_.clear();
}

void Output::close() {
  flush();
  const bool failed = file_->compressed != nullptr ? gzclose(std::exchange(file_->compressed, nullptr)) != Z_OK
                                                   : std::fclose(std::exchange(file_->plain, nullptr)) != 0;
  if (failed) file_->give_up();
}

}  // namespace fa::bench
