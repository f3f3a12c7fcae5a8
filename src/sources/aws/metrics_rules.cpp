#include "sources/aws/metrics_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

#include "base/text.h"

namespace fa {
namespace {

enum class Ask {
  kSum,      ///< What is counted.
  kLatency,  ///< Durations of requests. The mean comes with the percentiles: only means add up over requests, and some
             ///< services publish no percentiles.
  kUse,      ///< Shares of a resource: mean and peak.
  kLow,      ///< What must not run out or fall.
  kHigh,     ///< What must not grow: ages, backlogs.
  kMean,     ///< Rates that are published as shares.
  kUnknown,
};

struct Row {
  std::string_view metric_namespace;
  std::string_view name;
  Ask ask;
  int tier;
};

/// Source: the "metrics and dimensions" page of each AWS service. Namespaces stand in the order of namespace_rank().
constexpr std::array kRows = std::to_array<Row>({
    {"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", Ask::kSum, 0},
    {"AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", Ask::kSum, 0},
    {"AWS/ApplicationELB", "TargetResponseTime", Ask::kLatency, 0},
    {"AWS/ApplicationELB", "RequestCount", Ask::kSum, 0},
    {"AWS/ApplicationELB", "UnHealthyHostCount", Ask::kHigh, 0},
    {"AWS/ApplicationELB", "HealthyHostCount", Ask::kLow, 0},
    {"AWS/ApplicationELB", "TargetConnectionErrorCount", Ask::kSum, 0},
    {"AWS/ApplicationELB", "RejectedConnectionCount", Ask::kSum, 0},
    {"AWS/ApplicationELB", "HTTPCode_ELB_502_Count", Ask::kSum, 1},
    {"AWS/ApplicationELB", "HTTPCode_ELB_503_Count", Ask::kSum, 1},
    {"AWS/ApplicationELB", "HTTPCode_ELB_504_Count", Ask::kSum, 1},
    {"AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", Ask::kSum, 1},
    {"AWS/ApplicationELB", "HTTPCode_ELB_4XX_Count", Ask::kSum, 1},
    {"AWS/ApplicationELB", "ActiveConnectionCount", Ask::kSum, 1},
    {"AWS/ApplicationELB", "ClientTLSNegotiationErrorCount", Ask::kSum, 1},
    {"AWS/ApplicationELB", "TargetTLSNegotiationErrorCount", Ask::kSum, 1},
    {"AWS/ApplicationELB", "LambdaInternalError", Ask::kSum, 1},
    {"AWS/ApplicationELB", "LambdaUserError", Ask::kSum, 1},
    {"AWS/NetworkELB", "UnHealthyHostCount", Ask::kHigh, 0},
    {"AWS/NetworkELB", "HealthyHostCount", Ask::kLow, 0},
    {"AWS/NetworkELB", "TCP_ELB_Reset_Count", Ask::kSum, 0},
    {"AWS/NetworkELB", "TCP_Target_Reset_Count", Ask::kSum, 0},
    {"AWS/NetworkELB", "PortAllocationErrorCount", Ask::kSum, 0},
    {"AWS/NetworkELB", "NewFlowCount", Ask::kSum, 0},
    {"AWS/NetworkELB", "ActiveFlowCount", Ask::kUse, 1},
    {"AWS/NetworkELB", "TCP_Client_Reset_Count", Ask::kSum, 1},
    {"AWS/ELB", "HTTPCode_Backend_5XX", Ask::kSum, 0},
    {"AWS/ELB", "HTTPCode_ELB_5XX", Ask::kSum, 0},
    {"AWS/ELB", "Latency", Ask::kLatency, 0},
    {"AWS/ELB", "RequestCount", Ask::kSum, 0},
    {"AWS/ELB", "UnHealthyHostCount", Ask::kHigh, 0},
    {"AWS/ELB", "HealthyHostCount", Ask::kLow, 0},
    {"AWS/ELB", "BackendConnectionErrors", Ask::kSum, 0},
    {"AWS/ELB", "SpilloverCount", Ask::kSum, 0},
    {"AWS/ELB", "SurgeQueueLength", Ask::kHigh, 0},
    {"AWS/ApiGateway", "5XXError", Ask::kSum, 0},
    {"AWS/ApiGateway", "5xx", Ask::kSum, 0},
    {"AWS/ApiGateway", "Latency", Ask::kLatency, 0},
    {"AWS/ApiGateway", "IntegrationLatency", Ask::kLatency, 0},
    {"AWS/ApiGateway", "Count", Ask::kSum, 0},
    {"AWS/ApiGateway", "4XXError", Ask::kSum, 1},
    {"AWS/ApiGateway", "4xx", Ask::kSum, 1},
    {"AWS/ApiGateway", "IntegrationError", Ask::kSum, 0},
    {"AWS/AppSync", "5XXError", Ask::kSum, 0},
    {"AWS/AppSync", "4XXError", Ask::kSum, 1},
    {"AWS/AppSync", "Latency", Ask::kLatency, 0},
    {"AWS/ECS", "CPUUtilization", Ask::kUse, 0},
    {"AWS/ECS", "MemoryUtilization", Ask::kUse, 0},
    {"AWS/ECS", "HTTPCode_Target_5XX_Count", Ask::kSum, 0},
    {"AWS/ECS", "TargetResponseTime", Ask::kLatency, 0},
    {"AWS/ECS", "RequestCount", Ask::kSum, 1},
    {"AWS/ECS", "CPUReservation", Ask::kUse, 1},
    {"AWS/ECS", "MemoryReservation", Ask::kUse, 1},
    {"ECS/ContainerInsights", "RunningTaskCount", Ask::kLow, 0},
    {"ECS/ContainerInsights", "PendingTaskCount", Ask::kHigh, 0},
    {"ECS/ContainerInsights", "DesiredTaskCount", Ask::kMean, 0},
    {"ECS/ContainerInsights", "RestartCount", Ask::kSum, 0},
    {"ECS/ContainerInsights", "CpuUtilized", Ask::kUse, 1},
    {"ECS/ContainerInsights", "MemoryUtilized", Ask::kUse, 1},
    {"ECS/ContainerInsights", "DeploymentCount", Ask::kHigh, 1},
    {"ECS/ContainerInsights", "TaskCount", Ask::kMean, 1},
    {"ECS/ContainerInsights", "CpuReserved", Ask::kMean, 2},
    {"ECS/ContainerInsights", "MemoryReserved", Ask::kMean, 2},
    {"ECS/ContainerInsights", "EphemeralStorageUtilized", Ask::kUse, 1},
    {"ECS/ContainerInsights", "NetworkRxBytes", Ask::kUse, 2},
    {"ECS/ContainerInsights", "NetworkTxBytes", Ask::kUse, 2},
    {"ContainerInsights", "pod_cpu_utilization_over_pod_limit", Ask::kUse, 0},
    {"ContainerInsights", "pod_memory_utilization_over_pod_limit", Ask::kUse, 0},
    {"ContainerInsights", "pod_number_of_container_restarts", Ask::kHigh, 0},
    {"ContainerInsights", "pod_cpu_utilization", Ask::kUse, 0},
    {"ContainerInsights", "pod_memory_utilization", Ask::kUse, 0},
    {"ContainerInsights", "service_number_of_running_pods", Ask::kLow, 0},
    {"ContainerInsights", "cluster_failed_node_count", Ask::kHigh, 0},
    {"ContainerInsights", "node_cpu_utilization", Ask::kUse, 0},
    {"ContainerInsights", "node_memory_utilization", Ask::kUse, 0},
    {"ContainerInsights", "node_filesystem_utilization", Ask::kUse, 0},
    {"ContainerInsights", "cluster_node_count", Ask::kLow, 1},
    {"ContainerInsights", "node_number_of_running_pods", Ask::kMean, 2},
    {"ContainerInsights", "pod_network_rx_bytes", Ask::kUse, 2},
    {"ContainerInsights", "pod_network_tx_bytes", Ask::kUse, 2},
    {"AWS/Lambda", "Errors", Ask::kSum, 0},
    {"AWS/Lambda", "Throttles", Ask::kSum, 0},
    {"AWS/Lambda", "Duration", Ask::kLatency, 0},
    {"AWS/Lambda", "Invocations", Ask::kSum, 0},
    {"AWS/Lambda", "ConcurrentExecutions", Ask::kHigh, 0},
    {"AWS/Lambda", "IteratorAge", Ask::kHigh, 0},
    {"AWS/Lambda", "AsyncEventsDropped", Ask::kSum, 0},
    {"AWS/Lambda", "DeadLetterErrors", Ask::kSum, 1},
    {"AWS/Lambda", "DestinationDeliveryFailures", Ask::kSum, 1},
    {"AWS/Lambda", "AsyncEventAge", Ask::kHigh, 1},
    {"AWS/Lambda", "UnreservedConcurrentExecutions", Ask::kHigh, 1},
    {"AWS/Lambda", "ProvisionedConcurrencySpilloverInvocations", Ask::kSum, 1},
    {"AWS/Lambda", "ProvisionedConcurrencyUtilization", Ask::kUse, 1},
    {"AWS/States", "ExecutionsFailed", Ask::kSum, 0},
    {"AWS/States", "ExecutionsTimedOut", Ask::kSum, 0},
    {"AWS/States", "ExecutionThrottled", Ask::kSum, 0},
    {"AWS/States", "ExecutionTime", Ask::kLatency, 0},
    {"AWS/States", "ExecutionsStarted", Ask::kSum, 1},
    {"AWS/States", "ExecutionsAborted", Ask::kSum, 1},
    {"AWS/DynamoDB", "SystemErrors", Ask::kSum, 0},
    {"AWS/DynamoDB", "ThrottledRequests", Ask::kSum, 0},
    {"AWS/DynamoDB", "ReadThrottleEvents", Ask::kSum, 0},
    {"AWS/DynamoDB", "WriteThrottleEvents", Ask::kSum, 0},
    {"AWS/DynamoDB", "SuccessfulRequestLatency", Ask::kLatency, 0},
    {"AWS/DynamoDB", "UserErrors", Ask::kSum, 0},
    {"AWS/DynamoDB", "ConsumedReadCapacityUnits", Ask::kSum, 1},
    {"AWS/DynamoDB", "ConsumedWriteCapacityUnits", Ask::kSum, 1},
    {"AWS/DynamoDB", "ProvisionedReadCapacityUnits", Ask::kMean, 1},
    {"AWS/DynamoDB", "ProvisionedWriteCapacityUnits", Ask::kMean, 1},
    {"AWS/DynamoDB", "TransactionConflict", Ask::kSum, 1},
    {"AWS/DynamoDB", "ConditionalCheckFailedRequests", Ask::kSum, 1},
    {"AWS/DynamoDB", "ReplicationLatency", Ask::kUse, 1},
    {"AWS/RDS", "CPUUtilization", Ask::kUse, 0},
    {"AWS/RDS", "DatabaseConnections", Ask::kUse, 0},
    {"AWS/RDS", "FreeableMemory", Ask::kLow, 0},
    {"AWS/RDS", "FreeStorageSpace", Ask::kLow, 0},
    {"AWS/RDS", "FreeLocalStorage", Ask::kLow, 0},
    {"AWS/RDS", "ReadLatency", Ask::kUse, 0},
    {"AWS/RDS", "WriteLatency", Ask::kUse, 0},
    {"AWS/RDS", "DiskQueueDepth", Ask::kUse, 0},
    {"AWS/RDS", "CommitLatency", Ask::kUse, 0},
    {"AWS/RDS", "SelectLatency", Ask::kUse, 1},
    {"AWS/RDS", "DMLLatency", Ask::kUse, 1},
    {"AWS/RDS", "Deadlocks", Ask::kMean, 0},
    {"AWS/RDS", "ReplicaLag", Ask::kHigh, 0},
    {"AWS/RDS", "AuroraReplicaLag", Ask::kHigh, 0},
    {"AWS/RDS", "DBLoad", Ask::kUse, 0},
    {"AWS/RDS", "DBLoadCPU", Ask::kUse, 1},
    {"AWS/RDS", "DBLoadNonCPU", Ask::kUse, 1},
    {"AWS/RDS", "BurstBalance", Ask::kLow, 0},
    {"AWS/RDS", "CPUCreditBalance", Ask::kLow, 0},
    {"AWS/RDS", "EBSIOBalance%", Ask::kLow, 0},
    {"AWS/RDS", "EBSByteBalance%", Ask::kLow, 1},
    {"AWS/RDS", "LoginFailures", Ask::kMean, 0},
    {"AWS/RDS", "BlockedTransactions", Ask::kMean, 1},
    {"AWS/RDS", "BufferCacheHitRatio", Ask::kLow, 1},
    {"AWS/RDS", "SwapUsage", Ask::kUse, 1},
    {"AWS/RDS", "ReadIOPS", Ask::kUse, 1},
    {"AWS/RDS", "WriteIOPS", Ask::kUse, 1},
    {"AWS/RDS", "Queries", Ask::kMean, 1},
    {"AWS/RDS", "ClientConnections", Ask::kUse, 1},
    {"AWS/RDS", "DatabaseConnectionsBorrowLatency", Ask::kUse, 0},
    {"AWS/DocDB", "CPUUtilization", Ask::kUse, 0},
    {"AWS/DocDB", "DatabaseConnections", Ask::kUse, 0},
    {"AWS/DocDB", "FreeableMemory", Ask::kLow, 0},
    {"AWS/DocDB", "ReadLatency", Ask::kUse, 0},
    {"AWS/DocDB", "WriteLatency", Ask::kUse, 0},
    {"AWS/DocDB", "DBClusterReplicaLagMaximum", Ask::kHigh, 0},
    {"AWS/ElastiCache", "EngineCPUUtilization", Ask::kUse, 0},
    {"AWS/ElastiCache", "CPUUtilization", Ask::kUse, 0},
    {"AWS/ElastiCache", "DatabaseMemoryUsagePercentage", Ask::kUse, 0},
    {"AWS/ElastiCache", "Evictions", Ask::kSum, 0},
    {"AWS/ElastiCache", "CurrConnections", Ask::kUse, 0},
    {"AWS/ElastiCache", "NewConnections", Ask::kSum, 1},
    {"AWS/ElastiCache", "CacheMisses", Ask::kSum, 0},
    {"AWS/ElastiCache", "CacheHits", Ask::kSum, 1},
    {"AWS/ElastiCache", "CacheHitRate", Ask::kLow, 1},
    {"AWS/ElastiCache", "ReplicationLag", Ask::kHigh, 0},
    {"AWS/ElastiCache", "FreeableMemory", Ask::kLow, 0},
    {"AWS/ElastiCache", "SwapUsage", Ask::kUse, 1},
    {"AWS/ElastiCache", "SuccessfulReadRequestLatency", Ask::kUse, 0},
    {"AWS/ElastiCache", "SuccessfulWriteRequestLatency", Ask::kUse, 0},
    {"AWS/ElastiCache", "AuthenticationFailures", Ask::kSum, 0},
    {"AWS/ElastiCache", "NetworkBandwidthInAllowanceExceeded", Ask::kSum, 0},
    {"AWS/ElastiCache", "NetworkBandwidthOutAllowanceExceeded", Ask::kSum, 0},
    {"AWS/MemoryDB", "EngineCPUUtilization", Ask::kUse, 0},
    {"AWS/MemoryDB", "DatabaseMemoryUsagePercentage", Ask::kUse, 0},
    {"AWS/MemoryDB", "Evictions", Ask::kSum, 0},
    {"AWS/ES", "ClusterStatus.red", Ask::kHigh, 0},
    {"AWS/ES", "ClusterStatus.yellow", Ask::kHigh, 1},
    {"AWS/ES", "FreeStorageSpace", Ask::kLow, 0},
    {"AWS/ES", "JVMMemoryPressure", Ask::kUse, 0},
    {"AWS/ES", "CPUUtilization", Ask::kUse, 0},
    {"AWS/ES", "5xx", Ask::kSum, 0},
    {"AWS/ES", "SearchLatency", Ask::kUse, 0},
    {"AWS/ES", "ThreadpoolWriteRejected", Ask::kSum, 0},
    {"AWS/ES", "ThreadpoolSearchRejected", Ask::kSum, 0},
    {"AWS/SQS", "ApproximateAgeOfOldestMessage", Ask::kHigh, 0},
    {"AWS/SQS", "ApproximateNumberOfMessagesVisible", Ask::kUse, 0},
    {"AWS/SQS", "NumberOfMessagesSent", Ask::kSum, 0},
    {"AWS/SQS", "NumberOfMessagesDeleted", Ask::kSum, 0},
    {"AWS/SQS", "ApproximateNumberOfMessagesNotVisible", Ask::kUse, 1},
    {"AWS/SQS", "NumberOfMessagesReceived", Ask::kSum, 1},
    {"AWS/SNS", "NumberOfNotificationsFailed", Ask::kSum, 0},
    {"AWS/SNS", "NumberOfMessagesPublished", Ask::kSum, 0},
    {"AWS/SNS", "NumberOfNotificationsDelivered", Ask::kSum, 1},
    {"AWS/SNS", "NumberOfNotificationsRedrivenToDlq", Ask::kSum, 1},
    {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", Ask::kHigh, 0},
    {"AWS/Kinesis", "WriteProvisionedThroughputExceeded", Ask::kSum, 0},
    {"AWS/Kinesis", "ReadProvisionedThroughputExceeded", Ask::kSum, 0},
    {"AWS/Kinesis", "IncomingRecords", Ask::kSum, 0},
    {"AWS/Kinesis", "PutRecord.Success", Ask::kMean, 1},
    {"AWS/Kinesis", "PutRecords.FailedRecords", Ask::kSum, 0},
    {"AWS/Kinesis", "GetRecords.Success", Ask::kMean, 1},
    {"AWS/Firehose", "DeliveryToS3.DataFreshness", Ask::kHigh, 0},
    {"AWS/Firehose", "DeliveryToS3.Success", Ask::kLow, 0},
    {"AWS/Firehose", "ThrottledRecords", Ask::kSum, 0},
    {"AWS/Firehose", "IncomingRecords", Ask::kSum, 1},
    {"AWS/Firehose", "ExecuteProcessing.Success", Ask::kLow, 1},
    {"AWS/Events", "FailedInvocations", Ask::kSum, 0},
    {"AWS/Events", "ThrottledRules", Ask::kSum, 0},
    {"AWS/Events", "InvocationsFailedToBeSentToDlq", Ask::kSum, 1},
    {"AWS/Events", "Invocations", Ask::kSum, 1},
    {"AWS/Events", "IngestionToInvocationStartLatency", Ask::kUse, 1},
    {"AWS/Kafka", "OfflinePartitionsCount", Ask::kHigh, 0},
    {"AWS/Kafka", "UnderReplicatedPartitions", Ask::kHigh, 0},
    {"AWS/Kafka", "SumOffsetLag", Ask::kHigh, 0},
    {"AWS/Kafka", "MaxOffsetLag", Ask::kHigh, 0},
    {"AWS/Kafka", "KafkaDataLogsDiskUsed", Ask::kUse, 0},
    {"AWS/Kafka", "CpuUser", Ask::kUse, 1},
    {"AWS/CloudFront", "5xxErrorRate", Ask::kMean, 0},
    {"AWS/CloudFront", "4xxErrorRate", Ask::kMean, 1},
    {"AWS/CloudFront", "TotalErrorRate", Ask::kMean, 1},
    {"AWS/CloudFront", "Requests", Ask::kSum, 0},
    {"AWS/CloudFront", "OriginLatency", Ask::kLatency, 0},
    {"AWS/CloudFront", "CacheHitRate", Ask::kMean, 1},
    {"AWS/CloudFront", "FunctionExecutionErrors", Ask::kSum, 0},
    {"AWS/CloudFront", "LambdaExecutionError", Ask::kSum, 0},
    {"AWS/Route53", "HealthCheckStatus", Ask::kLow, 0},
    {"AWS/Route53", "HealthCheckPercentageHealthy", Ask::kLow, 0},
    {"AWS/Route53", "TimeToFirstByte", Ask::kUse, 1},
    {"AWS/Route53", "ConnectionTime", Ask::kUse, 1},
    {"AWS/Route53", "DNSQueries", Ask::kSum, 1},
    {"AWS/WAFV2", "BlockedRequests", Ask::kSum, 0},
    {"AWS/WAFV2", "AllowedRequests", Ask::kSum, 1},
    {"AWS/WAFV2", "CountedRequests", Ask::kSum, 2},
    {"AWS/GlobalAccelerator", "UnhealthyEndpointCount", Ask::kHigh, 0},
    {"AWS/GlobalAccelerator", "HealthyEndpointCount", Ask::kLow, 0},
    {"AWS/GlobalAccelerator", "NewFlowCount", Ask::kSum, 0},
    {"AWS/DDoSProtection", "DDoSDetected", Ask::kHigh, 0},
    {"AWS/S3", "5xxErrors", Ask::kSum, 0},
    {"AWS/S3", "4xxErrors", Ask::kSum, 0},
    {"AWS/S3", "AllRequests", Ask::kSum, 0},
    {"AWS/S3", "TotalRequestLatency", Ask::kLatency, 0},
    {"AWS/S3", "FirstByteLatency", Ask::kUse, 1},
    {"AWS/NATGateway", "ErrorPortAllocation", Ask::kSum, 0},
    {"AWS/NATGateway", "PacketsDropCount", Ask::kSum, 0},
    {"AWS/NATGateway", "ActiveConnectionCount", Ask::kHigh, 0},
    {"AWS/NATGateway", "ConnectionAttemptCount", Ask::kSum, 1},
    {"AWS/NATGateway", "ConnectionEstablishedCount", Ask::kSum, 1},
    {"AWS/NATGateway", "IdleTimeoutCount", Ask::kSum, 1},
    {"AWS/TransitGateway", "PacketDropCountNoRoute", Ask::kSum, 0},
    {"AWS/TransitGateway", "PacketDropCountBlackhole", Ask::kSum, 0},
    {"AWS/PrivateLinkEndpoints", "PacketsDropped", Ask::kSum, 0},
    {"AWS/VPN", "TunnelState", Ask::kLow, 0},
    {"AWS/DX", "ConnectionState", Ask::kLow, 0},
    {"AWS/EFS", "PercentIOLimit", Ask::kUse, 0},
    {"AWS/EFS", "BurstCreditBalance", Ask::kLow, 0},
    {"AWS/EFS", "ClientConnections", Ask::kSum, 1},
    {"AWS/EFS", "TotalIOBytes", Ask::kSum, 1},
    {"AWS/AutoScaling", "GroupInServiceInstances", Ask::kLow, 0},
    {"AWS/AutoScaling", "GroupPendingInstances", Ask::kHigh, 0},
    {"AWS/AutoScaling", "GroupDesiredCapacity", Ask::kMean, 0},
    {"AWS/AutoScaling", "GroupTerminatingInstances", Ask::kHigh, 1},
    {"AWS/EC2", "StatusCheckFailed", Ask::kHigh, 0},
    {"AWS/EC2", "StatusCheckFailed_System", Ask::kHigh, 1},
    {"AWS/EC2", "StatusCheckFailed_Instance", Ask::kHigh, 1},
    {"AWS/EC2", "StatusCheckFailed_AttachedEBS", Ask::kHigh, 1},
    {"AWS/EC2", "CPUUtilization", Ask::kUse, 0},
    {"AWS/EC2", "CPUCreditBalance", Ask::kLow, 0},
    {"AWS/EC2", "EBSIOBalance%", Ask::kLow, 1},
    {"AWS/EC2", "EBSByteBalance%", Ask::kLow, 1},
    {"AWS/EC2", "NetworkIn", Ask::kSum, 1},
    {"AWS/EC2", "NetworkOut", Ask::kSum, 1},
    {"CWAgent", "mem_used_percent", Ask::kUse, 0},
    {"CWAgent", "disk_used_percent", Ask::kUse, 0},
    {"CWAgent", "swap_used_percent", Ask::kUse, 1},
    {"CWAgent", "cpu_usage_idle", Ask::kLow, 1},
    {"CWAgent", "cpu_usage_iowait", Ask::kUse, 1},
    {"CWAgent", "disk_inodes_free", Ask::kLow, 1},
    {"LambdaInsights", "memory_utilization", Ask::kUse, 0},
    {"LambdaInsights", "init_duration", Ask::kLatency, 1},
    {"AWS/EBS", "BurstBalance", Ask::kLow, 0},
    {"AWS/EBS", "VolumeQueueLength", Ask::kUse, 0},
    {"AWS/EBS", "VolumeStalledIOCheck", Ask::kHigh, 0},
    {"AWS/EBS", "VolumeThroughputPercentage", Ask::kUse, 1},
    {"AWS/Usage", "ThrottleCount", Ask::kSum, 0},
});

bool any_of(const std::vector<std::string>& words, std::initializer_list<std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view one) { return word == one; });
  });
}

std::vector<std::string> statistics_of(Ask ask) {
  switch (ask) {
    case Ask::kSum:
      return {"Sum"};
    case Ask::kLatency:
      return {"p99", "Average", "p50", "p90", "Maximum"};
    case Ask::kUse:
      return {"Average", "Maximum"};
    case Ask::kLow:
      return {"Minimum"};
    case Ask::kHigh:
      return {"Maximum"};
    case Ask::kMean:
      return {"Average"};
    case Ask::kUnknown:
      break;
  }
  return {"Average", "Sum"};
}

/// What the words of a name suggest; the more telling word goes first.
MetricRule rule_by_words(std::string_view name) {
  const std::vector<std::string> w = metric_name_words(name);
  const auto rule = [](Ask ask, int tier) {
    return MetricRule{statistics_of(ask), tier, static_cast<int>(kRows.size())};
  };
  // What is left: memory, storage, credits, hosts.
  if (any_of(w, {"free", "freeable", "available", "remaining", "balance"})) return rule(Ask::kLow, 1);
  if (any_of(w, {"healthy", "availability", "success", "uptime"}) && !any_of(w, {"un", "requests"})) {
    return rule(Ask::kLow, 0);
  }
  const bool share = any_of(w, {"percent", "percentage", "utilization", "utilisation", "ratio", "rate", "%"});
  if (any_of(w,
             {"error", "errors", "fault", "faults", "failure", "failures", "failed", "5xx", "exception", "exceptions",
              "throttle", "throttles", "throttled", "throttling", "rejected", "dropped", "timeouts", "timeout"})) {
    return rule(share ? Ask::kMean : Ask::kSum, 0);
  }
  if (any_of(w, {"latency", "duration", "elapsed"}) ||
      (any_of(w, {"time"}) && any_of(w, {"response", "request", "processing", "execution", "wait", "query"}))) {
    return rule(Ask::kLatency, 0);
  }
  if (any_of(w, {"age", "lag", "backlog", "depth", "delay", "freshness", "pending", "un", "unhealthy", "restarts"})) {
    return rule(Ask::kHigh, 0);
  }
  if (share || any_of(w, {"used", "usage", "utilized", "memory", "cpu", "heap", "connections", "threads", "pool",
                          "queue", "size", "load", "pressure"})) {
    return rule(Ask::kUse, 1);
  }
  if (any_of(w, {"4xx", "count", "counts", "requests", "request", "invocations", "calls", "messages", "records",
                 "events", "bytes", "packets", "hits", "misses", "total", "number"})) {
    return rule(Ask::kSum, 1);
  }
  return rule(Ask::kUnknown, 1);
}

}  // namespace

std::vector<std::string> metric_name_words(std::string_view name) {
  const auto lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  const auto upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '%' || (c & 0x80) != 0;
    const bool boundary =
        upper(c) && i > 0 && (lower(name[i - 1]) || (upper(name[i - 1]) && i + 1 < name.size() && lower(name[i + 1])));
    if ((!letter || boundary) && !word.empty()) {
      words.push_back(to_lower(word));
      word.clear();
    }
    if (letter) word += c;
  }
  if (!word.empty()) words.push_back(to_lower(word));
  return words;
}

MetricRule rule_for_metric(std::string_view metric_namespace, std::string_view name) {
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) {
    return one.name == name && one.metric_namespace == metric_namespace;
  });
  if (row != kRows.end()) return {statistics_of(row->ask), row->tier, static_cast<int>(row - kRows.begin())};
  MetricRule rule = rule_by_words(name);
  // Of AWS's own namespaces the table has what matters; whatever a user publishes, the user thought worth paying for.
  if (metric_namespace.starts_with("AWS/") || metric_namespace == "CWAgent") rule.tier = std::max(rule.tier + 1, 1);
  rule.tier = std::min(rule.tier, 2);
  return rule;
}

int namespace_rank(std::string_view metric_namespace) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& one) { return one.metric_namespace == metric_namespace; });
  if (row != kRows.end()) return static_cast<int>(row - kRows.begin());
  // A user's own metrics are about the application itself; AWS namespaces that the table passes over come last.
  return metric_namespace.starts_with("AWS/") ? static_cast<int>(kRows.size()) : -1;
}

bool is_pointless(const aws::cloudwatch::Metric& metric) {
  static constexpr std::array kNamespaces = std::to_array<std::string_view>(
      {"AWS/Billing", "AWS/TrustedAdvisor", "AWS/CloudWatch/MetricStreams", "AWS/Scheduler/Usage"});
  if (std::find(kNamespaces.begin(), kNamespaces.end(), metric.metric_namespace) != kNamespaces.end()) return true;
  if (metric.metric_namespace == "AWS/Usage") return metric.name != "ThrottleCount";
  // Storage metrics of S3 come once a day, for the day before.
  if (metric.metric_namespace == "AWS/S3" && (metric.name == "BucketSizeBytes" || metric.name == "NumberOfObjects")) {
    return true;
  }
  return metric.metric_namespace == "AWS/EC2" &&
         std::any_of(metric.dimensions.begin(), metric.dimensions.end(), [](const auto& dimension) {
           return dimension.first == "ImageId" || dimension.first == "InstanceType";
         });
}

std::string full_namespace(std::string_view metric_namespace) {
  const std::string with_prefix = "AWS/" + std::string(metric_namespace);
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) {
    return iequals(one.metric_namespace, metric_namespace) || iequals(one.metric_namespace, with_prefix);
  });
  return std::string(row == kRows.end() ? metric_namespace : row->metric_namespace);
}

std::vector<std::string> known_namespaces() {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    if (names.empty() || names.back() != row.metric_namespace) names.emplace_back(row.metric_namespace);
  }
  return names;
}

}  // namespace fa
