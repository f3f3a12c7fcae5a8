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

}  // namespace
}  // namespace fa
