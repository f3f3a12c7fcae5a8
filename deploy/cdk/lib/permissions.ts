import * as fs from 'node:fs';
import * as path from 'node:path';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { bucketOf, Parameters } from './parameters';

/**
 * Why a statement's resource, or part of it, is a star. A statement without a reason here must name what it allows; a
 * test holds the template to that.
 */
export const kReasonsForStars: Record<string, string> = {
  CloudWatchLogs: 'Log groups can be chosen by prefix and tag, queries and records have no ARN; all of it reads.',
  CloudWatchMetricsAndAlarms: 'CloudWatch has no resource-level permissions for reading metrics.',
  XRay: 'X-Ray has no resource-level permissions for reading traces.',
  CloudTrailEventHistory: 'LookupEvents has no resource-level permissions.',
  SecurityFindings: 'Findings have no ARN that policies could name; all of it reads.',
  AthenaTables: 'Databases and tables belong to the catalogue, which every query looks through; all of it reads.',
  ReadLogObjects: 'All objects of the named log buckets.',
  AthenaResults: 'All objects of the named result bucket.',
  AskModel: 'An inference profile sends requests on to the Regions of its own choice; the model is named.',
  CollectedData: 'All objects of the bucket that belongs to this stack.',
  OwnLogs: 'All streams of the log group that belongs to this function.',
};

interface PolicyStatement {
  Sid: string;
  Action: string | string[];
  Resource: string | string[];
}

/** What `fa2 doctor` checks: a test of the program holds this file to its list. */
function collectingStatements(): PolicyStatement[] {
  const file = path.resolve(__dirname, '../../../../docs/ops/iam-policy.json'); // from build/lib
  if (!fs.existsSync(file)) throw new Error('docs/ops/iam-policy.json is missing: this folder is part of the repository');
  return JSON.parse(fs.readFileSync(file, 'utf8')).Statement;
}

const asList = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** The buckets and workgroups behind the names that the file has for them. */
function named(resource: string, p: Parameters, stack: Stack): string[] {
  const buckets: Record<string, string[]> = {
    'ALB-LOG-BUCKET': p.albLogs.map(bucketOf),
    'CLOUDTRAIL-BUCKET': p.cloudTrailLogs.map(bucketOf),
    'ATHENA-RESULTS-BUCKET': p.athena.outputBucket ? [p.athena.outputBucket] : [],
  };
  for (const [placeholder, names] of Object.entries(buckets)) {
    if (resource.includes(placeholder)) return names.map((name) => resource.replace(placeholder, name).replace('arn:aws:', `arn:${stack.partition}:`));
  }
  if (resource.includes('WORKGROUP')) {
    if (!p.athena.database) return [];
    return [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: p.athena.workgroup })];
  }
  return [resource];
}

function isWanted(sid: string, p: Parameters): boolean {
  if (sid === 'XRay') return p.xray;
  if (sid.startsWith('Athena')) return p.athena.database !== '';
  return true;
}

/** What collecting needs, and no source that is switched off. */
export function collectPermissions(p: Parameters, stack: Stack): iam.PolicyStatement[] {
  const statements: iam.PolicyStatement[] = [];
  for (const each of collectingStatements()) {
    if (!isWanted(each.Sid, p)) continue;
    const resources = [...new Set(asList(each.Resource).flatMap((resource) => named(resource, p, stack)))];
    if (resources.length === 0) continue;
    statements.push(new iam.PolicyStatement({ sid: each.Sid, actions: asList(each.Action), resources }));
  }
  return statements;
}

/**
 * Asking the model. An inference profile is named like its model with a geography before it
 * (`jp.anthropic.claude-...`), and needs both: the profile here, and the model wherever the profile sends the request.
 */
export function modelPermissions(p: Parameters, stack: Stack): iam.PolicyStatement[] {
  if (!p.modelId) return [];
  const profile = /^(global|us|us-gov|eu|apac|jp|au|ca|sa)\.(.+)$/.exec(p.modelId);
  const resources = p.modelId.startsWith('arn:')
    ? [p.modelId]
    : profile
      ? [
          stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: p.modelId }),
          `arn:${stack.partition}:bedrock:*::foundation-model/${profile[2]}`,
        ]
      : [`arn:${stack.partition}:bedrock:${stack.region}::foundation-model/${p.modelId}`];
  return [
    new iam.PolicyStatement({
      sid: 'AskModel',
      actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      resources,
    }),
  ];
}

/** Reading secrets by their names, to which Secrets Manager adds six characters. */
export function secretPermissions(names: string[], stack: Stack): iam.PolicyStatement[] {
  const arnOf = (name: string) =>
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const resources = names.filter((name) => name).map((name) => (name.startsWith('arn:') ? name : arnOf(name)));
  if (resources.length === 0) return [];
  return [new iam.PolicyStatement({ sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], resources })];
}

/** What the job store asks of its table. Only the worker takes jobs, and forgets them. */
export function jobPermissions(tableArn: string, role: 'edge' | 'worker' | 'findings'): iam.PolicyStatement[] {
  const store = ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
  const work = ['dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem', 'dynamodb:Scan'];
  return [
    new iam.PolicyStatement({
      sid: 'Jobs',
      actions: role === 'worker' ? [...store, ...work] : store,
      resources: [tableArn],
    }),
  ];
}

export function invokePermission(functionArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid: 'StartWorker', actions: ['lambda:InvokeFunction'], resources: [functionArn] });
}

export function dataPermissions(bucketArn: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'CollectedData',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [`${bucketArn}/*`],
    }),
    new iam.PolicyStatement({ sid: 'ListCollectedData', actions: ['s3:ListBucket'], resources: [bucketArn] }),
  ];
}

export function logPermission(logGroupArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'OwnLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
}
