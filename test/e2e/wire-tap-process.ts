// Stands between a binder and the simulated operator, passes everything on, and notes when each submit_sm came. A process
// that does nothing else: the simulated operator shares its own with a test, whose pauses of tens of milliseconds on a busy
// machine would make ten evenly spaced submits look like eleven in a second.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { ArrivalClock } from './arrival-clock.ts';
import type { Arrival } from './rate.ts';
import { SubmitCounter } from './submit-counter.ts';

export type TapReport = { kind: 'listening'; port: number } | { kind: 'arrivals'; arrivals: Arrival[] };

const clock = new ArrivalClock();
const arrivals: Arrival[] = [];
const [host = '', port = ''] = process.argv.slice(2);

/** Passes on the two ways in which a connection ends. */
function endLike(source: Socket, other: Socket): void {
  source.on('end', () => other.end());
  source.on('error', () => other.resetAndDestroy());
  source.on('close', () => other.destroySoon());
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (esme) => {
  const operator = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  const counter = new SubmitCounter();
  esme.on('data', (chunk: Buffer) => {
    const arrival = clock.now();
    for (let submits = counter.push(chunk); submits > 0; submits -= 1) arrivals.push(arrival);
    operator.write(chunk);
  });
  operator.on('data', (chunk: Buffer) => esme.write(chunk));
  endLike(esme, operator);
  endLike(operator, esme);
});

function report(message: TapReport): void {
  process.send?.(message);
}

server.listen(0, '127.0.0.1', () => report({ kind: 'listening', port: (server.address() as AddressInfo).port }));
process.on('message', () => report({ kind: 'arrivals', arrivals }));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in the demo reaches the whole group; the parent says when to stop.
process.on('SIGINT', () => undefined);
