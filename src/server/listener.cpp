#include "server/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace fa::server {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (address.empty() || ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return {};
  return Addresses(found);
}

void turn_on(int socket, int level, int option, int value = 1) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

std::string address_text(const sockaddr_storage& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (from.ss_family == AF_INET6) {
    in6_addr address{};
    std::memcpy(&address, reinterpret_cast<const char*>(&from) + offsetof(sockaddr_in6, sin6_addr), sizeof address);
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
      ::inet_ntop(AF_INET, address.s6_addr + 12, text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &address, text.data(), text.size());
    }
  } else if (from.ss_family == AF_INET) {
    in_addr address{};
    std::memcpy(&address, reinterpret_cast<const char*>(&from) + offsetof(sockaddr_in, sin_addr), sizeof address);
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
  }
  return text.data();
}

tl::unexpected<Error> cannot_listen(const std::string& where) {
  const int error = errno;
  const bool wrong = error == EADDRNOTAVAIL || error == EACCES || error == EAFNOSUPPORT;
  return fail(wrong ? ErrorCode::kInvalidInput : ErrorCode::kUnavailable,
              "cannot listen on " + where + ": " + std::generic_category().message(error));
}

bool somebody_waits(int listener) {
  pollfd look{listener, POLLIN, 0};
  return ::poll(&look, 1, 0) > 0;
}

}  // namespace

Result<FileDescriptor> listen_on(const std::string& address, std::uint16_t port) {
  const Addresses addresses = resolve(address, port);
  if (!addresses) {
    return fail(ErrorCode::kInvalidInput,
                "cannot listen on \"" + address + "\": give an IP address of this machine, such as 127.0.0.1 or ::");
  }
  const std::string where = address + " port " + std::to_string(port);
  FileDescriptor socket(::socket(addresses->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return cannot_listen(where);
  turn_on(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (addresses->ai_family == AF_INET6) turn_on(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return cannot_listen(where);
  }
  return socket;
}

std::uint16_t local_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  in_port_t port = 0;  // At the same place for both families.
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  std::memcpy(&port, reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

Accepted accept_one(int listener) {
  using Outcome = Accepted::Outcome;
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  FileDescriptor socket(::accept4(listener, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) {
    turn_on(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    return {Outcome::kConnection, std::move(socket), address_text(from)};
  }
  switch (errno) {
    case EAGAIN:
      return {Outcome::kNone};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      // Said also when nobody waits: the system takes the file first.
      return {somebody_waits(listener) ? Outcome::kExhausted : Outcome::kNone};
    default:
      return {Outcome::kAgain};  // accept(2): errors of a connection that is gone show here.
  }
}

std::size_t make_room_for(std::size_t connections) {
  constexpr rlim_t kOthers = 512;  // Files, sockets and pipes of the rest of the program.
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  const rlim_t needed = static_cast<rlim_t>(connections) + kOthers;
  if (limit.rlim_cur < needed) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(needed, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur >= needed) return connections;
  const rlim_t room = std::max(limit.rlim_cur / 2, limit.rlim_cur > kOthers ? limit.rlim_cur - kOthers : 0);
  return std::min(connections, static_cast<std::size_t>(room));
}

}  // namespace fa::server
