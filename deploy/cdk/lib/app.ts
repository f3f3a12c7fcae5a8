import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Aspects } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Fa2Stack } from './fa2-stack';
import { stageImage } from './image';
import { readParameters } from './parameters';
import { suppressNags } from './nag';

// cdk -c parameters=FILE -c image=NAME -c name=STACK
const app = new App();
const root = path.resolve(__dirname, '../..');
const given: string | undefined = app.node.tryGetContext('parameters');
const own = path.join(root, 'parameters.json');
const file = given ? path.resolve(given) : fs.existsSync(own) ? own : path.join(root, 'parameters.example.json');
const parameters = readParameters(file);
const stack = new Fa2Stack(app, app.node.tryGetContext('name') ?? 'fa2', {
  parameters,
  imageFolder: stageImage(path.dirname(file), parameters, app.node.tryGetContext('image') ?? 'fa2'),
  // Names with the account in them are made by CloudFormation, so that this can be done without credentials.
  env: process.env.CDK_DEFAULT_REGION ? { region: process.env.CDK_DEFAULT_REGION, account: process.env.CDK_DEFAULT_ACCOUNT } : undefined,
});
suppressNags(stack, parameters);
Aspects.of(app).add(new AwsSolutionsChecks());
