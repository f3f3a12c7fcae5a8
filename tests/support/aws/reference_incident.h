#pragma once

#include <string>
#include <vector>

#include "support/aws/world.h"

namespace fa::test {

/// What is known of the reference incident, for tests to ask about and to compare with.
///
/// A load balancer spreads requests to two services on ECS: orders-api, which keeps its data in the DynamoDB table
/// `orders`, and catalog-api with a SQL database of its own. Eight seconds before the window somebody takes the route
/// table out of the VPC's endpoint for DynamoDB, so that nothing in the VPC can connect to it any more. Not to be taken
/// for the cause: a deployment of catalog-api 20 minutes before, a WARN of orders-api that is there all the time, a
/// busy moment of mailer, a cron job at the very minute of the onset, a change of permissions that nobody felt.
struct ReferenceFacts {
  TimeRange window;    ///< 20 minutes of the incident.
  TimeRange baseline;  ///< The two hours before.
  TimePoint now;       ///< The services' clock: late enough for all logs to be delivered.
  TimePoint change;    ///< When the route table was taken away.

  std::string change_event = "ModifyVpcEndpoint";
  std::string change_resource = "vpce-0a7c41d29be35f806";
  std::string actor = "kenji.mori";
  std::string actor_address = "203.0.113.24";
  std::string failing_service = "orders-api";
  std::string failing_dependency = "dynamodb";

  std::string alarm_name = "edge-response-time";
  std::string alarm_arn = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:edge-response-time";
  std::string alb_bucket = "shop-edge-logs";
  std::string alb_prefix = "edge";  ///< What stands before AWSLogs/.
  std::string trail_bucket = "shop-trail";
  std::string trail_prefix;  ///< None.
  std::vector<std::string> log_groups = {"/ecs/catalog-api", "/ecs/mailer", "/ecs/orders-api", "/ecs/stock-sync"};
};
ReferenceFacts reference_facts();

/// The account of the reference incident: some 6,000 requests and log events, 300 objects, 60 metrics, 600 traces. The
/// same bytes every time.
AwsWorld make_reference_incident();

}  // namespace fa::test
