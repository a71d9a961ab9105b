import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodePdu } from '../binder/smpp/decode.ts';
import { encodePdu } from '../binder/smpp/encode.ts';
import { Framer } from '../binder/smpp/framer.ts';
import type { BindType, Command, Pdu, PduBody, SubmitSm } from '../binder/smpp/pdu.ts';
import { submitBody } from './fixtures/smpp-session.ts';

type PduOf<C extends Command> = Extract<Pdu, { command: C }>;

interface BindOptions {
  bindType?: BindType;
  systemId?: string;
  password?: string;
  interfaceVersion?: number;
}

export const SUBMIT: SubmitSm = {
  ...submitBody,
  command: 'submit_sm',
  source: { ton: 5, npi: 0, address: 'MSG95' },
  destination: { ton: 2, npi: 1, address: '09171234567' },
  shortMessage: Buffer.from('Hello'),
};

/** A client with no will of its own, for tests of a message centre: it sends what it is told to and keeps all that comes. */
export class Esme {
  /** What came and was not yet taken. */
  readonly inbox: Pdu[] = [];
  /** Sizes of the chunks in which TCP gave it. */
  readonly chunkOctets: number[] = [];
  /** What came and does not parse, in words. */
  readonly oddities: string[] = [];
  closed = false;
  readonly #socket: Socket;
  readonly #framer = new Framer({ maxLengthOctets: 100_000 });
  #sequence = 0;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<Esme> {
    const socket = connect(port, '127.0.0.1');
    const esme = new Esme(socket);
    await once(socket, 'connect');
    return esme;
  }

  /** Connects and binds; fails unless the answer is 0. */
  static async bound(port: number, bindType: BindType = 'transceiver'): Promise<Esme> {
    const esme = await Esme.connect(port);
    const { status } = await esme.bind({ bindType });
    if (status !== 0) throw new Error(`bind answered with ${status}`);
    return esme;
  }

  /** Sends a bind and waits for its answer. */
  async bind(options: BindOptions = {}): Promise<Pdu> {
    this.sendBind(options);
    return this.take(`bind_${options.bindType ?? 'transceiver'}_resp`);
  }

  sendBind({ bindType = 'transceiver', systemId, password, interfaceVersion }: BindOptions = {}): number {
    return this.send({
      command: `bind_${bindType}`,
      systemId: systemId ?? 'bindery',
      password: password ?? 'secret12',
      systemType: '',
      interfaceVersion: interfaceVersion ?? 0x34,
      addressTon: 0,
      addressNpi: 0,
      addressRange: '',
    });
  }

  /** Sends a request and returns its sequence number. */
  send(body: PduBody): number {
    this.#sequence += 1;
    this.write(encodePdu({ ...body, status: 0, sequence: this.#sequence }));
    return this.#sequence;
  }

  submit(overrides: Partial<SubmitSm> = {}): number {
    return this.send({ ...SUBMIT, ...overrides });
  }

  async submitted(overrides: Partial<SubmitSm> = {}): Promise<PduOf<'submit_sm_resp'>> {
    this.submit(overrides);
    return this.take('submit_sm_resp');
  }

  answer(body: PduBody, sequence: number, status = 0): void {
    this.write(encodePdu({ ...body, sequence, status }));
  }

  write(octets: Buffer): void {
    this.#socket.write(octets);
  }

  get unsentOctets(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The oldest PDU of a command, waited for if need be. Others stay in the inbox. */
  async take<C extends Command>(command: C, timeoutMs = 2000): Promise<PduOf<C>> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const index = this.inbox.findIndex((pdu) => pdu.command === command);
      if (index !== -1) return this.inbox.splice(index, 1)[0] as PduOf<C>;
      if (this.closed || performance.now() > deadlineMs) {
        throw new Error(`no ${command} ${this.closed ? 'before the connection closed' : `within ${timeoutMs} ms`}`);
      }
      await this.#somethingOr(deadlineMs - performance.now());
    }
  }

  /** Settles when the connection is closed. */
  async gone(timeoutMs = 2000): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!this.closed) {
      if (performance.now() > deadlineMs) throw new Error(`not closed within ${timeoutMs} ms`);
      await this.#somethingOr(deadlineMs - performance.now());
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #somethingOr(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, timeoutMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #read(chunk: Buffer): void {
    this.chunkOctets.push(chunk.length);
    for (const framed of this.#framer.push(chunk)) {
      const decoded = framed.kind === 'frame' ? decodePdu(framed.frame) : framed;
      if (decoded.kind === 'pdu') this.inbox.push(decoded.pdu);
      else if (decoded.kind === 'malformed') this.oddities.push(`malformed ${decoded.command}`);
      else if (decoded.kind === 'bad_length') this.oddities.push(`length ${decoded.length}`);
      else this.oddities.push(`unknown command ${decoded.commandId.toString(16)}`);
    }
    this.#wake();
  }
}
