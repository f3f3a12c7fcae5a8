/// The traffic of the reference incident.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "support/aws/reference_parts.h"

namespace fa::test::reference {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// What becomes of a request to orders-api that needs its table: four attempts of two seconds each, waiting for a free
/// thread the longer it goes on, until the load balancer gives up after a minute.
void cut_off(Request& request, double minutes_since, Dice& dice) {
  request.failed_store = true;
  if (dice.uniform() < std::min(0.6, 0.05 * minutes_since)) {
    request.seconds = 60.0 + dice.between(0, 0.02);
    request.status = 504;
    request.answered = false;
    return;
  }
  request.seconds = 8.4 + std::min(minutes_since, 12.0) * 1.2 + dice.between(0, 2.5);
  request.status = 500;
}

Request make_request(TimePoint start, TimePoint cut, Dice& dice) {
  Request r;
  r.start = start;
  r.service = dice.uniform() < 0.6 ? Service::kOrders : Service::kCatalog;
  r.node = static_cast<int>(dice.below(2));
  r.task = static_cast<int>(dice.below(2));
  const auto second = std::chrono::floor<std::chrono::seconds>(start).time_since_epoch().count();
  r.trace_id = fmt::format("1-{:08x}-{}", second, dice.hex(24));
  r.sampled = dice.uniform() < 0.1;
  r.item = r.service == Service::kOrders ? dice.hex(8) : fmt::format("SK-{}", 1000 + dice.below(400));
  const double kind = dice.uniform();
  const double scale = dice.uniform() < 0.03 ? 6 : 1;  // some are slow on every day
  bool needs_table = false;
  if (r.service == Service::kCatalog) {
    r.method = "GET";
    r.path = kind < 0.7 ? "/catalog/items/" + r.item : "/catalog/search?q=" + r.item;
    r.seconds = dice.between(0.008, 0.03) * scale;
    if (dice.uniform() < 0.01) r.status = 404;
  } else if (kind < 0.3) {
    r.method = "POST";
    r.path = "/api/orders";
    r.status = 201;
    r.seconds = dice.between(0.03, 0.07) * scale;
    needs_table = true;
  } else {
    r.method = "GET";
    r.path = "/api/orders/" + r.item;
    r.seconds = dice.between(0.012, 0.04) * scale;
    needs_table = dice.uniform() < 0.85;  // the others are answered from memory
    if (dice.uniform() < 0.02) r.status = 404;
  }
  if (needs_table && start >= cut) {
    cut_off(r, std::chrono::duration<double, std::ratio<60>>(start - cut).count(), dice);
  }
  return r;
}

}  // namespace

std::string target_group_of(Service s) {
  return s == Service::kOrders ? "targetgroup/orders-api/6d0ecf831eec9f09" : "targetgroup/catalog-api/943f017f100becff";
}

std::vector<Request> simulate_requests() {
  Dice dice(20'260'314);
  std::vector<Request> requests;
  const TimePoint cut = reference_facts().change;
  for (TimePoint minute = first_time(); minute < last_time(); minute += minutes(1)) {
    const std::uint64_t count = 36 + dice.below(9);
    for (std::uint64_t i = 0; i < count; ++i) {
      requests.push_back(make_request(minute + milliseconds(dice.below(60'000)), cut, dice));
    }
  }
  std::stable_sort(requests.begin(), requests.end(),
                   [](const Request& a, const Request& b) { return a.start < b.start; });
  return requests;
}

}  // namespace fa::test::reference
