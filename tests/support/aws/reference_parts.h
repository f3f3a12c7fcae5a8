#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/aws/reference_incident.h"

/// The parts that make up the reference incident.
namespace fa::test::reference {

inline constexpr std::string_view kAccount = "123456789012";
inline constexpr std::string_view kRegion = "ap-northeast-1";
inline constexpr std::string_view kLoadBalancer = "app/shop-edge/50dc6c495c0c9188";
inline constexpr std::string_view kTable = "orders";
inline constexpr std::string_view kNoConnection =
    "Unable to execute HTTP request: Connect to dynamodb.ap-northeast-1.amazonaws.com:443 "
    "[dynamodb.ap-northeast-1.amazonaws.com/52.119.220.12] failed: connect timed out";

/// A small generator whose numbers are the same on every machine (splitmix64, Steele, Lea and Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double uniform();  ///< [0, 1)
  double between(double low, double high) { return low + (high - low) * uniform(); }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  std::string hex(std::size_t digits);

 private:
  std::uint64_t state_;
};

enum class Service { kOrders, kCatalog };
inline std::string_view name_of(Service s) { return s == Service::kOrders ? "orders-api" : "catalog-api"; }
std::string target_group_of(Service s);  ///< `targetgroup/orders-api/...`

/// One request through the load balancer.
struct Request {
  TimePoint start;
  double seconds = 0;  ///< Until the answer.
  Service service = Service::kOrders;
  int status = 200;           ///< Told to the client.
  bool answered = true;       ///< By the target; otherwise the load balancer gave up (504).
  bool failed_store = false;  ///< No connection to the table.
  std::string method;
  std::string path;
  std::string trace_id;  ///< `1-69b51f2a-...`
  std::string item;      ///< Order or product.
  int node = 0;          ///< Of the load balancer.
  int task = 0;          ///< Of the service.
  bool sampled = false;  ///< By X-Ray.

  [[nodiscard]] TimePoint end() const { return start + Nanoseconds(static_cast<std::int64_t>(seconds * 1e6) * 1000); }
};
/// All requests, by start.
std::vector<Request> simulate_requests();

void add_logs(AwsWorld& world, const std::vector<Request>& requests);
void add_access_logs(AwsWorld& world, const std::vector<Request>& requests);
void add_changes(AwsWorld& world);  ///< CloudTrail: objects and event history.
void add_metrics(AwsWorld& world, const std::vector<Request>& requests);
void add_alarms(AwsWorld& world);  ///< After the metrics, whose values they quote.
void add_traces(AwsWorld& world, const std::vector<Request>& requests);

std::string gzip(std::string_view bytes);

/// Everything happens between these.
TimePoint first_time();
TimePoint last_time();

}  // namespace fa::test::reference
