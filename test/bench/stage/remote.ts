import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a program of a bench can be asked for, by name. */
export type Requests = Record<string, (argument: never) => unknown>;

interface Call {
  id: number;
  name: string;
  argument: unknown;
}

type Answer = { id: number; value: unknown } | { id: number; fault: string };

/** Makes this process answer its parent, and end with it. */
export function serve(requests: Requests): void {
  const answer = async ({ id, name, argument }: Call): Promise<Answer> => {
    try {
      return { id, value: await requests[name]?.(argument as never) };
    } catch (fault) {
      return { id, fault: (fault as Error).stack ?? String(fault) };
    }
  };
  process.on('message', (call: Call) => void answer(call).then((found) => process.send?.(found)));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent says when to stop.
  process.on('SIGINT', () => undefined);
}

/** A program of a bench in a process of its own: whoever measures must not share a processor's time with what is measured. */
export class Remote<Api extends Requests> {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (answer: Answer) => void>();
  #calls = 0;
  /** Why nothing is answered any more. */
  #ended: string | undefined;

  /** @param program file name in programs/; it calls `serve` */
  constructor(program: string) {
    this.#child = fork(join(import.meta.dirname, '../programs', program), [], {
      execArgv: [],
      serialization: 'advanced',
    });
    this.#child.on('message', (answer: Answer) => this.#take(answer));
    // A call that cannot be sent any more has its answer by 'exit'.
    this.#child.on('error', () => undefined);
    this.#child.once('exit', (code, signal) => {
      const fault = `${program} ended: ${signal ?? code}`;
      this.#ended = fault;
      for (const id of this.#open.keys()) this.#take({ id, fault });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async call<Name extends keyof Api & string>(
    name: Name,
    ...[argument]: Parameters<Api[Name]>
  ): Promise<Awaited<ReturnType<Api[Name]>>> {
    if (this.#ended !== undefined) throw new Error(this.#ended);
    this.#calls += 1;
    const call: Call = { id: this.#calls, name, argument };
    const answer = await new Promise<Answer>((resolve) => {
      this.#open.set(call.id, resolve);
      this.#child.send(call);
    });
    if ('fault' in answer) throw new Error(answer.fault);
    return answer.value as Awaited<ReturnType<Api[Name]>>;
  }

  /** Ends it by a signal, and resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #take(answer: Answer): void {
    this.#open.get(answer.id)?.(answer);
    this.#open.delete(answer.id);
  }
}
