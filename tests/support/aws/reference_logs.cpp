/// The log groups of the reference incident: lines as Spring Boot's default layout writes them, stack traces as the
/// AWS SDK for Java prints them.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "support/aws/reference_parts.h"

namespace fa::test::reference {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string line(TimePoint time, std::string_view level, std::string_view thread, std::string_view logger,
                 std::string_view message) {
  std::string stamp = format_rfc3339(std::chrono::floor<milliseconds>(time));
  if (stamp.size() == 20) stamp.insert(19, ".000");
  return fmt::format("{} {:>5} 1 --- [{:>15}] {:<40} : {}", stamp, level, thread, logger, message);
}

std::string stack_trace(std::string_view method) {
  return fmt::format(
      "\n\nsoftware.amazon.awssdk.core.exception.SdkClientException: {0}\n"
      "\tat software.amazon.awssdk.core.exception.SdkClientException$BuilderImpl.build(SdkClientException.java:111)\n"
      "\tat software.amazon.awssdk.core.exception.SdkClientException.create(SdkClientException.java:47)\n"
      "\tat software.amazon.awssdk.core.internal.http.pipeline.stages.utils.RetryableStageHelper.setLastException("
      "RetryableStageHelper.java:223)\n"
      "\tat software.amazon.awssdk.core.internal.http.pipeline.stages.RetryableStage.execute(RetryableStage.java:83)\n"
      "\tat software.amazon.awssdk.services.dynamodb.DefaultDynamoDbClient.{1}(DefaultDynamoDbClient.java:4198)\n"
      "\tat com.example.orders.store.OrderStore.{1}(OrderStore.java:84)\n"
      "\tat com.example.orders.web.OrderController.handle(OrderController.java:57)\n"
      "\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
      "Caused by: org.apache.http.conn.ConnectTimeoutException: Connect to dynamodb.ap-northeast-1.amazonaws.com:443 "
      "[dynamodb.ap-northeast-1.amazonaws.com/52.119.220.12] failed: connect timed out\n"
      "\tat org.apache.http.impl.conn.DefaultHttpClientConnectionOperator.connect("
      "DefaultHttpClientConnectionOperator.java:151)\n"
      "\t... 46 more\n"
      "Caused by: java.net.SocketTimeoutException: connect timed out\n"
      "\tat java.base/sun.nio.ch.NioSocketImpl.timedFinishConnect(NioSocketImpl.java:546)\n"
      "\t... 58 more\n",
      kNoConnection, method);
}

void orders_lines(const Request& r, AwsWorld::LogGroup& group, Dice& dice) {
  const std::string stream = fmt::format("orders-api/app/{}", r.task == 0 ? "3f9c2a71d84e4b60" : "b07d15e6c29a4f38");
  const std::string thread = fmt::format("nio-8080-exec-{}", 1 + dice.below(40));
  const auto add = [&](TimePoint time, std::string text) {
    if (time < last_time()) group.events.push_back({time, stream, std::move(text)});
  };
  if (dice.uniform() < 0.12) {  // there all the time
    add(r.start, line(r.start, "WARN", thread, "c.e.orders.pricing.PriceList",
                      fmt::format("Price of SK-{} is {} s old, failed to refresh it, using it anyway",
                                  1000 + dice.below(400), 60 + dice.below(600))));
  }
  const auto told = milliseconds(static_cast<std::int64_t>(r.seconds * 1000));
  if (r.failed_store) {
    // The service itself gives up after the SDK's attempts, also where nobody waits any longer.
    const TimePoint time = r.start + std::min<Nanoseconds>(told, seconds(75));
    const bool read = r.method == "GET";
    add(time, line(time, "ERROR", thread, "c.e.orders.store.OrderStore",
                   fmt::format("Could not {} order {} in table {}", read ? "find" : "save", r.item, kTable)) +
                  stack_trace(read ? "getItem" : "putItem"));
    return;
  }
  const TimePoint time = r.start + told;
  const std::string_view what = r.method == "POST" ? "Created" : r.status == 404 ? "No such" : "Returned";
  add(time, line(time, "INFO", thread, "c.e.orders.web.OrderController",
                 fmt::format("{} order {} in {} ms", what, r.item, told.count())));
}

void catalog_lines(const Request& r, AwsWorld::LogGroup& group, Dice& dice) {
  const TimePoint deployed = reference_facts().window.begin - minutes(20);
  const bool before = r.start < deployed + minutes(2);
  const std::string stream = fmt::format("catalog-api/app/{}", before ? "71aa03c2e4f94d15" : "e8d2609b5c374fa1");
  const auto took = milliseconds(static_cast<std::int64_t>(r.seconds * 1000));
  const std::string thread = fmt::format("nio-8080-exec-{}", 1 + dice.below(20));
  const TimePoint time = r.start + took;
  group.events.push_back(
      {time, stream,
       line(time, "INFO", thread, "c.e.catalog.web.ItemController",
            fmt::format("Item {} {} in {} ms", r.item, r.status == 404 ? "not found" : "found", took.count()))});
}

void add_deployment(AwsWorld::LogGroup& group) {
  const TimePoint start = reference_facts().window.begin - minutes(18);
  const std::string stream = "catalog-api/app/e8d2609b5c374fa1";
  const std::pair<int, const char*> kLines[] = {
      {0, "Starting CatalogApplication v2.14.0 using Java 17.0.10 with PID 1"},
      {4100, "Tomcat initialized with port(s): 8080 (http)"},
      {6900, "Started CatalogApplication in 7.2 seconds (process running for 7.9)"}};
  for (const auto& [after, text] : kLines) {
    const TimePoint time = start + milliseconds(after);
    group.events.push_back({time, stream, line(time, "INFO", "main", "c.e.catalog.CatalogApplication", text)});
  }
}

void add_mailer(AwsWorld::LogGroup& group, Dice& dice) {
  for (TimePoint minute = first_time(); minute < last_time(); minute += minutes(1)) {
    for (std::uint64_t i = 0, n = 2 + dice.below(3); i < n; ++i) {
      const TimePoint time = minute + milliseconds(dice.below(60'000));
      group.events.push_back({time, "mailer/app/0c5e7f21a9b84d63",
                              line(time, "INFO", "scheduling-1", "c.e.mailer.Outbox",
                                   fmt::format("Sent {} messages in {} ms", 1 + dice.below(9), 80 + dice.below(300)))});
    }
  }
}

/// A cron job every quarter of an hour, thus at the onset too.
void add_stock_sync(AwsWorld::LogGroup& group, Dice& dice) {
  for (TimePoint quarter = first_time(); quarter < last_time(); quarter += minutes(15)) {
    const std::string stream = "stock-sync/job/" + dice.hex(16);
    const std::uint64_t rows = 380 + dice.below(80);
    const std::uint64_t took = 4200 + dice.below(1500);
    const auto at = [&](std::uint64_t ms) { return quarter + seconds(3) + milliseconds(ms); };
    group.events.push_back(
        {at(0), stream, line(at(0), "INFO", "main", "c.e.stock.SyncJob", "Stock synchronization started")});
    group.events.push_back({at(took), stream,
                            line(at(took), "INFO", "main", "c.e.stock.SyncJob",
                                 fmt::format("Synchronized {} rows in {} ms", rows, took))});
  }
}

}  // namespace

void add_logs(AwsWorld& world, const std::vector<Request>& requests) {
  Dice dice(1);
  auto& orders = world.log_groups["/ecs/orders-api"];
  auto& catalog = world.log_groups["/ecs/catalog-api"];
  for (const Request& r : requests) {
    if (r.service == Service::kOrders) {
      orders_lines(r, orders, dice);
    } else {
      catalog_lines(r, catalog, dice);
    }
  }
  add_deployment(catalog);
  add_mailer(world.log_groups["/ecs/mailer"], dice);
  add_stock_sync(world.log_groups["/ecs/stock-sync"], dice);
  for (auto& [name, group] : world.log_groups) {
    group.tags = {{"system", "shop"}};
    std::stable_sort(group.events.begin(), group.events.end(),
                     [](const AwsWorld::LogEvent& a, const AwsWorld::LogEvent& b) { return a.time < b.time; });
  }
  // Another system's, without the tag.
  auto& archive = world.log_groups["/batch/archive"];
  archive.tags = {{"system", "archive"}};
  archive.events.push_back({first_time() + minutes(30), "archive", "archived 12 files"});
}

}  // namespace fa::test::reference
