import type { Observation } from './observation.ts';
import type { RunningBindery } from './start.ts';

/** `  ✓ deployed the stack          0.1 s` */
export function stepLine({ name, durationMs }: Extract<Observation, { kind: 'step' }>): string {
  return `  ✓ ${name.padEnd(34)}${(durationMs / 1000).toFixed(1).padStart(5)} s`;
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
