import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CDK_JSON = join(import.meta.dirname, '../cdk.json');

/** Context of cdk.json: the shipped configuration, and the features of the CDK that this stack is written for. */
export function contextOfProject(): Record<string, unknown> {
  const project = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as { context?: Record<string, unknown> };
  return project.context ?? {};
}
