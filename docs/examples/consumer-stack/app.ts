// npx cdk deploy --app 'node docs/examples/consumer-stack/app.ts' -c busName=bindery-prod
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { ConsumerStack } from './stack.ts';

const app = new App();
const busName = app.node.tryGetContext('busName') as unknown;
const source = app.node.tryGetContext('source') as unknown;
const stack = new ConsumerStack(app, 'bindery-consumer', {
  busName: typeof busName === 'string' ? busName : 'bindery-prod',
  ...(typeof source === 'string' ? { source } : {}),
  buildFolder: join(app.outdir, 'consumer-bundle'),
});
console.log(stack.stackName);
