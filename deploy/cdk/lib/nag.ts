import { Stack } from 'aws-cdk-lib';
import { NagSuppressions } from 'cdk-nag';
import { kReasonsForStars } from './permissions';
import { Parameters } from './parameters';

/** Rules of cdk-nag that do not fit, each with its reason. */
export function suppressNags(stack: Stack, p: Parameters): void {
  const suppress = (id: string, reason: string) => NagSuppressions.addStackSuppressions(stack, [{ id, reason }]);
  suppress('AwsSolutions-IAM5', `Stars by statement: ${Object.entries(kReasonsForStars).map(([sid, why]) => `${sid}: ${why}`).join(' ')}`);
  suppress('AwsSolutions-S1', 'Who reads the bucket is in CloudTrail where data events are on; only the worker may.');
  if (p.entry === 'function-url') return;
  suppress('AwsSolutions-APIG4', 'Slack and SNS cannot sign as an IAM identity: the function checks their own signatures.');
  suppress('AwsSolutions-COG4', 'As above: there are no users who could log in.');
  if (p.entry === 'rest-api') {
    suppress('AwsSolutions-APIG2', 'Bodies are parsed by the function, whose parsers are fuzzed; each sender has its own form.');
    suppress('AwsSolutions-APIG6', 'Execution logs would hold what people write; access logs are on.');
    if (!p.waf) suppress('AwsSolutions-APIG3', 'The parameter `waf` decides; requests without a signature are refused.');
  }
  if (p.entry === 'http-api') {
    suppress('AwsSolutions-APIG1', 'The function logs each refused request; the rest-api has access logs.');
  }
}
