import { fork } from 'node:child_process';
import { join } from 'node:path';
import { endWithThisProcess, PROGRAM_PATH, readLines, whenClosed } from './child-process.ts';
import { StartError } from './start-error.ts';

const PROGRAM = join(import.meta.dirname, '../../binder/simulator/main.ts');

export interface SimulatedOperatorOptions {
  port: number;
  systemId: string;
  password: string;
  /** submit_sm that it takes in any second. */
  segmentsPerSecond: number;
  /** From a submit to its receipt. */
  receiptDelayMs?: number;
  onLine: (line: string) => void;
}

export interface SimulatedOperator {
  url: string;
  /** Unbinds its peers and ends. */
  close(): Promise<void>;
}

/** Starts the simulated message centre as a program of its own. It ends with this process, however that ends. */
export async function startSimulatedOperator(options: SimulatedOperatorOptions): Promise<SimulatedOperator> {
  const { port, systemId, password, segmentsPerSecond, receiptDelayMs, onLine } = options;
  const args = ['--json', '--port', String(port), '--system-id', systemId, '--password', password];
  args.push('--tps', String(segmentsPerSecond));
  if (receiptDelayMs !== undefined) args.push('--receipt-delay-ms', String(receiptDelayMs));
  const child = fork(PROGRAM, args, {
    env: { PATH: PROGRAM_PATH },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  endWithThisProcess(child);
  const closed = whenClosed(child);
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    readLines(child, (line) => {
      onLine(line);
      said = line;
      const ready = line.startsWith('{"ready":true') ? (JSON.parse(line) as { url: string }) : undefined;
      if (ready !== undefined) resolve(ready.url);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new StartError(`the simulated operator did not start: ${said}`)));
  });
  return {
    url,
    close: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}
