import type { Socket } from 'node:net';
import type { CloseReason } from './close-reason.ts';
import { type Endpoint, openSocket } from './endpoint.ts';

/** What a connection tells. `onClosed` comes last and once. */
export interface ConnectionHandlers {
  onConnected(): void;
  onOctets(chunk: Buffer): void;
  onDrained(): void;
  onClosed(reason: CloseReason): void;
}

/** A TCP or TLS connection, with the reason for its end in the words of this project. */
export class Connection {
  readonly #socket: Socket;
  #connected = false;
  #fault: string | undefined;

  constructor(endpoint: Endpoint, handlers: ConnectionHandlers) {
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

  /** False when the socket holds more than it should: write no more until `onDrained`. */
  write(frame: Buffer): boolean {
    return this.#socket.write(frame);
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
