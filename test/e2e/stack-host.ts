// A local stack in a process of its own, for tests and for the demo: what it does must not delay the clock of the simulated
// operator, which measures in theirs. Speaks over the channel of child_process.fork.
import type { BusEvent, CallHooks } from '../../cdk/local/aws/api.ts';
import type { Observation } from '../../cdk/local/observation.ts';
import type { SessionReport } from '../../cdk/local/sessions.ts';
import { type RunningBindery, type StartOptions, startLocalStack } from '../../cdk/local/start.ts';

export type Order =
  | { kind: 'start'; options: Pick<StartOptions, 'stateDirectory' | 'operator' | 'context'> }
  /** SIGKILL to every task of the binder. */
  | { kind: 'kill_binder' }
  /** A signal to one task of the binder: 0 is the oldest, a number just below 1 the youngest. */
  | { kind: 'signal_task'; signal: NodeJS.Signals; place: number }
  | { kind: 'replace_binder' }
  | { kind: 'report_sessions' }
  /** Takes an action from a role, by its logical id, on the resources whose ARNs are like the pattern, until they are given back. */
  | { kind: 'withdraw'; role: string; action: string; resource?: string }
  | { kind: 'give_back' }
  /** Calls a function, by its name, as its schedule does. */
  | { kind: 'invoke'; program: string }
  | { kind: 'close' };

/** What the parent needs to know of the stack. */
export interface StackReady {
  kind: 'ready';
  apiUrl: string;
  key: string;
  logFolder: string;
  /** For calls of AWS from outside the stack's programs. */
  aws: { url: string; accessKeyId: string; secretAccessKey: string };
  /** Variables of the stack's programs, by name. */
  variables: Record<string, string>;
}

export type Report =
  | StackReady
  | { kind: 'failed'; message: string }
  | { kind: 'bus_event'; event: BusEvent }
  | { kind: 'observed'; text: string }
  | { kind: 'sessions'; sessions: SessionReport[] }
  /** The order to withdraw, give back or invoke is carried out. */
  | { kind: 'obeyed' };

const VARIABLES = ['MESSAGES_TABLE', 'RECEIPTS_TABLE', 'ACCOUNT_SECRETS', 'LANE_QUEUE_URL'];

/** As AWS begins it, up to the end of the sentence. */
const DENIAL = /User: [^"]+ is not authorized to perform: [^"]+/;

let bindery: RunningBindery | undefined;
/** Each gives back what was taken from a role. */
const withdrawn: (() => void)[] = [];

function report(message: Report): void {
  process.send?.(message);
}

/** Only what a test looks at: every line of every program would keep the parent busy. */
function observe(observation: Observation): void {
  switch (observation.kind) {
    case 'bus_event':
      report({ kind: 'bus_event', event: observation.event });
      break;
    case 'task':
      report({ kind: 'observed', text: `task ${observation.task}: ${observation.state} ${observation.reason ?? ''}` });
      break;
    case 'notice':
      report({ kind: 'observed', text: `notice: ${observation.text}` });
      break;
    case 'parked':
      report({ kind: 'observed', text: `parked: ${observation.records} by ${observation.trigger}` });
      break;
    case 'invocation':
      if (observation.outcome === 'failed') report({ kind: 'observed', text: `failed: ${observation.program}` });
      break;
    case 'alarm':
    case 'step':
    case 'line':
    case 'request':
  }
}

function readyReport({ apiUrl, key, logFolder, aws, stack }: RunningBindery): StackReady {
  const accessKey = aws.registerCaller({ program: 'test' });
  const variables = Object.fromEntries(VARIABLES.map((name) => [name, stack.variable(name) ?? '']));
  return { kind: 'ready', apiUrl, key, logFolder, aws: { url: aws.url, ...accessKey }, variables };
}

/** Tells of every call that the policies do not allow. */
function tellDenials(hooks: CallHooks = {}): CallHooks {
  return {
    ...hooks,
    observe: (call, answer, durationMs) => {
      hooks.observe?.(call, answer, durationMs);
      const denial = answer.status < 400 ? undefined : DENIAL.exec(String(answer.body));
      if (denial) report({ kind: 'observed', text: `denied: ${denial[0]}` });
    },
  };
}

async function obey(order: Order, hooks: CallHooks): Promise<void> {
  switch (order.kind) {
    case 'start':
      bindery = await startLocalStack({ ...order.options, hooks, observe });
      report(readyReport(bindery));
      break;
    case 'kill_binder':
      for (const task of bindery?.tasks() ?? []) task.kill('SIGKILL');
      break;
    case 'signal_task': {
      const tasks = bindery?.tasks() ?? [];
      tasks[Math.floor(order.place * tasks.length)]?.kill(order.signal);
      break;
    }
    case 'replace_binder':
      await bindery?.replaceTasks().catch((fault: Error) => {
        report({ kind: 'observed', text: `notice: not replaced: ${fault.message}` });
      });
      break;
    case 'report_sessions':
      report({ kind: 'sessions', sessions: bindery?.sessions() ?? [] });
      break;
    case 'withdraw':
      if (bindery !== undefined)
        withdrawn.push(bindery.aws.policies.withdraw(order.role, order.action, order.resource));
      report({ kind: 'obeyed' });
      break;
    case 'give_back':
      for (const giveBack of withdrawn.splice(0)) giveBack();
      report({ kind: 'obeyed' });
      break;
    case 'invoke':
      await bindery?.stack.functions.find(({ specification }) => specification.name === order.program)?.invoke({});
      report({ kind: 'obeyed' });
      break;
    case 'close':
      await bindery?.close();
      process.exit(0);
  }
}

/**
 * Makes this process the host of a stack that obeys its parent.
 * @param hooks see every call of AWS
 */
export function hostStack(hooks?: CallHooks): void {
  const telling = tellDenials(hooks);
  process.on('message', (order: Order) => {
    obey(order, telling).catch((fault: unknown) => {
      report({ kind: 'failed', message: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    });
  });
  // The parent has ended without saying so. The programs of the stack end with this process.
  process.on('disconnect', () => process.exit(1));
  // Ctrl-C in the demo reaches the whole group; the parent says when to stop.
  process.on('SIGINT', () => undefined);
}
