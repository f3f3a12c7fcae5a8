import { ArnFormat, Duration, RemovalPolicy, Size, Stack, StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as assets from 'aws-cdk-lib/aws-ecr-assets';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SelfAlarms } from './alarms';
import { Entry } from './entry';
import { Parameters } from './parameters';
import {
  collectPermissions,
  dataPermissions,
  invokePermission,
  jobPermissions,
  logPermission,
  modelPermissions,
  secretPermissions,
} from './permissions';

type Role = 'edge' | 'worker' | 'findings';

interface FunctionShape {
  memorySize: number; // MB; Lambda gives processors in proportion.
  timeout: Duration;
  permissions: iam.PolicyStatement[];
  environment?: Record<string, string>;
  more?: Partial<lambda.DockerImageFunctionProps>;
}

export interface Fa2StackProps extends StackProps {
  parameters: Parameters;
  imageFolder: string; // As stageImage() makes it.
}

function retentionOf(days: number): logs.RetentionDays {
  const choices = Object.values(logs.RetentionDays).filter((each): each is number => typeof each === 'number');
  return Math.min(...choices.filter((each) => each >= days)) as logs.RetentionDays;
}

/** The Slack app on Lambda: the edge that answers Slack, the worker that does the jobs, and the scheduled report. */
export class Fa2Stack extends Stack {
  private readonly parameters: Parameters;
  private readonly code: lambda.DockerImageCode;
  private readonly retention: logs.RetentionDays;
  private readonly functions: Record<string, lambda.Function> = {};
  private readonly logGroups: Record<string, logs.LogGroup> = {};
  private readonly table: dynamodb.Table;

  constructor(scope: Construct, id: string, props: Fa2StackProps) {
    super(scope, id, props);
    const p = props.parameters;
    this.parameters = p;
    this.code = lambda.DockerImageCode.fromImageAsset(props.imageFolder, {
      platform: p.architecture === 'arm64' ? assets.Platform.LINUX_ARM64 : assets.Platform.LINUX_AMD64,
    });
    this.retention = retentionOf(p.keepLogsDays);
    this.table = this.makeTable();
    const bucket = this.makeBucket();
    const deadLetters = new sqs.Queue(this, 'DeadLetters', {
      enforceSSL: true,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    const workerArn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: this.nameOf('worker'),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const edge = this.makeFunction('edge', {
      memorySize: 512,
      timeout: Duration.seconds(10), // Slack waits three; the rest is for what it no longer hears.
      permissions: [
        ...jobPermissions(this.table.tableArn, 'edge'),
        ...secretPermissions(Object.values(p.secrets), this),
        invokePermission(workerArn),
      ],
    });
    const worker = this.makeFunction('worker', {
      memorySize: 3008,
      timeout: Duration.minutes(15),
      permissions: [
        ...jobPermissions(this.table.tableArn, 'worker'),
        ...dataPermissions(bucket.bucketArn),
        ...secretPermissions([p.secrets.botToken], this),
        ...collectPermissions(p, this),
        ...modelPermissions(p, this),
        invokePermission(workerArn),
      ],
      environment: { FA2_DATA_BUCKET: bucket.bucketName },
      more: {
        ephemeralStorageSize: Size.gibibytes(4),
        reservedConcurrentExecutions: p.workerConcurrency,
        deadLetterQueue: deadLetters,
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
      },
    });
    const findings = this.makeFunction('findings', {
      memorySize: 256,
      timeout: Duration.seconds(30),
      permissions: [...jobPermissions(this.table.tableArn, 'findings'), invokePermission(workerArn)],
    });
    this.schedule(worker, findings);
    new Entry(this, 'Entry', p, edge, this.retention);
    new SelfAlarms(this, 'Alarms', {
      functions: this.functions,
      logGroups: this.logGroups,
      edge,
      deadLetters,
      topicArn: p.alarmTopicArn,
    });
  }

  private nameOf(role: Role): string {
    return `${this.stackName}-${role}`;
  }

  private makeTable(): dynamodb.Table {
    return new dynamodb.Table(this, 'Jobs', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private makeBucket(): s3.Bucket {
    return new s3.Bucket(this, 'Data', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        // The worker removes what belongs to forgotten jobs; this catches what it missed.
        { prefix: 'runs/', expiration: Duration.days(this.parameters.keepDays + 7) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  private makeFunction(role: Role, shape: FunctionShape): lambda.Function {
    const id = role[0].toUpperCase() + role.slice(1);
    const logGroup = new logs.LogGroup(this, `${id}Logs`, {
      logGroupName: `/aws/lambda/${this.nameOf(role)}`,
      retention: this.retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const executionRole = new iam.Role(this, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `What the FA2 ${role} may do`,
      inlinePolicies: {
        fa2: new iam.PolicyDocument({ statements: [logPermission(logGroup.logGroupArn), ...shape.permissions] }),
      },
    });
    const made = new lambda.DockerImageFunction(this, id, {
      functionName: this.nameOf(role),
      description: `FA2: ${role}`,
      architecture: this.parameters.architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      code: this.code,
      memorySize: shape.memorySize,
      timeout: shape.timeout,
      role: executionRole,
      logGroup,
      environment: {
        FA2_LAMBDA_ROLE: role,
        FA2_JOB_TABLE: this.table.tableName,
        FA2_WORKER_FUNCTION: this.nameOf('worker'),
        ...shape.environment,
      },
      ...shape.more,
    });
    this.functions[id] = made;
    this.logGroups[id] = logGroup;
    return made;
  }

  private schedule(worker: lambda.Function, findings: lambda.Function): void {
    // What was put back waits for its time, and what a lost function held waits for the end of its lease: a look each
    // minute finds them.
    new events.Rule(this, 'EachMinute', {
      description: 'FA2: jobs that wait',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(worker, { event: events.RuleTargetInput.fromObject({}), retryAttempts: 0 })],
    });
    new events.Rule(this, 'EachDay', {
      description: 'FA2: forgets old jobs and their data',
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [
        new targets.LambdaFunction(worker, { event: events.RuleTargetInput.fromObject({ task: 'housekeeping' }) }),
      ],
    });
    const report = this.parameters.findingsReport;
    if (!report.channel) return;
    new events.Rule(this, 'FindingsReport', {
      description: 'FA2: report on security findings',
      schedule: events.Schedule.expression(report.schedule),
      targets: [
        new targets.LambdaFunction(findings, {
          event: events.RuleTargetInput.fromObject({
            id: events.EventField.eventId,
            channel: report.channel,
            severity: report.severity,
            days: report.days,
            language: this.parameters.language,
          }),
        }),
      ],
    });
  }
}
