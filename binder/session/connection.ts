import type { Socket } from 'node:net';
import type { CloseReason } from './close-reason.ts';
import { type Endpoint, openSocket } from './endpoint.ts';

/** What a connection tells. `onClosed` comes last and once. */
export interface ConnectionHandlers {
  onConnected(): void;
  onOctets(chunk: Buffer): void;
  /** What was written since the last call has left for the kernel, as far as that takes it. */
  onFlushed(): void;
  onDrained(): void;
  onClosed(reason: CloseReason): void;
}

/** A TCP or TLS connection, with the reason for its end in the words of this project. */
export class Connection {
  readonly #socket: Socket;
  #connected = false;
  #fault: string | undefined;
  readonly #handlers: ConnectionHandlers;
  #turnHasWritten = false;

  constructor(endpoint: Endpoint, handlers: ConnectionHandlers) {
    this.#handlers = handlers;
    this.#socket = openSocket(endpoint, () => {
      this.#connected = true;
      handlers.onConnected();
    });
    this.#socket.on('data', (chunk: Buffer) => handlers.onOctets(chunk));
    this.#socket.on('drain', () => handlers.onDrained());
    this.#socket.on('error', (error) => {
      this.#fault = faultCode(error);
    });
    this.#socket.on('close', () => handlers.onClosed(this.#closeReason()));
  }

  /**
   * False when the socket holds more than it should: write no more until `onDrained`. The first frame of a turn of the
   * event loop leaves at once, all others in one system call at its end: a chunk of answers brings about as many submits.
   */
  write(frame: Buffer): boolean {
    if (!this.#turnHasWritten) {
      this.#turnHasWritten = true;
      process.nextTick(() => this.#endTurn());
    } else if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
    }
    return this.#socket.write(frame);
  }

  #endTurn(): void {
    this.#turnHasWritten = false;
    if (this.#socket.writableCorked > 0) this.#socket.uncork();
    this.#handlers.onFlushed();
  }

  /** Sends what was written, then closes our half. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #closeReason(): CloseReason {
    if (!this.#connected) return { reason: 'connect_failed', detail: this.#fault ?? 'closed' };
    return this.#fault === undefined ? { reason: 'peer_closed' } : { reason: 'connection_lost', detail: this.#fault };
  }
}

/** The system's code of a fault, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
export function faultCode(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'unknown';
}
