// A connection's bytes in pieces: the same requests as in one piece.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/request_reader.h"

namespace {

using fa::server::RequestReader;
using Status = RequestReader::Status;

/// What came out; stops at the first refusal, as a server does.
struct Run {
  std::string requests;
  int refusal = 0;
};

void take_all(RequestReader& reader, Status status, Run& run) {
  for (; status == Status::kComplete; status = reader.resume()) {
    const fa::server::ServerRequest request = reader.take();
    run.requests.append(request.method).append(1, '\n').append(request.path).append(1, '?').append(request.query);
    for (const auto& [name, value] : request.headers) run.requests.append(name).append(1, '=').append(value);
    run.requests.append(1, '\n').append(request.body).append(1, '\n');
  }
  if (status == Status::kRefused) run.refusal = reader.refusal();
}

Run read(std::string_view bytes, std::size_t piece) {
  RequestReader reader({512, 1024});
  Run run;
  for (; !bytes.empty() && run.refusal == 0; bytes.remove_prefix(std::min(piece, bytes.size()))) {
    take_all(reader, reader.feed(bytes.substr(0, piece)), run);
  }
  return run;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Run whole = read(bytes, size + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const Run pieces = read(bytes, piece);
    // Long chunk headers may fit when they come at once; else no request is taken that was refused in one piece.
    const bool same =
        pieces.refusal == 431 ? whole.requests.starts_with(pieces.requests) : pieces.requests == whole.requests;
    if (!same) std::abort();
  }
  return 0;
}
