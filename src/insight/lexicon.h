#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What words mean, in English and Japanese: what a question asks for, and what a metric shows. Closed tables; pure.
namespace fa::insight {

/// What can be measured, as bits.
using Signals = std::uint64_t;
namespace signal {
inline constexpr Signals kLatency = Signals{1} << 0;
inline constexpr Signals kErrors = Signals{1} << 1;
inline constexpr Signals kClientErrors = Signals{1} << 2;  ///< 4xx: what callers did wrong.
inline constexpr Signals kTraffic = Signals{1} << 3;
inline constexpr Signals kCpu = Signals{1} << 4;
inline constexpr Signals kMemory = Signals{1} << 5;
inline constexpr Signals kDiskSpace = Signals{1} << 6;
inline constexpr Signals kDiskIo = Signals{1} << 7;
inline constexpr Signals kConnections = Signals{1} << 8;
inline constexpr Signals kBacklog = Signals{1} << 9;  ///< What waits, and how long the oldest has.
inline constexpr Signals kThrottles = Signals{1} << 10;
inline constexpr Signals kConcurrency = Signals{1} << 11;
inline constexpr Signals kColdStarts = Signals{1} << 12;
inline constexpr Signals kCacheHits = Signals{1} << 13;
inline constexpr Signals kReplication = Signals{1} << 14;
inline constexpr Signals kNetwork = Signals{1} << 15;
inline constexpr Signals kHealth = Signals{1} << 16;  ///< Health checks, hosts in service.
inline constexpr Signals kRestarts = Signals{1} << 17;
inline constexpr Signals kScaling = Signals{1} << 18;  ///< How many tasks, instances, nodes.
inline constexpr Signals kBlocked = Signals{1} << 19;  ///< By a firewall.
inline constexpr Signals kDeadLetters = Signals{1} << 20;
inline constexpr Signals kEvictions = Signals{1} << 21;
inline constexpr Signals kCredits = Signals{1} << 22;  ///< Burst balances.
inline constexpr Signals kSwap = Signals{1} << 23;
inline constexpr Signals kDeadlocks = Signals{1} << 24;
inline constexpr Signals kTimeouts = Signals{1} << 25;
inline constexpr Signals kPorts = Signals{1} << 26;     ///< Source ports of a NAT gateway.
inline constexpr Signals kCapacity = Signals{1} << 27;  ///< Capacity units, consumed and provisioned.
inline constexpr Signals kDrops = Signals{1} << 28;
inline constexpr Signals kDelivery = Signals{1} << 29;
inline constexpr Signals kExpiry = Signals{1} << 30;        ///< Of certificates.
inline constexpr Signals kSize = Signals{1} << 31;          ///< Stored bytes and objects.
inline constexpr Signals kAvailability = Signals{1} << 32;  ///< Success rates of probes.
inline constexpr Signals kConnectErrors = Signals{1} << 33;
inline constexpr Signals kQuota = Signals{1} << 34;
inline constexpr Signals kCost = Signals{1} << 35;
inline constexpr Signals kTokens = Signals{1} << 36;        ///< Of language models.
inline constexpr Signals kReads = Signals{1} << 37;         ///< Narrows others: only reading.
inline constexpr Signals kWrites = Signals{1} << 38;        ///< Narrows others: only writing.
inline constexpr Signals kServerErrors = Signals{1} << 39;  ///< 5xx alone.
inline constexpr Signals kBounces = Signals{1} << 40;       ///< Of mail.
}  // namespace signal

/// What is wrong, where a question names no figure, as bits: each stands for the figures an engineer looks at then.
using Symptoms = std::uint32_t;
namespace symptom {
inline constexpr Symptoms kSlow = 1U << 0;
inline constexpr Symptoms kFailing = 1U << 1;
inline constexpr Symptoms kOverview = 1U << 2;  ///< How is it, is it all right.
inline constexpr Symptoms kLoad = 1U << 3;
inline constexpr Symptoms kTuning = 1U << 4;  ///< Too large, too small, what to change.
}  // namespace symptom

/// AWS services and the like, as bits by their place in services().
using ServiceSet = std::uint64_t;

struct ServiceInfo {
  std::string_view name;                          ///< Stable short name: `lambda`.
  std::vector<std::string_view> namespaces;       ///< CloudWatch namespaces.
  std::vector<std::string_view> main_dimensions;  ///< What one of its resources is named by, best first.
  int front = 0;                                  ///< Above 0: what users meet; the higher the nearer to them.
};
[[nodiscard]] const std::vector<ServiceInfo>& services();
/// Place of the service that publishes in this namespace; nullopt for namespaces of the user's own and unknown ones.
[[nodiscard]] std::optional<std::size_t> service_of_namespace(std::string_view metric_namespace);

/// What a text says, as far as the lexicon knows its words.
struct WordMeaning {
  Signals signals = 0;
  Symptoms symptoms = 0;
  ServiceSet services = 0;
  /// Words like `instance` or `table`, that may be meant of several services: count where no other is named.
  ServiceSet weak_services = 0;
  bool each = false;          ///< `all`, `which`, `どれ`: each resource by itself.
  bool by_zone = false;       ///< Per availability zone.
  bool by_target = false;     ///< Per target group.
  bool by_operation = false;  ///< Per operation, method, path.
  bool by_version = false;    ///< Per alias or version.
  bool whole_account = false;
  bool user_facing = false;  ///< `site`, `users`, `ページ`: what stands in front.
  bool why = false;
  bool by_contrast = false;  ///< `only android?`: the others are looked at too.
  /// Bytes of the text that are known words, ascending, not overlapping.
  std::vector<std::pair<std::size_t, std::size_t>> places;
};

/// Reads a text in lower case with usual widths. Of words inside each other the longer counts.
[[nodiscard]] WordMeaning read_words(std::string_view text);

/// Whether a word of the alphabet stands in any question: articles, verbs, polite phrases. Never a resource's name.
[[nodiscard]] bool is_common_word(std::string_view word);
/// Words that stand in the names of many resources and tell none apart: `prod`, `api`, `service`, `queue`.
[[nodiscard]] bool is_generic_name_part(std::string_view word);

enum class Stage { kNone, kProduction, kOther };
/// The stage a part of a name stands for.
[[nodiscard]] Stage stage_of_word(std::string_view word);
/// English words of business for Japanese ones that are often asked by: `決済` -> payment.
[[nodiscard]] std::vector<std::pair<std::string_view, std::vector<std::string_view>>> japanese_name_words();

/// What a metric shows.
struct MetricMeaning {
  Signals signals = 0;
  Symptoms symptoms = 0;  ///< For which it belongs to what one looks at.
  /// Another metric of the same service says the same better, or it matters only where it is named.
  bool detail = false;
};
[[nodiscard]] MetricMeaning meaning_of_metric(std::string_view metric_namespace, std::string_view name);

}  // namespace fa::insight
