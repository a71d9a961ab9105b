// `npm run operator`: the simulated message centre as a program of its own.

import type { Display } from './command-line.ts';
import { readCommandLine } from './command-line.ts';
import { eventJson, eventLine } from './event-line.ts';
import type { SimulatorOptions } from './settings.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/** How long peers may take to answer the unbind. */
const GRACE_MS = 1000;
/** A program that runs for days remembers less than a test does. */
const JOURNAL_LIMIT = 1000;

async function main(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  switch (commandLine.kind) {
    case 'help':
      return console.log(commandLine.text);
    case 'wrong':
      return fail([...commandLine.problems, 'See --help.']);
    case 'run':
      return run(commandLine.options, commandLine.display);
  }
}

async function run(options: SimulatorOptions, display: Display): Promise<void> {
  let simulator: Simulator;
  try {
    simulator = await startSimulator({ ...options, journalLimit: JOURNAL_LIMIT });
  } catch (error) {
    return fail([cannotListen(error, options)]);
  }
  console.log(display.json ? JSON.stringify({ ready: true, url: simulator.url }) : greeting(simulator.url, options));
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  simulator.onEvent((event) =>
    console.log(display.json ? eventJson(event, display) : eventLine(event, { ...display, colour, now: Date.now })),
  );
  closeOnRequest(simulator, display);
}

/** On Ctrl-C, on SIGTERM, and when the parent that forked this program is gone. A second Ctrl-C ends at once. */
function closeOnRequest(simulator: Simulator, display: Display): void {
  let closing = false;
  const close = (): void => {
    if (closing) process.exit(130);
    closing = true;
    if (!display.json) console.log('\nUnbinding and closing.');
    void simulator.close({ graceMs: GRACE_MS }).then(() => process.exit(0));
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
  process.on('disconnect', close);
}

function greeting(url: string, { systems }: SimulatorOptions): string {
  const system = systems?.[0];
  return [
    `Simulated message centre at ${url}`,
    `Bind as ${system?.systemId} (transmitter, receiver or transceiver); ${system?.submitsPerSecond} submits in any second.`,
    'The last four digits of a number decide what becomes of its message: see --help. Ctrl-C ends.',
  ].join('\n');
}

function cannotListen(error: unknown, { host, port }: SimulatorOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${host} is in use. Choose another with --port, or any free one with --port 0.`;
  if (code === 'EACCES') return `Port ${port} needs more rights than this user has. Choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine. Give one with --host.`;
  throw error;
}

function fail(lines: readonly string[]): void {
  for (const line of lines) console.error(line);
  process.exitCode = 1;
}

await main();
