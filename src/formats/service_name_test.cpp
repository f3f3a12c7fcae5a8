#include "formats/service_name.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(ServiceName, ComesFromTheFileNameOrItsFolder) {
  const auto service = [](std::string_view path) { return names_of_path(path).service; };
  EXPECT_EQ(service("orders.log"), "orders");
  EXPECT_EQ(service("/var/log/orders.log.1"), "orders");
  EXPECT_EQ(service("orders.log.2026-03-14.gz"), "orders");
  EXPECT_EQ(service("orders-2026-03-14.log"), "orders");
  EXPECT_EQ(service("orders_20260314.json.zst"), "orders");
  EXPECT_EQ(service("my.service.log"), "my.service");
  EXPECT_EQ(service("/srv/orders/app.log"), "orders");
  EXPECT_EQ(service("/srv/orders/logs/current"), "orders");
  EXPECT_EQ(service("exported/task/orders-stream/000000.gz"), "orders-stream");
  EXPECT_EQ(service("/var/log/syslog"), "syslog");
  EXPECT_EQ(service("app.log"), "app");
  EXPECT_EQ(service("log4j2"), "log4j2");
  EXPECT_EQ(service(""), "");
  EXPECT_EQ(service("-"), "stdin");
  EXPECT_EQ(service("2026-03-14.log"), "2026-03-14.log");  // Nothing better to call it.
}

TEST(ServiceName, KubernetesNodePathsNameContainerAndPod) {
  auto names = names_of_path("/var/log/pods/shop_orders-5d8f7-x2x_0f1c-uid/main/0.log");
  EXPECT_EQ(names.service, "main");
  EXPECT_EQ(names.instance, "orders-5d8f7-x2x");
  names = names_of_path("/var/log/containers/orders-5d8f7-x2x_shop_web-api-0123456789abcdef.log");
  EXPECT_EQ(names.service, "web-api");
  EXPECT_EQ(names.instance, "orders-5d8f7-x2x");
}

}  // namespace
}  // namespace fa
