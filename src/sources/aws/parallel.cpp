#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "sources/aws/source.h"

namespace fa {

void for_each_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) task(i);
  };
  const std::size_t helpers = std::min(count, std::max<std::size_t>(threads, 1));
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < helpers; ++i) workers.emplace_back(work);
  work();  // the caller is one of them
}

}  // namespace fa
