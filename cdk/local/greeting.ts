import type { Observation } from './observation.ts';
import { describeReason, readSessionLine } from './sessions.ts';
import type { RunningBindery } from './start.ts';

/** What a terminal without a view, or a file, is told while the stack starts and runs; undefined for what is not worth a line. */
export function plainLine(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'step':
      return `  ✓ ${observation.name.padEnd(34)}${(observation.durationMs / 1000).toFixed(1).padStart(5)} s`;
    case 'notice':
      return `  ! ${observation.text}`;
    case 'parked':
      return `  ! ${observation.trigger} gave up ${observation.records} records: ${observation.condition}`;
    case 'task':
      return `  · ${observation.task} ${observation.state}${observation.reason === undefined ? '' : `: ${observation.reason}`}`;
    case 'alarm': {
      const raised = observation.state === 'ALARM';
      return `  ${raised ? '!' : '·'} alarm ${observation.name} ${raised ? 'is raised' : 'is over'}`;
    }
    case 'line': {
      const session = readSessionLine(observation.line);
      if (session?.state === 'bound') return `  · ${session.account} is bound`;
      return session?.state === 'waiting'
        ? `  · ${session.account} is not bound: ${describeReason(session)}`
        : undefined;
    }
    case 'bus_event':
    case 'invocation':
    case 'request':
      return undefined;
    default:
      return observation satisfies never;
  }
}

/** What stands in the terminal when everything runs: where the API is, a key, and a line to paste. */
export function greeting(
  { apiUrl, key, operatorUrl, simulated }: RunningBindery,
  { logFolder, startedInMs }: { logFolder: string; startedInMs: number },
): string {
  return [
    '',
    `Bindery runs on this machine (ready after ${(startedInMs / 1000).toFixed(1)} s).`,
    '',
    `  API       ${apiUrl}`,
    `  Docs      ${apiUrl}/docs`,
    `  Key       ${key}`,
    `  Operator  ${simulated ? `simulated, ${operatorUrl}` : operatorUrl}`,
    `  Logs      ${logFolder}`,
    '',
    'Send a message:',
    '',
    `curl -sS ${apiUrl}/v1/messages \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"to":"+639171234567","from":"BINDERY","text":"Hello from Bindery"}'`,
    '',
    'Ctrl-C drains and unbinds; a second Ctrl-C stops at once.',
    '',
  ].join('\n');
}
