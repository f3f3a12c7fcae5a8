import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface Watched {
  functions: Record<string, lambda.Function>;
  logGroups: Record<string, logs.LogGroup>;
  edge: lambda.Function;
  deadLetters: sqs.Queue;
  topicArn: string; // Who is told; empty: nobody, the alarms can be looked at.
}

/** FA2 watches itself. Quiet while all is well: what is missing is no alarm. */
export class SelfAlarms extends Construct {
  private readonly topic?: sns.ITopic;

  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    if (watched.topicArn) this.topic = sns.Topic.fromTopicArn(this, 'Topic', watched.topicArn);
    for (const [name, each] of Object.entries(watched.functions)) {
      this.alarm(`${name}Errors`, each.metricErrors({ period: Duration.minutes(5) }), 1, `FA2 ${name}: an invocation failed`);
      this.alarm(`${name}Throttles`, each.metricThrottles({ period: Duration.minutes(5) }), 1, `FA2 ${name}: more at once than may run`);
    }
    for (const [name, group] of Object.entries(watched.logGroups)) {
      const filter = new logs.MetricFilter(this, `${name}ErrorLines`, {
        logGroup: group,
        filterPattern: logs.FilterPattern.stringValue('$.level', '=', 'error'),
        metricNamespace: 'FA2',
        metricName: `${name}ErrorLines`,
        defaultValue: 0,
      });
      const lines = filter.metric({ statistic: 'Sum', period: Duration.minutes(5) });
      this.alarm(`${name}Lines`, lines, 5, `FA2 ${name}: errors in its log, such as a store or Slack that does not answer`);
    }
    this.alarm(
      'EdgeSlow',
      watched.edge.metricDuration({ statistic: 'p99', period: Duration.minutes(15) }),
      2500,
      'FA2 edge: Slack waits three seconds for an answer',
    );
    this.alarm(
      'DeadLetters',
      watched.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }),
      1,
      'FA2 worker: a run was given up; its jobs are in the table, and the next run takes them',
    );
  }

  private alarm(id: string, metric: cloudwatch.IMetric, threshold: number, alarmDescription: string): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (this.topic) alarm.addAlarmAction(new actions.SnsAction(this.topic));
  }
}
