import * as fs from 'node:fs';

/** What a team decides; README.md explains each. An empty text or list is "none". */
export interface Parameters {
  language: 'en' | 'ja';
  timeZone: string;
  modelId: string; // Of Amazon Bedrock: a model or an inference profile. Empty: without a model.
  maxCycles: number;
  architectureFile: string; // Beside the parameters.
  logGroups: string[];
  albLogs: string[]; // s3://bucket or s3://bucket/prefix
  cloudTrailLogs: string[];
  athena: { database: string; workgroup: string; outputBucket: string; albTable: string; cloudTrailTable: string };
  xray: boolean;
  commands: { analyse: string; insight: string; findings: string };
  detectors: string[];
  findingsReport: { channel: string; schedule: string; severity: string; days: number };
  secrets: { signingSecret: string; botToken: string; webhook: string; alertmanager: string }; // Names in Secrets Manager.
  alarmChannel: string;
  snsTopics: string[];
  maxUsd: number; // That an analysis may cost in AWS calls, and in model calls.
  keepDays: number;
  keepLogsDays: number;
  entry: 'function-url' | 'rest-api' | 'http-api';
  waf: boolean;
  architecture: 'x86_64' | 'arm64';
  workerConcurrency: number;
  alarmTopicArn: string;
}

const kDefaults: Parameters = {
  language: 'en',
  timeZone: 'UTC',
  modelId: '',
  maxCycles: 5,
  architectureFile: '',
  logGroups: [],
  albLogs: [],
  cloudTrailLogs: [],
  athena: { database: '', workgroup: '', outputBucket: '', albTable: '', cloudTrailTable: '' },
  xray: true,
  commands: { analyse: '/fa2', insight: '/insight', findings: '/findings-report' },
  detectors: [],
  findingsReport: { channel: '', schedule: 'cron(0 0 ? * MON *)', severity: 'high', days: 7 },
  secrets: { signingSecret: 'fa2/slack-signing-secret', botToken: 'fa2/slack-bot-token', webhook: '', alertmanager: '' },
  alarmChannel: '',
  snsTopics: [],
  maxUsd: 1,
  keepDays: 30,
  keepLogsDays: 30,
  entry: 'function-url',
  waf: false,
  architecture: 'x86_64',
  workerConcurrency: 5,
  alarmTopicArn: '',
};

/** Whether `value` has the shape of the default: the same kind all the way, and no member that nobody knows. */
function checkShape(value: unknown, pattern: unknown, name: string): void {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) throw new Error(`${name}: expected a list of texts`);
  } else if (typeof pattern === 'object' && pattern !== null) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name}: expected an object`);
    for (const [key, member] of Object.entries(value)) {
      const known = (pattern as Record<string, unknown>)[key];
      if (known === undefined) throw new Error(`${name}${name ? '.' : ''}${key}: nobody knows this parameter`);
      checkShape(member, known, `${name}${name ? '.' : ''}${key}`);
    }
  } else if (typeof value !== typeof pattern) {
    throw new Error(`${name}: expected a ${typeof pattern}`);
  }
}

function oneOf(name: string, value: string, choices: string[]): void {
  if (!choices.includes(value)) throw new Error(`${name}: expected one of ${choices.join(', ')}`);
}

/** Parameters with the defaults for what is left out. Throws what is wrong with them. */
export function parametersFrom(json: unknown): Parameters {
  checkShape(json, kDefaults, '');
  const given = json as Partial<Parameters>;
  const all: Parameters = {
    ...kDefaults,
    ...given,
    athena: { ...kDefaults.athena, ...given.athena },
    commands: { ...kDefaults.commands, ...given.commands },
    findingsReport: { ...kDefaults.findingsReport, ...given.findingsReport },
    secrets: { ...kDefaults.secrets, ...given.secrets },
  };
  oneOf('language', all.language, ['en', 'ja']);
  oneOf('entry', all.entry, ['function-url', 'rest-api', 'http-api']);
  oneOf('architecture', all.architecture, ['x86_64', 'arm64']);
  oneOf('findingsReport.severity', all.findingsReport.severity, ['critical', 'high', 'medium', 'low', 'informational']);
  for (const url of [...all.albLogs, ...all.cloudTrailLogs]) {
    if (!/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/.*)?$/.test(url)) throw new Error(`${url}: expected s3://bucket or s3://bucket/prefix`);
  }
  if (all.logGroups.length === 0) throw new Error('logGroups: name one log group at least; all other sources are optional');
  if (all.waf && all.entry !== 'rest-api') throw new Error('waf: only entry "rest-api" can have a web ACL');
  if (!all.secrets.signingSecret || !all.secrets.botToken) throw new Error('secrets: signingSecret and botToken are needed');
  if (all.athena.database && !(all.athena.workgroup && (all.athena.albTable || all.athena.cloudTrailTable))) {
    throw new Error('athena: a database needs a workgroup, and albTable or cloudTrailTable');
  }
  if ((all.snsTopics.length > 0 || all.secrets.webhook || all.secrets.alertmanager) && !all.alarmChannel) {
    throw new Error('alarmChannel: alarms that do not come through Slack need a channel');
  }
  return all;
}

export function readParameters(file: string): Parameters {
  return parametersFrom(JSON.parse(fs.readFileSync(file, 'utf8')));
}

/** `bucket` of `s3://bucket/prefix`. */
export function bucketOf(url: string): string {
  return url.slice('s3://'.length).split('/')[0];
}
