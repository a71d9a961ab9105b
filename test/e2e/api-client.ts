import {
  Bindery,
  BinderyError,
  type Message,
  type Problem,
  type SendMessageRequest,
} from '../../docs/client/bindery.ts';
import { documentedFetch } from './documented-fetch.ts';

/** What a customer's program would send. */
export type OutgoingMessage = Pick<SendMessageRequest, 'to' | 'from' | 'text' | 'lane' | 'client_ref'>;

export type SendAnswer = { kind: 'accepted'; message: Message } | { kind: 'refused'; status: number; problem: Problem };

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
}

interface RequestOptions {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** The API as a customer's program uses it: over HTTP, with a key. Every answer must be as the OpenAPI document says. */
export class ApiClient {
  readonly #api: string;
  readonly #key: string;
  readonly #documented = documentedFetch();
  /** What is sent here is sent once, as it is: no second try, and no header that nobody asked for. */
  readonly bindery: Bindery;

  constructor({ api, key }: { api: string; key: string }) {
    this.#api = api;
    this.#key = key;
    this.bindery = new Bindery({ url: api, key, mostRetries: 0, idempotent: false, fetch: this.#documented.fetch });
  }

  async send({ to, from, text, lane, client_ref }: OutgoingMessage): Promise<SendAnswer> {
    try {
      const message = await this.bindery.sendMessage({ to, from, text, lane, client_ref });
      return { kind: 'accepted', message };
    } catch (error) {
      if (!(error instanceof BinderyError) || error.problem === undefined) throw error;
      return { kind: 'refused', status: error.status, problem: error.problem };
    } finally {
      this.#complain();
    }
  }

  async message(id: string): Promise<Message> {
    const message = await this.bindery.getMessage(id);
    this.#complain();
    return message;
  }

  /** @param body as it goes over the wire, JSON or not */
  async post(path: string, body: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return await this.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async request(path: string, options: RequestOptions): Promise<HttpAnswer> {
    const response = await this.#documented.fetch(new URL(path, this.#api), {
      ...options,
      headers: { authorization: `Bearer ${this.#key}`, ...options.headers },
    });
    const text = await response.text();
    this.#complain();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }

  /** @throws where an answer was not as documented */
  #complain(): void {
    const faults = this.#documented.faults();
    if (faults.length > 0) throw new Error(`not as documented:\n${faults.join('\n')}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
