import { CliError } from '../failure.ts';
import type { Stack } from './stack.ts';

const OLDER = 'The stack was deployed by an older version: `npm run deploy` brings it up to date.';

/** @throws CliError where the stack is older than the output */
export function output({ name, outputs }: Pick<Stack, 'name' | 'outputs'>, key: string): string {
  const value = outputs[key];
  if (value !== undefined) return value;
  throw new CliError('output_missing', `the stack ${name} has no output ${key}`, { next: OLDER });
}

/** ARN of the credentials secret of each account at an operator. */
export function credentialsSecrets(stack: Pick<Stack, 'name' | 'outputs'>): ReadonlyMap<string, string> {
  return new Map(Object.entries(JSON.parse(output(stack, 'CredentialsSecrets')) as Record<string, string>));
}

interface Parked {
  name: string;
  url: string;
  /** Where it came from a queue. */
  sourceUrl?: string;
  /** Where it came from the bus. */
  eventBus?: string;
}

/** Queues of what could not be processed, besides those of the lanes. */
export function otherDeadLetters(stack: Pick<Stack, 'name' | 'outputs'>): Parked[] {
  return JSON.parse(output(stack, 'DeadLetterQueues')) as Parked[];
}
