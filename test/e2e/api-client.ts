import { type ApiMessage, messageSchema } from '../../shared/contracts/message.ts';
import { type Problem, problemSchema } from '../../shared/contracts/problem.ts';

/** What a customer's program would send. */
export interface OutgoingMessage {
  to: string;
  from: string;
  text: string;
  lane?: string;
  client_ref?: string;
}

export type SendAnswer =
  | { kind: 'accepted'; message: ApiMessage }
  | { kind: 'refused'; status: number; problem: Problem };

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

/** The API as a customer's program uses it: over HTTP, with a key. Every answer is checked against its contract. */
export class ApiClient {
  readonly #api: string;
  readonly #key: string;

  constructor({ api, key }: { api: string; key: string }) {
    this.#api = api;
    this.#key = key;
  }

  async send(message: OutgoingMessage): Promise<SendAnswer> {
    const { to, from, text, lane, client_ref } = message;
    const answer = await this.post('/v1/messages', JSON.stringify({ to, from, text, lane, client_ref }));
    if (answer.status === 202) return { kind: 'accepted', message: messageSchema.parse(answer.body) };
    return { kind: 'refused', status: answer.status, problem: problemSchema.parse(answer.body) };
  }

  async message(id: string): Promise<ApiMessage> {
    const answer = await this.request(`/v1/messages/${id}`, {});
    if (answer.status !== 200) throw new Error(`GET ${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return messageSchema.parse(answer.body);
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
    const response = await fetch(new URL(path, this.#api), {
      ...options,
      headers: { authorization: `Bearer ${this.#key}`, ...options.headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
