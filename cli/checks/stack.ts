import { failureOf } from '../failure.ts';
import {
  awsSettings,
  describeStack,
  findLocalStack,
  findStack,
  isDeployed,
  noLocalStack,
  placeOf,
  type Wanted,
} from '../stack/find-stack.ts';
import type { Stack } from '../stack/stack.ts';
import type { Check } from './check.ts';

/** A check of what failed; a fault of ours is thrown on. */
export function failedCheck(name: string, error: unknown): Check {
  const failure = failureOf(error);
  if (failure === undefined) throw error;
  const { detail, next } = failure;
  return { name, state: 'bad', detail, ...(next === undefined ? {} : { next }) };
}

/** How a deployment stands, by the last words of CloudFormation's status. */
function standing(status: string): Pick<Check, 'state' | 'next'> {
  if (/ROLLBACK|FAILED|DELETE/.test(status)) {
    return {
      state: 'bad',
      next: 'See the events of the stack in CloudFormation, mend the cause, and `npm run deploy` again.',
    };
  }
  return /IN_PROGRESS/.test(status)
    ? { state: 'warning', next: 'A deploy is under way. Look again when it is done.' }
    : { state: 'good' };
}

async function* checkDeployed(wanted: Wanted): AsyncGenerator<Check, Stack | undefined> {
  const { stackName } = placeOf(wanted);
  const description = await describeStack(awsSettings(wanted), stackName);
  yield { name: 'AWS credentials', state: 'good', detail: 'CloudFormation answers' };
  if (description === undefined) {
    const next = '`npm run cli -- deploy` says what is left to do.';
    yield { name: 'stack', state: 'bad', detail: `there is no stack ${stackName} in this account and region`, next };
    return undefined;
  }
  const status = description.StackStatus ?? 'unknown';
  yield { name: 'stack', ...standing(status), detail: `${stackName}: ${status}` };
  return await findStack({ ...wanted, stack: stackName });
}

/** The stack that is meant: whether it is there, and how it stands. */
export async function* checkStack(wanted: Wanted): AsyncGenerator<Check, Stack | undefined> {
  const local = isDeployed(wanted) ? undefined : findLocalStack(wanted);
  if (local !== undefined) {
    yield { name: 'stack', state: 'good', detail: `${local.name} runs on this machine` };
    return local;
  }
  if (!isDeployed(wanted) && wanted.state !== undefined) {
    yield failedCheck('stack', noLocalStack(wanted.state));
    return undefined;
  }
  try {
    return yield* checkDeployed(wanted);
  } catch (error) {
    const check = failedCheck('AWS credentials', error);
    const hint = isDeployed(wanted) ? '' : ' Or start the stack on this machine: `npm start`.';
    yield { ...check, next: `${check.next ?? ''}${hint}`.trim() };
    return undefined;
  }
}
