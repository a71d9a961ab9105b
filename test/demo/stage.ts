import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../e2e/api-client.ts';
import type { BusRecord } from '../e2e/bus-record.ts';
import { type FixtureOperator, startFixtureOperator } from '../e2e/fixture-operator.ts';
import { startStack } from '../e2e/running-stack.ts';
import type { Operator, Target } from './arguments.ts';

/** What the demo plays on. */
export interface Stage {
  client: ApiClient;
  /** In words. */
  where: string;
  /** Where it is our own simulated one. */
  operator?: FixtureOperator;
  /** Where the stack is our own. */
  bus?: BusRecord;
  strike(): Promise<void>;
}

export async function setStage(target: Target): Promise<Stage> {
  switch (target.kind) {
    case 'running_stack':
      return { client: new ApiClient(target), where: `the stack at ${target.api}`, strike: () => Promise.resolve() };
    case 'own_stack_other_operator':
      return await ownStack(target.operator, `a local stack bound to ${target.operator.url}`);
    case 'own_stack':
      return await simulated();
  }
}

async function simulated(): Promise<Stage> {
  const operator = await startFixtureOperator();
  try {
    const stage = await ownStack(operator.credentials, 'a local stack bound to a simulated operator');
    const strike = async (): Promise<void> => {
      await stage.strike();
      await operator.close();
    };
    return { ...stage, operator, strike };
  } catch (error) {
    await operator.close();
    throw error;
  }
}

async function ownStack(operator: Operator, where: string): Promise<Stage> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'bindery-demo-'));
  const forget = () => rm(stateDirectory, { recursive: true, force: true });
  try {
    const stack = await startStack({ stateDirectory, operator });
    const strike = async (): Promise<void> => {
      await stack.close();
      await forget();
    };
    return { client: stack.client, where, bus: stack.bus, strike };
  } catch (error) {
    await forget();
    throw error;
  }
}
