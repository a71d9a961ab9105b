// `npm start`: the synthesized stack on this machine.
import { relative } from 'node:path';
import type { CallHooks } from './aws/api.ts';
import { greeting, plainLine } from './greeting.ts';
import type { Observation } from './observation.ts';
import { type Options, readCommandLine } from './options.ts';
import { type RunningBindery, startLocalStack } from './start.ts';
import { LiveModel } from './view/live-model.ts';
import { LiveView } from './view/live-view.ts';

const KNOWN_FAULTS: ReadonlySet<string> = new Set([
  'start_failed',
  'deploy_failed',
  'assembly_unusable',
  'template_unsupported',
]);

/** Exit status of a program that Ctrl-C ended at once. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2), process.env);
  switch (commandLine.kind) {
    case 'help':
      console.log(commandLine.text);
      return;
    case 'wrong':
      for (const problem of commandLine.problems) console.error(problem);
      process.exitCode = 1;
      return;
    case 'run':
      await new Program(commandLine.options).run();
      return;
    default:
      commandLine satisfies never;
  }
}

/** One run of `npm start`, from the first line to the last. */
class Program {
  readonly #options: Options;
  /** Gathers what the view shows; absent without a terminal to show it on. */
  readonly #live: LiveModel | undefined;
  #running: RunningBindery | undefined;
  #view: LiveView | undefined;
  #stopping = false;

  constructor(options: Options) {
    this.#options = options;
    if (process.stdout.isTTY && !options.json) this.#live = new LiveModel();
  }

  async run(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.#stop());
    const { json, ...options } = this.#options;
    const hooks: CallHooks = this.#live === undefined ? {} : { observe: this.#live.observeCall };
    const startedAtMs = performance.now();
    const running = await startLocalStack({ ...options, hooks, observe: this.#observe });
    this.#running = running;
    if (this.#stopping) return await this.#drain(running);
    if (json) {
      const { apiUrl: api, key, operatorUrl: smsc } = running;
      console.log(JSON.stringify({ ready: true, api, key, smsc }));
      return;
    }
    console.log(
      greeting(running, { logFolder: this.#logFolder(running), startedInMs: performance.now() - startedAtMs }),
    );
    if (this.#live !== undefined) this.#openView(running, this.#live);
  }

  readonly #observe = (observation: Observation): void => {
    this.#live?.observe(observation);
    if (this.#options.json) {
      // Standard output is for the one line; what a person should know goes beside it.
      if (observation.kind === 'notice') console.error(observation.text);
      return;
    }
    if (this.#view !== undefined) return;
    const line = plainLine(observation);
    if (line !== undefined) console.log(line);
  };

  #logFolder({ logFolder }: RunningBindery): string {
    const near = relative(process.cwd(), logFolder);
    return near.startsWith('..') ? logFolder : near;
  }

  #openView(running: RunningBindery, live: LiveModel): void {
    const colour = process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '';
    this.#view = new LiveView({
      live,
      running: { ...running, logFolder: this.#logFolder(running) },
      colour,
    });
    this.#view.start();
  }

  /** The first request drains; a second ends everything at once. */
  async #stop(): Promise<void> {
    if (this.#stopping) {
      this.#view?.end();
      // The programs of the stack end with this process.
      process.exit(INTERRUPTED);
    }
    this.#stopping = true;
    if (this.#live !== undefined) this.#live.draining = true;
    // While it still starts, `run` comes back here when the stack stands.
    if (this.#running !== undefined) await this.#drain(this.#running);
    else if (!this.#options.json) console.log('  Stopping as soon as the stack stands. Ctrl-C again stops at once.');
  }

  async #drain(running: RunningBindery): Promise<void> {
    if (!this.#options.json && this.#view === undefined)
      console.log('Draining and unbinding. Ctrl-C again stops at once.');
    const startedAtMs = performance.now();
    await running.close();
    this.#view?.end();
    if (!this.#options.json)
      console.log(`Stopped after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s. State is kept.`);
    process.exit(0);
  }
}

try {
  await main();
} catch (fault) {
  // What is known to go wrong says all in its message; anything else is a fault of ours and shows where it happened.
  const { code, message } = fault as { code?: unknown; message?: unknown };
  console.error(KNOWN_FAULTS.has(String(code)) ? message : fault);
  process.exit(1);
}
