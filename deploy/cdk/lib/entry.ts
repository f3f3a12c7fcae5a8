import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { Parameters } from './parameters';

/** Slack sends a few requests a second at the most, and repeats what was refused. */
const kRequestsPerSecond = 50;

/** Where Slack sends its requests: anybody may call it, and the function checks who signed. */
export class Entry extends Construct {
  public readonly url: string;

  constructor(scope: Construct, id: string, p: Parameters, edge: lambda.Function, logRetention: logs.RetentionDays) {
    super(scope, id);
    if (p.entry === 'function-url') {
      this.url = edge.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }).url;
    } else if (p.entry === 'http-api') {
      const api = new apigatewayv2.HttpApi(this, 'Api', { description: 'FA2: requests of Slack and of alarms' });
      api.addRoutes({
        path: '/{proxy+}',
        methods: [apigatewayv2.HttpMethod.POST],
        integration: new HttpLambdaIntegration('Edge', edge),
      });
      this.url = `${api.apiEndpoint}/`;
    } else {
      this.url = this.restApi(p, edge, logRetention);
    }
    new CfnOutput(this, 'RequestUrl', { value: `${this.url}slack/events`, description: 'Request URL of the Slack app' });
  }

  private restApi(p: Parameters, edge: lambda.Function, retention: logs.RetentionDays): string {
    const accessLogs = new logs.LogGroup(this, 'AccessLogs', { retention, removalPolicy: RemovalPolicy.DESTROY });
    const api = new apigateway.RestApi(this, 'Api', {
      description: 'FA2: requests of Slack and of alarms',
      cloudWatchRole: false, // One for the whole account: whoever runs the account decides on it.
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      deployOptions: {
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLogs),
        accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
        throttlingRateLimit: kRequestsPerSecond,
        throttlingBurstLimit: kRequestsPerSecond * 2,
      },
    });
    api.root.addProxy({
      anyMethod: false,
      defaultIntegration: new apigateway.LambdaIntegration(edge, { timeout: Duration.seconds(10) }),
    }).addMethod('POST');
    if (p.waf) this.protect(api.deploymentStage);
    return api.url;
  }

  private protect(stage: apigateway.Stage): void {
    const visibility = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      metricName,
      sampledRequestsEnabled: false, // Samples would hold what people write.
    });
    const acl = new wafv2.CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('fa2'),
      rules: [
        {
          name: 'rate',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000 } },
          visibilityConfig: visibility('fa2-rate'),
        },
        {
          name: 'known-bad-inputs',
          priority: 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesKnownBadInputsRuleSet' } },
          visibilityConfig: visibility('fa2-known-bad-inputs'),
        },
      ],
    });
    new wafv2.CfnWebACLAssociation(this, 'WebAclOfApi', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
  }
}
