#include <algorithm>

#include "insight/lexicon.h"

namespace fa::insight {

const std::vector<ServiceInfo>& services() {
  // The order is that of lexicon_words.cpp's names; at most 64.
  static const std::vector<ServiceInfo> kServices{
      {"alb", {"AWS/ApplicationELB", "AWS/ELB"}, {"LoadBalancer", "LoadBalancerName", "TargetGroup"}, 2},
      {"nlb", {"AWS/NetworkELB"}, {"LoadBalancer", "TargetGroup"}},
      {"apigateway", {"AWS/ApiGateway"}, {"ApiName", "ApiId"}, 2},
      {"cloudfront", {"AWS/CloudFront"}, {"DistributionId"}, 3},
      {"waf", {"AWS/WAFV2"}, {"WebACL"}},
      {"lambda", {"AWS/Lambda", "LambdaInsights"}, {"FunctionName", "function_name"}},
      {"ecs", {"AWS/ECS", "ECS/ContainerInsights"}, {"ServiceName", "TaskDefinitionFamily", "ClusterName"}},
      {"eks", {"ContainerInsights"}, {"Service", "PodName", "ClusterName"}},
      {"dynamodb", {"AWS/DynamoDB"}, {"TableName"}},
      {"rds", {"AWS/RDS"}, {"DBInstanceIdentifier", "DBClusterIdentifier"}},
      {"docdb", {"AWS/DocDB"}, {"DBInstanceIdentifier", "DBClusterIdentifier"}},
      {"redshift", {"AWS/Redshift"}, {"ClusterIdentifier"}},
      {"neptune", {"AWS/Neptune"}, {"DBInstanceIdentifier", "DBClusterIdentifier"}},
      {"elasticache", {"AWS/ElastiCache"}, {"CacheClusterId", "ReplicationGroupId"}},
      {"sqs", {"AWS/SQS"}, {"QueueName"}},
      {"sns", {"AWS/SNS"}, {"TopicName"}},
      {"s3", {"AWS/S3"}, {"BucketName"}},
      {"ec2", {"AWS/EC2", "CWAgent"}, {"InstanceId", "host", "AutoScalingGroupName"}},
      {"autoscaling", {"AWS/AutoScaling"}, {"AutoScalingGroupName"}},
      {"ebs", {"AWS/EBS"}, {"VolumeId"}},
      {"efs", {"AWS/EFS"}, {"FileSystemId"}},
      {"nat", {"AWS/NATGateway"}, {"NatGatewayId"}},
      {"kinesis", {"AWS/Kinesis"}, {"StreamName"}},
      {"firehose", {"AWS/Firehose"}, {"DeliveryStreamName"}},
      {"stepfunctions", {"AWS/States"}, {"StateMachineArn", "ActivityArn"}},
      {"eventbridge", {"AWS/Events", "AWS/Scheduler"}, {"RuleName", "ScheduleGroup", "EventBusName"}},
      {"logs", {"AWS/Logs"}, {"LogGroupName"}},
      {"opensearch", {"AWS/ES"}, {"DomainName"}},
      {"kafka", {"AWS/Kafka"}, {"Cluster Name"}},
      {"mq", {"AWS/AmazonMQ"}, {"Broker"}},
      {"route53", {"AWS/Route53"}, {"HealthCheckId", "HostedZoneId"}},
      {"synthetics", {"CloudWatchSynthetics"}, {"CanaryName"}},
      {"appsync", {"AWS/AppSync"}, {"GraphQLAPIId"}, 1},
      {"cognito", {"AWS/Cognito"}, {"UserPool"}},
      {"bedrock", {"AWS/Bedrock"}, {"ModelId"}},
      {"sagemaker", {"AWS/SageMaker"}, {"EndpointName"}},
      {"certificate", {"AWS/CertificateManager"}, {"CertificateArn"}},
      {"ses", {"AWS/SES"}, {}},
      {"codebuild", {"AWS/CodeBuild"}, {"ProjectName"}},
      {"glue", {"Glue", "AWS/Glue"}, {"JobName"}},
      {"usage", {"AWS/Usage"}, {"Resource"}},
      {"billing", {"AWS/Billing"}, {"ServiceName"}},
      {"transitgateway", {"AWS/TransitGateway"}, {"TransitGateway"}},
      {"vpn", {"AWS/VPN"}, {"VpnId", "TunnelIpAddress"}},
      {"directconnect", {"AWS/DX"}, {"ConnectionId"}},
      {"globalaccelerator", {"AWS/GlobalAccelerator"}, {"Accelerator"}, 1},
      {"batch", {"AWS/Batch"}, {"JobQueue"}},
      {"apprunner", {"AWS/AppRunner"}, {"ServiceName"}, 1},
      {"dms", {"AWS/DMS"}, {"ReplicationTaskIdentifier", "ReplicationInstanceIdentifier"}},
      {"backup", {"AWS/Backup"}, {"BackupVaultName"}},
      {"transfer", {"AWS/Transfer"}, {"ServerId"}},
  };
  return kServices;
}

std::optional<std::size_t> service_of_namespace(std::string_view metric_namespace) {
  const auto& all = services();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& names = all[i].namespaces;
    if (std::find(names.begin(), names.end(), metric_namespace) != names.end()) return i;
  }
  return std::nullopt;
}

}  // namespace fa::insight
