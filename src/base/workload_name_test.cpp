#include "base/workload_name.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(WorkloadOf, takes_off_what_makes_pods_unique) {
  EXPECT_EQ(workload_of("cart-6c7f9d8b54-8xkvz"), "cart");
  EXPECT_EQ(workload_of("report-28596480-mmz4c"), "report");
  EXPECT_EQ(workload_of("db-0"), "db");
  EXPECT_EQ(workload_of("fluentd-x7k2p"), "fluentd");
  EXPECT_EQ(workload_of("api-gateway"), "api-gateway");
  EXPECT_EQ(workload_of("search"), "search");
  EXPECT_EQ(workload_of("https-proxy"), "https-proxy");
  EXPECT_EQ(workload_of("a-https"), "a-https");
  EXPECT_EQ(workload_of("-"), "-");
  EXPECT_EQ(workload_of(""), "");
}

TEST(WorkloadOfHost, is_the_first_label_inside_a_private_network) {
  EXPECT_EQ(workload_of_host("orders-db.internal"), "orders-db");
  EXPECT_EQ(workload_of_host("orders-db.internal:5432"), "orders-db");
  EXPECT_EQ(workload_of_host("cart.shop.svc.cluster.local"), "cart");
  EXPECT_EQ(workload_of_host("cart.shop.svc."), "cart");
  EXPECT_EQ(workload_of_host("cart"), "cart");
  for (const char* none :
       {"api.payments.example", "www.example.com", "10.0.0.7", "10.0.0.7:80", "localhost", "", "::1", "[::1]:80"}) {
    EXPECT_EQ(workload_of_host(none), "") << none;
  }
}

TEST(AuthorityAt, leaves_out_who_asks_and_for_what) {
  const auto of = [](std::string_view url) { return authority_at(url, url.find("://") + 3); };
  EXPECT_EQ(of("GET http://cart.internal:8080/items?q=a@b: refused"), "cart.internal:8080");
  EXPECT_EQ(of("postgres://orders:secret@orders-db.internal:5432/orders"), "orders-db.internal:5432");
  EXPECT_EQ(of("call to \"https://cart\" failed"), "cart");
  EXPECT_EQ(of("http://"), "");
  EXPECT_EQ(authority_at("short", 99), "");
}

}  // namespace
}  // namespace fa
