import { CfnOutput, Duration, RemovalPolicy, Stack, StackProps, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as fis from 'aws-cdk-lib/aws-fis';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Asks for an order a few times a minute, as customers would. */
const kCustomer = `
import os, urllib.request
def handler(event, context):
    failed = 0
    for i in range(20):
        try:
            urllib.request.urlopen(os.environ["URL"] + "/orders/" + str(i), timeout=2).read()
        except Exception:
            failed += 1
    return {"failed": failed}
`;

/**
 * A small system to try FA2 on: a load balancer, a service on ECS, a table; customers, an alarm, and an experiment that
 * cuts the service off from DynamoDB. It has public addresses and costs money while it stands. Not for production.
 */
export class ExampleTargetStack extends Stack {
  constructor(scope: Construct, id: string, appFolder: string, props?: StackProps) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }],
      gatewayEndpoints: { dynamodb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    for (const subnet of vpc.publicSubnets) Tags.of(subnet).add('fa2-example', 'target');
    const table = new dynamodb.Table(this, 'Orders', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const balancer = this.serve(vpc, table, appFolder);
    this.sendCustomers(balancer);
    this.alarm(balancer);
    this.breakIt();
  }

  private serve(vpc: ec2.Vpc, table: dynamodb.Table, appFolder: string): elb.ApplicationLoadBalancer {
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc });
    const task = new ecs.FargateTaskDefinition(this, 'Task', { cpu: 256, memoryLimitMiB: 512 });
    table.grantReadWriteData(task.taskRole);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/ecs/${this.stackName}/orders`,
      retention: logs.RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    task.addContainer('orders', {
      image: ecs.ContainerImage.fromAsset(appFolder),
      portMappings: [{ containerPort: 8080 }],
      environment: { TABLE: table.tableName },
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'orders', logGroup }),
    });
    const service = new ecs.FargateService(this, 'Service', {
      cluster,
      taskDefinition: task,
      desiredCount: 2,
      minHealthyPercent: 100,
      assignPublicIp: true, // Without a NAT gateway, to fetch the image.
      circuitBreaker: { rollback: true },
    });
    const balancer = new elb.ApplicationLoadBalancer(this, 'Balancer', { vpc, internetFacing: true });
    const accessLogs = new s3.Bucket(this, 'AccessLogs', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{ expiration: Duration.days(14) }],
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: false,
    });
    balancer.logAccessLogs(accessLogs);
    balancer.addListener('Http', { port: 80 }).addTargets('Orders', {
      port: 8080,
      protocol: elb.ApplicationProtocol.HTTP,
      targets: [service],
      healthCheck: { path: '/health', interval: Duration.seconds(15) },
    });
    new CfnOutput(this, 'LogGroup', { value: logGroup.logGroupName });
    new CfnOutput(this, 'AccessLogsUrl', { value: `s3://${accessLogs.bucketName}` });
    return balancer;
  }

  private sendCustomers(balancer: elb.ApplicationLoadBalancer): void {
    const customers = new lambda.Function(this, 'Customers', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: lambda.Code.fromInline(kCustomer),
      timeout: Duration.seconds(50),
      environment: { URL: `http://${balancer.loadBalancerDnsName}` },
    });
    new events.Rule(this, 'EachMinute', {
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(customers)],
    });
  }

  private alarm(balancer: elb.ApplicationLoadBalancer): void {
    const topic = new sns.Topic(this, 'Alarms', { enforceSSL: true });
    new cloudwatch.Alarm(this, 'OrdersFail', {
      metric: balancer.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { period: Duration.minutes(1) }),
      threshold: 5,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: 'Customers get errors instead of their orders',
    }).addAlarmAction(new actions.SnsAction(topic));
    new CfnOutput(this, 'AlarmTopic', { value: topic.topicArn });
  }

  private breakIt(): void {
    const role = new iam.Role(this, 'ExperimentRole', {
      assumedBy: new iam.ServicePrincipal('fis.amazonaws.com'),
      // What AWS itself publishes for this action: it replaces network ACLs, and puts them back.
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSFaultInjectionSimulatorNetworkAccess'),
      ],
    });
    const experiment = new fis.CfnExperimentTemplate(this, 'CutOffFromDynamoDb', {
      description: 'The subnets of the service cannot reach DynamoDB for ten minutes',
      roleArn: role.roleArn,
      stopConditions: [{ source: 'none' }],
      targets: {
        Subnets: {
          resourceType: 'aws:ec2:subnet',
          resourceTags: { 'fa2-example': 'target' },
          selectionMode: 'ALL',
        },
      },
      actions: {
        Disrupt: {
          actionId: 'aws:network:disrupt-connectivity',
          parameters: { duration: 'PT10M', scope: 'dynamodb' },
          targets: { Subnets: 'Subnets' },
        },
      },
      tags: { Name: `${this.stackName}-cut-off-from-dynamodb` },
    });
    new CfnOutput(this, 'Experiment', { value: experiment.attrId });
  }
}
