import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BusEvent, Buses } from './api.ts';
import { AppendLog } from './append-log.ts';
import { ACCOUNT_ID, busArn, REGION } from './arn.ts';
import { type AwsAnswer, type AwsCall, AwsError, type AwsService } from './call.ts';

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 256 * 1024;

type Listener = (event: BusEvent) => void | Promise<void>;
type Refusal = { ErrorCode: string; ErrorMessage: string };
type Judged = { kind: 'event'; bus: string; event: BusEvent } | { kind: 'refused'; refusal: Refusal };

/** Event buses: PutEvents, listeners, and `events.jsonl`, one line `{"bus":…,"event":…}` for each event that a bus took. */
export class EventBridge implements AwsService, Buses {
  readonly #listeners = new Map<string, Set<Listener>>([['default', new Set()]]);
  readonly #log: (line: string) => void;
  readonly #now: () => number;
  readonly #taken: AppendLog;

  constructor(options: { stateDirectory: string; now: () => number; log: (line: string) => void }) {
    this.#log = options.log;
    this.#now = options.now;
    this.#taken = new AppendLog(join(options.stateDirectory, 'events.jsonl'));
  }

  createBus(name: string): { arn: string } {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    return { arn: busArn(name) };
  }

  subscribe(busName: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(busName);
    if (!listeners) throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async handle(call: AwsCall): Promise<AwsAnswer> {
    if (call.action !== 'PutEvents')
      throw new AwsError('UnknownOperationException', `events:${call.action} is not here`);
    const entries = call.input.Entries;
    if (!Array.isArray(entries) || entries.length === 0 || entries.length > MAX_ENTRIES) {
      throw new AwsError('ValidationException', `Entries must hold 1 to ${MAX_ENTRIES} entries`);
    }
    if (call.body.length > MAX_REQUEST_BYTES) {
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    }
    const judged = entries.map((entry: Record<string, unknown>) => this.#judge(entry));
    this.#take(judged);
    const results = judged.map((entry) => (entry.kind === 'event' ? { EventId: entry.event.id } : entry.refusal));
    const failed = judged.filter((entry) => entry.kind === 'refused').length;
    return { status: 200, body: JSON.stringify({ FailedEntryCount: failed, Entries: results }) };
  }

  async close(): Promise<void> {
    this.#taken.close();
  }

  #judge(entry: Record<string, unknown>): Judged {
    const { Source: source, DetailType: detailType, Detail: detail } = entry;
    if (typeof source !== 'string' || source === '') return required('Source');
    if (typeof detailType !== 'string' || detailType === '') return required('DetailType');
    if (typeof detail !== 'string') return required('Detail');
    if (source.startsWith('aws.')) return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
    const parsed = parseObject(detail);
    if (parsed === undefined) return refused('MalformedDetail', 'Detail is malformed.');
    const bus = nameOf(entry.EventBusName);
    if (!this.#listeners.has(bus)) return refused('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    const at = typeof entry.Time === 'number' ? entry.Time * 1000 : this.#now();
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: ACCOUNT_ID,
      time: `${new Date(at).toISOString().slice(0, 19)}Z`,
      region: REGION,
      resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
      detail: parsed,
    };
    return { kind: 'event', bus, event };
  }

  #take(judged: Judged[]): void {
    const taken = judged.filter((entry) => entry.kind === 'event');
    this.#taken.append(taken.map(({ bus, event }) => JSON.stringify({ bus, event })));
    // As on AWS the putter does not wait for those who listen.
    setImmediate(() => {
      for (const { bus, event } of taken) {
        for (const listener of this.#listeners.get(bus) ?? []) void this.#tell(listener, event);
      }
    });
  }

  async #tell(listener: Listener, event: BusEvent): Promise<void> {
    try {
      await listener(event);
    } catch (cause) {
      this.#log(`A listener failed on event ${event.id} (${event['detail-type']}): ${String(cause)}`);
    }
  }
}

const refused = (code: string, message: string): Judged => ({
  kind: 'refused',
  refusal: { ErrorCode: code, ErrorMessage: message },
});
const required = (name: string): Judged =>
  refused('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);

/** A bus is named by its name or its ARN; without a name it is the default one. */
function nameOf(bus: unknown): string {
  return typeof bus === 'string' && bus !== '' ? bus.slice(bus.lastIndexOf('/') + 1) : 'default';
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
