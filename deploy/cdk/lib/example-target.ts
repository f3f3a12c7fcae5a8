import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { ExampleTargetStack } from './example-target-stack';

const app = new App();
const region = process.env.CDK_DEFAULT_REGION ?? 'ap-northeast-1'; // Access logs of load balancers need one.
new ExampleTargetStack(app, 'fa2-example-target', path.resolve(__dirname, '../../../example-target/orders'), {
  env: { region, account: process.env.CDK_DEFAULT_ACCOUNT },
});
