import { Parameters } from './parameters';

const text = (value: string): string => JSON.stringify(value); // TOML's basic strings have the escapes of JSON.
const list = (values: string[]): string => `[${values.map(text).join(', ')}]`;
const secret = (name: string): string => text(name ? `secretsmanager:${name}` : '');

/**
 * The configuration file (docs/ops/configuration.md) that all functions read. It holds no secret.
 * `description`: of the architecture, in prose.
 */
export function configurationText(p: Parameters, description: string): string {
  const lines: string[] = [];
  const table = (name: string, keys: Record<string, string | undefined>) => {
    const present = Object.entries(keys).filter(([, value]) => value !== undefined && value !== '""' && value !== '[]');
    if (present.length === 0) return;
    lines.push(`[${name}]`, ...present.map(([key, value]) => `${key} = ${value}`), '');
  };
  table('report', { language: text(p.language), time_zone: text(p.timeZone) });
  table('investigate', { architecture: text(description) });
  table('slack', {
    signing_secret: secret(p.secrets.signingSecret),
    bot_token: secret(p.secrets.botToken),
    command: text(p.commands.analyse),
    time_zone: text(p.timeZone),
  });
  // Empty names switch a command off, so they must stand there.
  lines.splice(lines.length - 1, 0, `insight_command = ${text(p.commands.insight)}`, `findings_command = ${text(p.commands.findings)}`);
  table('alarms', { channel: text(p.alarmChannel) });
  table('sns', { topics: list(p.snsTopics) });
  table('webhook', { secret: secret(p.secrets.webhook) });
  table('alertmanager', { token: secret(p.secrets.alertmanager) });
  table('serve', { keep_days: String(p.keepDays), analyses: '1' });
  table('aws.logs', { groups: list(p.logGroups) });
  for (const url of p.albLogs) table('[aws.alb]', { url: text(url) });
  for (const url of p.cloudTrailLogs) table('[aws.cloudtrail.buckets]', { url: text(url) });
  if (p.athena.database) {
    table('aws.athena', {
      database: text(p.athena.database),
      workgroup: text(p.athena.workgroup),
      output_location: p.athena.outputBucket ? text(`s3://${p.athena.outputBucket}/`) : undefined,
    });
    const tables: Array<[string, string]> = [['alb', p.athena.albTable], ['cloudtrail', p.athena.cloudTrailTable]];
    for (const [kind, name] of tables) {
      if (name) table('[aws.athena.tables]', { kind: text(kind), table: text(name) });
    }
  }
  table('aws.xray', { enabled: String(p.xray) });
  table('aws.limits', { max_usd: String(p.maxUsd) });
  if (p.modelId) {
    table('model', { provider: text('bedrock'), id: text(p.modelId), max_cycles: String(p.maxCycles), max_usd: String(p.maxUsd) });
  }
  table('findings', { detectors: list(p.detectors) });
  return lines.join('\n');
}
