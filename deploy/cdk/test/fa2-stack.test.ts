import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { before, describe, it } from 'node:test';
import { App, Aspects } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { configurationText } from '../lib/configuration';
import { ExampleTargetStack } from '../lib/example-target-stack';
import { Fa2Stack } from '../lib/fa2-stack';
import { suppressNags } from '../lib/nag';
import { stageImage } from '../lib/image';
import { Parameters, parametersFrom, readParameters } from '../lib/parameters';
import { kReasonsForStars } from '../lib/permissions';

const root = path.resolve(__dirname, '../..');
const kLeast = { logGroups: ['/ecs/orders'] };
const kMost = {
  ...kLeast,
  modelId: 'jp.anthropic.claude-sonnet-4-20250514-v1:0',
  albLogs: ['s3://alb-logs/a', 's3://alb-logs/b'],
  cloudTrailLogs: ['s3://trail'],
  athena: { database: 'logs', workgroup: 'primary', outputBucket: 'results', albTable: 'alb', cloudTrailTable: '' },
  findingsReport: { channel: 'C1', schedule: 'cron(0 0 ? * MON *)', severity: 'critical', days: 7 },
  secrets: { signingSecret: 's', botToken: 'b', webhook: 'w', alertmanager: 'a' },
  alarmChannel: 'C2',
  snsTopics: ['arn:aws:sns:ap-northeast-1:123456789012:alarms'],
  alarmTopicArn: 'arn:aws:sns:ap-northeast-1:123456789012:self',
  entry: 'rest-api' as const,
  waf: true,
  architecture: 'arm64' as const,
};

function made(given: object): { app: App; stack: Fa2Stack; template: Template; parameters: Parameters } {
  const parameters = parametersFrom(given);
  const app = new App();
  const stack = new Fa2Stack(app, 'fa2', { parameters, imageFolder: stageImage(root, parameters, 'fa2') });
  return { app, stack, template: Template.fromStack(stack), parameters };
}

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
}

function statementsOf(template: Template): Array<Statement & { role: string }> {
  const found: Array<Statement & { role: string }> = [];
  for (const [role, resource] of Object.entries(template.findResources('AWS::IAM::Role'))) {
    for (const policy of resource.Properties.Policies ?? []) {
      for (const each of policy.PolicyDocument.Statement) found.push({ role, ...each });
    }
  }
  for (const [role, resource] of Object.entries(template.findResources('AWS::IAM::Policy'))) {
    for (const each of resource.Properties.PolicyDocument.Statement) found.push({ role, ...each });
  }
  return found;
}

const hasStar = (value: unknown): boolean => JSON.stringify(value).includes('*');
const actionsOf = (statements: Statement[]): string[] => statements.flatMap((each) => each.Action);

for (const [name, given] of Object.entries({ least: kLeast, most: kMost, 'http-api': { ...kLeast, entry: 'http-api' } })) {
  describe(`the stack with ${name} parameters`, () => {
    let world: ReturnType<typeof made>;
    before(() => {
      world = made(given);
    });

    it('has no star that is not justified', () => {
      const statements = statementsOf(world.template);
      assert.ok(statements.length > 8);
      for (const each of statements) {
        assert.equal(hasStar(each.Action), false, `${each.Sid}: ${JSON.stringify(each.Action)}`);
        if (!hasStar(each.Resource)) continue;
        assert.ok(each.Sid && kReasonsForStars[each.Sid], `${each.Sid}: ${JSON.stringify(each.Resource)}`);
      }
    });

    it('gives each function its own role, and managed policies to none', () => {
      const roles = world.template.findResources('AWS::IAM::Role');
      const ofFunctions = ['EdgeRole', 'WorkerRole', 'FindingsRole'];
      for (const role of ofFunctions) assert.equal(Object.keys(roles).filter((each) => each.startsWith(role)).length, 1);
      for (const role of Object.values(roles)) assert.equal(role.Properties.ManagedPolicyArns, undefined);
      const edge = actionsOf(statementsOf(world.template).filter((each) => each.role.startsWith('Edge')));
      for (const forbidden of ['logs:FilterLogEvents', 'bedrock:InvokeModel', 's3:GetObject', 'dynamodb:DeleteItem']) {
        assert.equal(edge.includes(forbidden), false, forbidden);
      }
      const worker = statementsOf(world.template).filter((each) => each.role.startsWith('Worker'));
      const secrets = JSON.stringify(worker.filter((each) => each.Sid === 'ReadSecrets'));
      assert.equal(secrets.includes(world.parameters.secrets.signingSecret + '-'), false, 'only the edge checks signatures');
    });

    it('may do what the doctor of the program asks for, and no more', () => {
      const policy = JSON.parse(fs.readFileSync(path.join(root, '../../docs/ops/iam-policy.json'), 'utf8'));
      const asked = new Set<string>(policy.Statement.flatMap((each: Statement) => each.Action));
      const worker = actionsOf(statementsOf(world.template).filter((each) => each.role.startsWith('Worker')));
      const services = /^(cloudwatch|xray|cloudtrail|athena|glue|securityhub|guardduty):/;
      for (const action of worker) if (services.test(action)) assert.ok(asked.has(action), action);
      if (name === 'most') for (const action of asked) assert.ok(worker.includes(action), action);
      if (name === 'least') assert.equal(worker.some((each) => each.startsWith('athena:')), false);
    });

    it('keeps data encrypted, and only over TLS', () => {
      world.template.hasResourceProperties('AWS::S3::Bucket', {
        BucketEncryption: Match.anyValue(),
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'runs/', ExpirationInDays: 37 })]) },
      });
      world.template.hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
      world.template.hasResourceProperties('AWS::DynamoDB::Table', {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
      });
      world.template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
      world.template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    });

    it('runs three roles of one program', () => {
      for (const role of ['edge', 'worker', 'findings']) {
        world.template.hasResourceProperties('AWS::Lambda::Function', {
          PackageType: 'Image',
          FunctionName: `fa2-${role}`,
          Architectures: [world.parameters.architecture],
          Environment: { Variables: Match.objectLike({ FA2_LAMBDA_ROLE: role, FA2_WORKER_FUNCTION: 'fa2-worker' }) },
        });
      }
      world.template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: 'fa2-worker',
        DeadLetterConfig: Match.anyValue(),
        ReservedConcurrentExecutions: 5,
        Timeout: 900,
      });
      const secrets = JSON.stringify(world.template.findResources('AWS::Lambda::Function'));
      assert.equal(/xox|SecretString/.test(secrets), false, 'secrets are read by name, at run time');
    });

    it('looks for waiting jobs, forgets old ones, and watches itself', () => {
      world.template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
      world.template.hasResourceProperties('AWS::Events::Rule', {
        ScheduleExpression: 'rate(1 day)',
        Targets: Match.arrayWith([Match.objectLike({ Input: '{"task":"housekeeping"}' })]),
      });
      const alarms = world.template.findResources('AWS::CloudWatch::Alarm');
      assert.equal(Object.keys(alarms).length, 3 * 3 + 2);
      for (const alarm of Object.values(alarms)) {
        assert.equal(Boolean(alarm.Properties.AlarmActions), name === 'most');
        assert.equal(alarm.Properties.TreatMissingData, 'notBreaching');
      }
      for (const group of Object.values(world.template.findResources('AWS::Logs::LogGroup'))) {
        assert.equal(group.Properties.RetentionInDays, 30);
      }
    });

    it('passes the checks of cdk-nag', () => {
      const { app, stack, parameters } = made(given);
      suppressNags(stack, parameters);
      Aspects.of(app).add(new AwsSolutionsChecks());
      app.synth();
      const found = [
        ...Annotations.fromStack(stack).findError('*', Match.stringLikeRegexp('AwsSolutions-.*')),
        ...Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('AwsSolutions-.*')),
      ];
      assert.deepEqual(found.map((each) => `${each.id}: ${each.entry.data}`), []);
    });
  });
}

describe('the entry', () => {
  it('is what the parameters say', () => {
    made(kLeast).template.resourceCountIs('AWS::Lambda::Url', 1);
    const rest = made(kMost).template;
    rest.resourceCountIs('AWS::ApiGateway::RestApi', 1);
    rest.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    rest.resourceCountIs('AWS::Lambda::Url', 0);
    made({ ...kLeast, entry: 'http-api' }).template.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
  });
});

describe('the model', () => {
  it('is named, behind an inference profile, too', () => {
    const resources = (modelId: string) =>
      JSON.stringify(statementsOf(made({ ...kLeast, modelId }).template).find((each) => each.Sid === 'AskModel')?.Resource);
    assert.match(resources('anthropic.claude-3'), /:bedrock:.*::foundation-model\/anthropic\.claude-3/);
    const profile = resources('jp.anthropic.claude-3');
    assert.match(profile, /inference-profile\/jp\.anthropic\.claude-3/);
    assert.match(profile, /foundation-model\/anthropic\.claude-3/);
    assert.equal(statementsOf(made(kLeast).template).some((each) => each.Sid === 'AskModel'), false);
  });
});

describe('parameters', () => {
  it('are refused where they are wrong, by name', () => {
    const wrong: Array<[object, RegExp]> = [
      [{}, /logGroups/],
      [{ ...kLeast, launguage: 'ja' }, /launguage/],
      [{ ...kLeast, language: 'fr' }, /language/],
      [{ ...kLeast, xray: 'yes' }, /xray/],
      [{ ...kLeast, logGroups: [1] }, /logGroups/],
      [{ ...kLeast, albLogs: ['bucket'] }, /bucket/],
      [{ ...kLeast, waf: true }, /waf/],
      [{ ...kLeast, athena: { database: 'x' } }, /athena/],
      [{ ...kLeast, athena: { databse: 'x' } }, /athena\.databse/],
      [{ ...kLeast, secrets: { signingSecret: '' } }, /secrets/],
      [{ ...kLeast, snsTopics: ['arn'] }, /alarmChannel/],
    ];
    for (const [given, why] of wrong) assert.throws(() => parametersFrom(given), why);
  });

  it('of the example are complete and good', () => {
    const example = readParameters(path.join(root, 'parameters.example.json'));
    assert.equal(example.language, 'ja');
    const keys = Object.keys(JSON.parse(fs.readFileSync(path.join(root, 'parameters.example.json'), 'utf8')));
    assert.deepEqual(keys.sort(), Object.keys(parametersFrom(kLeast)).sort());
  });
});

describe('the example target', () => {
  it('is a service behind a load balancer, and an experiment that cuts it off from DynamoDB', () => {
    const stack = new ExampleTargetStack(new App(), 'target', path.join(root, '../example-target/orders'), {
      env: { region: 'ap-northeast-1' },
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.resourceCountIs('AWS::ECS::Service', 1);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    template.hasResourceProperties('AWS::FIS::ExperimentTemplate', {
      Actions: { Disrupt: Match.objectLike({ Parameters: { duration: 'PT10M', scope: 'dynamodb' } }) },
      Targets: { Subnets: Match.objectLike({ ResourceTags: { 'fa2-example': 'target' } }) },
    });
    for (const subnet of Object.values(template.findResources('AWS::EC2::Subnet'))) {
      assert.ok(subnet.Properties.Tags.some((each: { Key: string }) => each.Key === 'fa2-example'));
    }
  });
});

describe('the image', () => {
  it('holds the configuration, and runs the function', () => {
    const parameters = readParameters(path.join(root, 'parameters.example.json'));
    const folder = stageImage(root, parameters, 'registry.example/fa2:1');
    const dockerfile = fs.readFileSync(path.join(folder, 'Dockerfile'), 'utf8');
    assert.match(dockerfile, /^FROM registry\.example\/fa2:1$/m);
    assert.match(dockerfile, /^ENTRYPOINT \["\/usr\/bin\/fa2", "lambda"\]$/m);
    assert.match(fs.readFileSync(path.join(folder, 'fa2.toml'), 'utf8'), /calls the table dynamodb\/orders/);
  });
});

describe('the configuration', () => {
  it('says what the parameters say, and escapes it', () => {
    const text = configurationText(parametersFrom({ ...kMost, commands: { analyse: '/fa2', insight: '', findings: '/f' } }), 'a "b" \\ c\n- x -> y: SQL');
    for (const line of [
      'architecture = "a \\"b\\" \\\\ c\\n- x -> y: SQL"',
      'insight_command = ""',
      'bot_token = "secretsmanager:b"',
      '[[aws.alb]]',
      'groups = ["/ecs/orders"]',
      'provider = "bedrock"',
      'keep_days = 30',
    ]) assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
  });
});
