#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "support/aws/played_service.h"

namespace fa::test {

class IssuedCredentials {
 public:
  void add(const std::string& access_key_id, IssuedCredential credential) {
    const std::lock_guard lock(mutex_);
    known_[access_key_id] = std::move(credential);
  }
  [[nodiscard]] std::optional<IssuedCredential> find(const std::string& access_key_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(access_key_id);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, IssuedCredential> known_;
};

}  // namespace fa::test
