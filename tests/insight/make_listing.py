#!/usr/bin/env python3
"""Writes listing.json, the metrics of an invented account, as `aws cloudwatch list-metrics` prints them.

    python3 make_listing.py > listing.json

Every metric stands under the sets of dimensions under which CloudWatch publishes it (user guides of the services,
"CloudWatch metrics and dimensions"). Ids are hashes of names: no chance, the same bytes every time. The company,
Asagiri Travel, sells nights in inns; nothing of it exists.
"""

import hashlib
import json
import sys

ACCOUNT = "447108926135"
REGION = "ap-northeast-1"
ZONES = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]

METRICS = []


def hexid(name, digits=16):
    return hashlib.sha256(name.encode()).hexdigest()[:digits]


def add(namespace, names, *dimension_sets):
    """Each of `names` under each of the sets, which are lists of (name, value)."""
    for name in names.split() if isinstance(names, str) else names:
        for dimensions in dimension_sets:
            METRICS.append({"Namespace": namespace, "MetricName": name,
                            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions]})


def load_balancers():
    by_balancer = ("RequestCount TargetResponseTime HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count "
                   "HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count "
                   "HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count ProcessedBytes "
                   "ClientTLSNegotiationErrorCount TargetConnectionErrorCount NewConnectionCount ActiveConnectionCount")
    by_balancer_only = "ConsumedLCUs RuleEvaluations PeakLCUs HTTP_Redirect_Count"
    by_group = ("RequestCount TargetResponseTime HTTPCode_Target_2XX_Count HTTPCode_Target_4XX_Count "
                "HTTPCode_Target_5XX_Count TargetConnectionErrorCount HealthyHostCount UnHealthyHostCount")
    groups_of = {
        "yado-front-alb": ["yado-web-tg", "yado-search-tg"],
        "booking-alb": ["booking-api-tg", "booking-admin-tg"],
        "partner-gw-alb": ["partner-gw-tg", "supplier-sync-tg"],
        "internal-tools-alb": ["backoffice-tg"],
    }
    for balancer, groups in groups_of.items():
        lb = ("LoadBalancer", f"app/{balancer}/{hexid(balancer)}")
        add("AWS/ApplicationELB", by_balancer, [lb], *[[lb, ("AvailabilityZone", zone)] for zone in ZONES])
        add("AWS/ApplicationELB", by_balancer_only, [lb])
        for group in groups:
            tg = ("TargetGroup", f"targetgroup/{group}/{hexid(group)}")
            add("AWS/ApplicationELB", by_group, [tg, lb],
                *[[tg, lb, ("AvailabilityZone", zone)] for zone in ZONES])
            add("AWS/ApplicationELB", "RequestCountPerTarget", [tg], [tg, lb])
            add("AWS/ApplicationELB", "AnomalousHostCount MitigatedHostCount", [tg, lb])
    lb = ("LoadBalancer", f"net/telemetry-nlb/{hexid('telemetry-nlb')}")
    tg = ("TargetGroup", f"targetgroup/telemetry-ingest-tg/{hexid('telemetry-ingest-tg')}")
    add("AWS/NetworkELB", "ActiveFlowCount NewFlowCount ProcessedBytes ProcessedPackets TCP_Client_Reset_Count "
        "TCP_Target_Reset_Count TCP_ELB_Reset_Count ConsumedLCUs PortAllocationErrorCount", [lb],
        *[[lb, ("AvailabilityZone", zone)] for zone in ZONES])
    add("AWS/NetworkELB", "HealthyHostCount UnHealthyHostCount", [tg, lb],
        *[[tg, lb, ("AvailabilityZone", zone)] for zone in ZONES])


def containers():
    services_of = {
        "asagiri-prod": ["yado-web", "yado-search", "booking-api", "booking-admin", "partner-gw", "supplier-sync",
                         "price-calc", "review-svc", "mail-render", "notification-hub", "backoffice"],
        "asagiri-stg": ["yado-web", "booking-api", "price-calc"],
    }
    usage = ("CpuUtilized CpuReserved MemoryUtilized MemoryReserved NetworkRxBytes NetworkTxBytes StorageReadBytes "
             "StorageWriteBytes EphemeralStorageUtilized EphemeralStorageReserved")
    for cluster, services in services_of.items():
        in_cluster = ("ClusterName", cluster)
        add("AWS/ECS", "CPUUtilization MemoryUtilization", [in_cluster])
        add("ECS/ContainerInsights", usage + " TaskCount ServiceCount", [in_cluster])
        for service in services:
            of_service = ("ServiceName", service)
            add("AWS/ECS", "CPUUtilization MemoryUtilization", [in_cluster, of_service])
            add("ECS/ContainerInsights", usage + " RunningTaskCount DesiredTaskCount PendingTaskCount DeploymentCount "
                "RestartCount", [in_cluster, of_service])
            if cluster == "asagiri-prod":
                add("ECS/ContainerInsights", usage, [in_cluster, ("TaskDefinitionFamily", f"{service}-task")])


def functions():
    plain = ["thumbnail-maker", "invoice-pdf-writer", "coupon-issuer", "inventory-diff-worker", "review-moderator",
             "line-bot-webhook", "nightly-settlement", "clickstream-loader", "dlq-redriver", "image-virus-scan",
             "fx-rate-poller", "stg-coupon-issuer"]
    always = "Invocations Errors Throttles Duration ConcurrentExecutions"
    add("AWS/Lambda", always + " UnreservedConcurrentExecutions ClaimedAccountConcurrency", [])
    for function in plain:
        of_function = ("FunctionName", function)
        add("AWS/Lambda", always, [of_function])
        for version in {"coupon-issuer": ["live", "57"], "line-bot-webhook": ["live", "23"]}.get(function, []):
            add("AWS/Lambda", always, [of_function, ("Resource", f"{function}:{version}")])
    for function in ["coupon-issuer", "line-bot-webhook"]:
        live = [("FunctionName", function), ("Resource", f"{function}:live")]
        add("AWS/Lambda", "ProvisionedConcurrencyInvocations ProvisionedConcurrencySpilloverInvocations "
            "ProvisionedConcurrencyUtilization ProvisionedConcurrentExecutions", [("FunctionName", function)], live)
    for function in ["thumbnail-maker", "invoice-pdf-writer", "review-moderator", "nightly-settlement"]:
        add("AWS/Lambda", "AsyncEventsReceived AsyncEventAge AsyncEventsDropped DeadLetterErrors",
            [("FunctionName", function)])
    for function in ["clickstream-loader", "inventory-diff-worker"]:
        add("AWS/Lambda", "IteratorAge", [("FunctionName", function)])
    for function in ["coupon-issuer", "line-bot-webhook", "invoice-pdf-writer", "nightly-settlement"]:
        add("LambdaInsights", "init_duration memory_utilization used_memory_max total_memory cpu_total_time rx_bytes "
            "tx_bytes tmp_used", [("function_name", function)])


def tables():
    operations = {
        "RoomInventory": ["GetItem", "PutItem", "UpdateItem", "Query", "TransactWriteItems"],
        "BookingHolds": ["GetItem", "PutItem", "DeleteItem", "UpdateItem"],
        "UserSessions": ["GetItem", "PutItem"],
        "CouponLedger": ["GetItem", "PutItem", "Query", "UpdateItem"],
        "SupplierMapping": ["BatchGetItem", "Scan", "GetItem"],
        "terraform-locks-asagiri": ["GetItem", "PutItem"],
    }
    for table, names in operations.items():
        of_table = ("TableName", table)
        add("AWS/DynamoDB", "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits ConditionalCheckFailedRequests",
            [of_table])
        if table in ("RoomInventory", "CouponLedger"):
            add("AWS/DynamoDB", "ProvisionedReadCapacityUnits ProvisionedWriteCapacityUnits ReadThrottleEvents "
                "WriteThrottleEvents", [of_table])
        for operation in names:
            add("AWS/DynamoDB", "SuccessfulRequestLatency ThrottledRequests SystemErrors",
                [of_table, ("Operation", operation)])
            if operation in ("Query", "Scan", "BatchGetItem"):
                add("AWS/DynamoDB", "ReturnedItemCount", [of_table, ("Operation", operation)])
    index = [("TableName", "RoomInventory"), ("GlobalSecondaryIndexName", "by-hotel-date")]
    add("AWS/DynamoDB", "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits ProvisionedReadCapacityUnits "
        "ProvisionedWriteCapacityUnits ReadThrottleEvents WriteThrottleEvents", index)
    add("AWS/DynamoDB", "TimeToLiveDeletedItemCount", [("TableName", "UserSessions")], [("TableName", "BookingHolds")])
    add("AWS/DynamoDB", "UserErrors AccountMaxReads AccountMaxWrites AccountProvisionedReadCapacityUtilization "
        "AccountProvisionedWriteCapacityUtilization MaxProvisionedTableReadCapacityUtilization "
        "MaxProvisionedTableWriteCapacityUtilization", [])


def databases():
    host = ("CPUUtilization DatabaseConnections FreeableMemory ReadIOPS WriteIOPS ReadLatency WriteLatency "
            "DiskQueueDepth NetworkReceiveThroughput NetworkTransmitThroughput SwapUsage DBLoad DBLoadCPU DBLoadNonCPU")
    mysql = ("Deadlocks Queries SelectLatency SelectThroughput DMLLatency DMLThroughput CommitLatency "
             "CommitThroughput BufferCacheHitRatio LoginFailures ActiveTransactions BlockedTransactions RowLockTime "
             "FreeLocalStorage EngineUptime AuroraReplicaLag AuroraBinlogReplicaLag NumDuplicateKeyErrors")
    postgres = ("Deadlocks CommitLatency CommitThroughput BufferCacheHitRatio FreeLocalStorage EngineUptime "
                "AuroraReplicaLag MaximumUsedTransactionIDs ServerlessDatabaseCapacity ACUUtilization")
    volume = "VolumeBytesUsed VolumeReadIOPs VolumeWriteIOPs BackupRetentionPeriodStorageUsed SnapshotStorageUsed"
    clusters = [("booking-aurora", ["booking-aurora-1", "booking-aurora-2", "booking-aurora-3"], mysql),
                ("review-pg", ["review-pg-a", "review-pg-b"], postgres)]
    for cluster, instances, engine in clusters:
        of_cluster = ("DBClusterIdentifier", cluster)
        for instance in instances:
            add("AWS/RDS", host + " " + engine, [("DBInstanceIdentifier", instance)])
        add("AWS/RDS", host, [of_cluster], [of_cluster, ("Role", "WRITER")], [of_cluster, ("Role", "READER")])
        add("AWS/RDS", engine, [of_cluster])
        add("AWS/RDS", "AuroraReplicaLagMaximum AuroraReplicaLagMinimum " + volume, [of_cluster])
    for instance in ["crm-mysql", "crm-mysql-replica", "dwh-staging-pg"]:
        add("AWS/RDS", host + " FreeStorageSpace BurstBalance CPUCreditBalance CPUCreditUsage EBSIOBalance% "
            "EBSByteBalance%", [("DBInstanceIdentifier", instance)])
    add("AWS/RDS", "BinLogDiskUsage", [("DBInstanceIdentifier", "crm-mysql")])
    add("AWS/RDS", "ReplicaLag", [("DBInstanceIdentifier", "crm-mysql-replica")])
    add("AWS/RDS", "MaximumUsedTransactionIDs TransactionLogsDiskUsage", [("DBInstanceIdentifier", "dwh-staging-pg")])
    add("AWS/RDS", "CPUUtilization DatabaseConnections FreeableMemory", [],
        *[[("EngineName", engine)] for engine in ("aurora-mysql", "aurora-postgresql", "mysql", "postgres")],
        *[[("DatabaseClass", size)] for size in ("db.r6g.xlarge", "db.serverless", "db.t4g.large")])


def queues():
    for queue in ["booking-confirm", "booking-confirm-dlq", "mail-send", "mail-send-dlq", "supplier-sync-jobs.fifo",
                  "supplier-sync-jobs-dlq.fifo", "thumbnail-requests", "thumbnail-requests-dlq", "coupon-events",
                  "coupon-events-dlq", "clickstream-fallback"]:
        add("AWS/SQS", "ApproximateNumberOfMessagesVisible ApproximateNumberOfMessagesNotVisible "
            "ApproximateNumberOfMessagesDelayed ApproximateAgeOfOldestMessage NumberOfMessagesSent "
            "NumberOfMessagesReceived NumberOfMessagesDeleted NumberOfEmptyReceives SentMessageSize",
            [("QueueName", queue)])
    for topic in ["booking-events", "ops-alerts", "coupon-campaign", "mail-bounces"]:
        add("AWS/SNS", "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed PublishSize",
            [("TopicName", topic)])


def gateways():
    rest = "Count Latency IntegrationLatency 4XXError 5XXError"
    routes = [("GET", "/v1/rooms"), ("GET", "/v1/rooms/{id}"), ("POST", "/v1/holds"), ("POST", "/v1/bookings"),
              ("GET", "/v1/me")]
    for api, stages in {"yado-mobile-api": ["prod", "stg"], "supplier-webhook-api": ["prod"]}.items():
        add("AWS/ApiGateway", rest, [("ApiName", api)])
        for stage in stages:
            add("AWS/ApiGateway", rest, [("ApiName", api), ("Stage", stage)])
    for method, resource in routes:
        add("AWS/ApiGateway", rest, [("ApiName", "yado-mobile-api"), ("Stage", "prod"), ("Method", method),
                                     ("Resource", resource)])
    add("AWS/ApiGateway", "Count Latency IntegrationLatency 4xx 5xx DataProcessed", [("ApiId", "k3v9q2xw7d")],
        [("ApiId", "k3v9q2xw7d"), ("Stage", "$default")])


def storage():
    for bucket, classes in {
            "asagiri-hotel-photos": ["StandardStorage", "IntelligentTieringFAStorage"],
            "asagiri-invoice-archive": ["StandardStorage", "GlacierStorage"],
            "asagiri-alb-logs": ["StandardStorage"],
            "asagiri-datalake-raw": ["StandardStorage", "StandardIAStorage"],
            "asagiri-db-backups": ["StandardStorage", "GlacierStorage"]}.items():
        of_bucket = ("BucketName", bucket)
        add("AWS/S3", "BucketSizeBytes", *[[of_bucket, ("StorageType", kind)] for kind in classes])
        add("AWS/S3", "NumberOfObjects", [of_bucket, ("StorageType", "AllStorageTypes")])
    add("AWS/S3", "AllRequests GetRequests PutRequests 4xxErrors 5xxErrors FirstByteLatency TotalRequestLatency "
        "BytesDownloaded BytesUploaded", [("BucketName", "asagiri-hotel-photos"), ("FilterId", "EntireBucket")])
    filesystem = [("FileSystemId", "fs-0c41e7a95d20b83f6")]
    add("AWS/EFS", "BurstCreditBalance PercentIOLimit ClientConnections DataReadIOBytes DataWriteIOBytes TotalIOBytes "
        "PermittedThroughput MeteredIOBytes", filesystem)
    add("AWS/EFS", "StorageBytes", [*filesystem, ("StorageClass", "Total")], [*filesystem, ("StorageClass", "Standard")])


def machines():
    image = ("ImageId", "ami-" + hexid("batch", 17))
    for name, group, size in [("batch-1", "batch-workers-asg", "c6i.xlarge"), ("batch-2", "batch-workers-asg", "c6i.xlarge"),
                              ("batch-3", "batch-workers-asg", "c6i.xlarge"), ("bastion", "", "t3.micro"),
                              ("crm-app-1", "crm-app-asg", "t3.large"), ("crm-app-2", "crm-app-asg", "t3.large"),
                              ("ci-runner", "", "m6i.2xlarge")]:
        instance = ("InstanceId", "i-" + hexid(name, 17))
        volume = ("VolumeId", "vol-" + hexid(name, 17))
        add("AWS/EC2", "CPUUtilization NetworkIn NetworkOut NetworkPacketsIn NetworkPacketsOut EBSReadOps EBSWriteOps "
            "EBSReadBytes EBSWriteBytes EBSIOBalance% EBSByteBalance% StatusCheckFailed StatusCheckFailed_Instance "
            "StatusCheckFailed_System MetadataNoToken", [instance])
        if size.startswith("t3"):
            add("AWS/EC2", "CPUCreditBalance CPUCreditUsage CPUSurplusCreditBalance", [instance])
        add("AWS/EBS", "VolumeReadOps VolumeWriteOps VolumeReadBytes VolumeWriteBytes VolumeQueueLength "
            "VolumeTotalReadTime VolumeTotalWriteTime VolumeIdleTime BurstBalance", [volume])
        if not group:
            continue
        where = [instance, ("InstanceType", size), image, ("AutoScalingGroupName", group)]
        add("CWAgent", "mem_used_percent swap_used_percent cpu_usage_iowait netstat_tcp_established processes_total", where)
        for path, device in [("/", "nvme0n1p1"), ("/data", "nvme1n1")]:
            add("CWAgent", "disk_used_percent disk_inodes_free",
                [("path", path), *where, ("device", device), ("fstype", "xfs")])
    for group in ["batch-workers-asg", "crm-app-asg"]:
        of_group = [("AutoScalingGroupName", group)]
        add("AWS/EC2", "CPUUtilization NetworkIn NetworkOut StatusCheckFailed", of_group)
        add("AWS/AutoScaling", "GroupDesiredCapacity GroupInServiceInstances GroupMaxSize GroupMinSize "
            "GroupPendingInstances GroupTerminatingInstances GroupTotalInstances", of_group)


def caches():
    for group, nodes, maker in [("session-redis", 2, "redis"), ("price-cache", 3, "redis"), ("tmpl-memcached", 1, "")]:
        for number in range(1, nodes + 1):
            cluster = ("CacheClusterId", f"{group}-{number:03d}" if maker else group)
            names = ("CPUUtilization FreeableMemory SwapUsage NetworkBytesIn NetworkBytesOut CurrConnections "
                     "NewConnections CurrItems Evictions ")
            names += ("EngineCPUUtilization DatabaseMemoryUsagePercentage BytesUsedForCache CacheHits CacheMisses "
                      "CacheHitRate ReplicationLag Reclaimed GetTypeCmds SetTypeCmds GetTypeCmdsLatency "
                      "SetTypeCmdsLatency NetworkBandwidthOutAllowanceExceeded" if maker else
                      "CmdGet CmdSet GetHits GetMisses BytesUsedForCacheItems UnusedMemory")
            add("AWS/ElastiCache", names, [cluster], [cluster, ("CacheNodeId", "0001")])


def network():
    for zone in ZONES:
        add("AWS/NATGateway", "ActiveConnectionCount BytesInFromDestination BytesInFromSource BytesOutToDestination "
            "BytesOutToSource ConnectionAttemptCount ConnectionEstablishedCount ErrorPortAllocation IdleTimeoutCount "
            "PacketsDropCount PacketsInFromSource PeakPacketsPerSecond", [("NatGatewayId", "nat-" + hexid(zone, 17))])
    add("AWS/Route53", "HealthCheckStatus HealthCheckPercentageHealthy", [("HealthCheckId", "5b0c1d2e-yado-front")])
    # CloudFront and the WAF in front of it report to us-east-1 only; the listing of that region stands here too.
    for distribution in ["E2XK7QDM4ZP19T", "E1B5RN8WHC0V6J"]:
        add("AWS/CloudFront", "Requests BytesDownloaded BytesUploaded TotalErrorRate 4xxErrorRate 5xxErrorRate "
            "502ErrorRate 503ErrorRate 504ErrorRate OriginLatency CacheHitRate",
            [("DistributionId", distribution), ("Region", "Global")])
    for acl, region in [("yado-front-acl", ""), ("partner-gw-acl", REGION)]:
        for rule in ["ALL", "rate-limit-per-ip", "AWSManagedCommonRules", "bot-control"]:
            of_rule = [("WebACL", acl), ("Rule", rule)] + ([("Region", region)] if region else [])
            add("AWS/WAFV2", "AllowedRequests BlockedRequests CountedRequests", of_rule)
    add("AWS/CertificateManager", "DaysToExpiry",
        *[[("CertificateArn", f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/{hexid(name, 8)}-{name}")]
          for name in ("www", "partner")])


def streams_and_flows():
    for stream in ["clickstream", "booking-audit"]:
        add("AWS/Kinesis", "IncomingBytes IncomingRecords PutRecord.Latency PutRecord.Success PutRecords.Latency "
            "PutRecords.ThrottledRecords GetRecords.Bytes GetRecords.IteratorAgeMilliseconds GetRecords.Latency "
            "GetRecords.Records ReadProvisionedThroughputExceeded WriteProvisionedThroughputExceeded",
            [("StreamName", stream)])
    add("AWS/Firehose", "IncomingBytes IncomingRecords DeliveryToS3.Success DeliveryToS3.DataFreshness "
        "DeliveryToS3.Records ThrottledRecords", [("DeliveryStreamName", "clickstream-to-s3")])
    for flow in ["settlement-flow", "refund-flow", "hotel-onboarding-flow"]:
        add("AWS/States", "ExecutionsStarted ExecutionsSucceeded ExecutionsFailed ExecutionsTimedOut ExecutionsAborted "
            "ExecutionThrottled ExecutionTime",
            [("StateMachineArn", f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{flow}")])
    for rule in ["nightly-settlement-at-2am", "fx-rate-every-5min", "guardduty-to-ops"]:
        add("AWS/Events", "Invocations TriggeredRules FailedInvocations MatchedEvents", [("RuleName", rule)])
    for group in ["/ecs/asagiri-prod/booking-api", "/ecs/asagiri-prod/yado-web", "/ecs/asagiri-prod/partner-gw",
                  "/aws/lambda/nightly-settlement", "/aws/rds/cluster/booking-aurora/slowquery"]:
        add("AWS/Logs", "IncomingBytes IncomingLogEvents", [("LogGroupName", group)])
    add("AWS/Logs", "IncomingBytes IncomingLogEvents", [])
    domain = [("DomainName", "hotel-search"), ("ClientId", ACCOUNT)]
    add("AWS/ES", "CPUUtilization JVMMemoryPressure FreeStorageSpace ClusterStatus.green ClusterStatus.yellow "
        "ClusterStatus.red SearchLatency SearchRate IndexingLatency IndexingRate ThreadpoolSearchRejected "
        "ThreadpoolWriteRejected Nodes ClusterIndexWritesBlocked 2xx 4xx 5xx", domain)
    add("AWS/SES", "Send Delivery Bounce Complaint Reject Reputation.BounceRate Reputation.ComplaintRate", [])
    add("CloudWatchSynthetics", "SuccessPercent Duration Failed", [("CanaryName", "yado-top-page")],
        [("CanaryName", "booking-flow-e2e")])


def house_made():
    for channel in ["web", "ios", "android", "partner"]:
        add("Asagiri/Booking", ["BookingCompleted", "BookingAbandoned", "PaymentDeclined", "checkout.p95.ms"],
            [("Env", "prod"), ("Channel", channel)])
    for lane in ["fast", "slow"]:
        add("Asagiri/Booking", ["queue depth (workers)"], [("Env", "prod"), ("Lane", lane)])
    for supplier in ["hoshi-net", "kitakaze-res", "umi-channel"]:
        add("partner_gateway", ["upstream_rtt_seconds", "upstream_timeouts_total", "token_refresh_failures"],
            [("supplier", supplier)])
    for branch in ["札幌", "京都", "那覇"]:
        add("予約システム", ["予約件数", "決済失敗数", "在庫同期遅延秒"], [("支店", branch)])
    for pool in ["booking-api", "booking-admin", "partner-gw"]:
        add("app/hikari", ["hikaricp.connections.active", "hikaricp.connections.pending", "hikaricp.connections.max",
                           "hikaricp.connections.timeout"], [("service", pool)])
        add("app/jvm", ["jvm.memory.used", "jvm.gc.pause", "jvm.threads.live"], [("service", pool)])
    for service, resource in [("CloudWatch", "GetMetricData"), ("Lambda", "Invoke"), ("ECS", "RunTask"), ("EC2", "RunInstances"),
                              ("DynamoDB", "DescribeTable"), ("KMS", "CryptographicOperationsSymmetric")]:
        add("AWS/Usage", "CallCount", [("Type", "API"), ("Resource", resource), ("Service", service), ("Class", "None")])


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    for part in (load_balancers, containers, functions, tables, databases, queues, gateways, storage, machines, caches,
                 network, streams_and_flows, house_made):
        part()
    # CloudWatch promises no order; sorted, so that diffs can be read.
    lines = sorted({json.dumps(metric, ensure_ascii=False) for metric in METRICS})
    if len(lines) != len(METRICS):
        sys.exit(f"{len(METRICS) - len(lines)} metrics stand there twice")
    sys.stdout.write('{"Metrics": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
