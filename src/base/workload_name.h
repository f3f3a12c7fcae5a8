#pragma once

#include <cstddef>
#include <string_view>

namespace fa {

/// The name of a workload without what an orchestrator adds to make its pods unique: `cart-6c7f9d8b54-8xkvz` -> `cart`,
/// `report-28596480-mmz4c` -> `report`, `db-0` -> `db`. Any other name as it is. A view into `pod`.
std::string_view workload_of(std::string_view pod);

/// The workload that a host name of a private network stands for: `orders-db.internal`, `cart.shop.svc.cluster.local`,
/// `Cart` -> its first label. Empty for addresses and for names of the public internet, whose first label (`api`,
/// `www`) says nothing of who answers. A view into `host`, without a port.
std::string_view workload_of_host(std::string_view host);

/// Host and port of the URL whose `://` ends at `at` in a text: what stands before the path, without user and password.
std::string_view authority_at(std::string_view text, std::size_t at);

}  // namespace fa
