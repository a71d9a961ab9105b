import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CDK_JSON = join(import.meta.dirname, '../cdk.json');

/**
 * Context of cdk.json: the configuration, and the features of the CDK that this stack is written for. Tests are about the shipped
 * configuration, whatever a team has put into its cdk.json; they name the file of it in BINDERY_CONFIGURATION.
 */
export function contextOfProject(): Record<string, unknown> {
  const project = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as { context?: Record<string, unknown> };
  const context = project.context ?? {};
  const path = process.env['BINDERY_CONFIGURATION'];
  if (path === undefined) return context;
  return { ...context, bindery: JSON.parse(readFileSync(path, 'utf8')) as unknown };
}
