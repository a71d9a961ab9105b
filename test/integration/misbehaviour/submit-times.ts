import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll } from 'vitest';
import type { Arrival } from '../../e2e/rate.ts';

/** Node's own: tells of every client socket of this process before it connects. */
const CLIENT_SOCKETS = 'net.client.socket';
/** command_id of submit_sm (SMPP 3.4 section 5.1.2.1). */
const SUBMIT_SM = 0x00000004;

/**
 * When each submit_sm was handed to the kernel, which on the loopback is when the peer has it. The simulated message centre
 * lives in this process too and reads whenever its turn comes; by its clock ten evenly spaced submits can look like eleven in
 * a second. So rates are judged by the moment of the write.
 */
export class SubmitTimes {
  readonly #byPort = new Map<number, Arrival[]>();

  /** One for each test file. */
  constructor() {
    const onSocket = (message: unknown): void => this.#watch((message as { socket: Socket }).socket);
    subscribe(CLIENT_SOCKETS, onSocket);
    afterAll(() => void unsubscribe(CLIENT_SOCKETS, onSocket));
  }

  /** All submits to a port of this machine from now on, on whatever connection, in order; the list grows. */
  to(port: number): readonly Arrival[] {
    const arrivals: Arrival[] = [];
    this.#byPort.set(port, arrivals);
    return arrivals;
  }

  #watch(socket: Socket): void {
    socket.once('connect', () => {
      const arrivals = this.#byPort.get(socket.remotePort ?? 0);
      if (arrivals !== undefined) recordWrites(socket, arrivals);
    });
  }
}

function recordWrites(socket: Socket, arrivals: Arrival[]): void {
  const write: (frame: Buffer) => boolean = socket.write.bind(socket);
  socket.write = (frame: Buffer): boolean => {
    const arrival = { notBeforeMs: performance.now(), notAfterMs: Number.POSITIVE_INFINITY };
    const flowing = write(frame);
    const left = (): void => {
      arrival.notAfterMs = performance.now();
    };
    // What is corked leaves at the end of the turn.
    if (socket.writableCorked > 0) process.nextTick(left);
    else left();
    if (frame.readUInt32BE(4) === SUBMIT_SM) arrivals.push(arrival);
    return flowing;
  };
}
