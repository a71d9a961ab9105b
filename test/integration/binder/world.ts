import {
  type Message as QueueMessage,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll } from 'vitest';
import type * as z from 'zod';
import { CarrierAccount } from '../../../binder/carrier-account.ts';
import { HeartbeatStore } from '../../../binder/lease/heartbeat-store.ts';
import { LeaseStore } from '../../../binder/lease/lease-store.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { BinderContext } from '../../../binder/term.ts';
import { type Account, accountSchema, LANES, type Lane } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { deadLetterUrl, LaneQueues } from '../../../shared/queue/lanes.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { ArrivalClock } from '../../e2e/arrival-clock.ts';
import type { Arrival } from '../../e2e/rate.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { startDatabase, type TestDatabase } from '../functions/database.ts';

export const REGION = 'ap-southeast-1';
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const arrivalClock = new ArrivalClock();
export const SECRET = { system_id: 'bindery', password: 'secret12' };

/** Tables and queues in memory, shared by the tests of a file; each test has an account and a message centre of its own. */
export class World {
  readonly #database: TestDatabase;
  readonly #queues: Awaited<ReturnType<typeof startFauxqs>>;
  readonly #sqs: SQSClient;
  readonly messages: MessageStore;
  readonly leases: LeaseStore;
  readonly heartbeats: HeartbeatStore;
  readonly queueUrlPattern: string;
  #accounts = 0;

  private constructor(database: TestDatabase, queues: Awaited<ReturnType<typeof startFauxqs>>) {
    this.#database = database;
    this.#queues = queues;
    this.#sqs = new SQSClient({ endpoint: queues.address, region: REGION, credentials: CREDENTIALS });
    this.messages = new MessageStore(database.document, 'Messages');
    this.leases = new LeaseStore(database.document, 'Control');
    this.heartbeats = new HeartbeatStore(database.document, 'Control');
    // Its own URLs name a host that only some resolvers know; it goes by the path.
    this.queueUrlPattern = `${queues.address}/000000000000/{account}-{lane}`;
  }

  static async start(): Promise<World> {
    const database = await startDatabase();
    const queues = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false, defaultRegion: REGION });
    const world = new World(database, queues);
    afterAll(async () => {
      world.#sqs.destroy();
      await queues.stop();
    });
    return world;
  }

  get dynamodbEndpoint(): string {
    return this.#database.endpoint;
  }

  get sqsEndpoint(): string {
    return this.#queues.address;
  }

  /** An account with its queues and a message centre that answers at once. */
  async office(
    options: Parameters<typeof startSimulator>[0] = {},
    account: Partial<z.input<typeof accountSchema>> = {},
  ): Promise<Office> {
    this.#accounts += 1;
    const name = `account-${this.#accounts}`;
    for (const lane of LANES) {
      this.#queues.createQueue(`${name}-${lane}`, { region: REGION });
      this.#queues.createQueue(`${name}-${lane}-dlq`, { region: REGION });
    }
    // It takes whatever comes: a test process that had to wait for a processor must not look like a binder over its rate.
    const systems = [{ systemId: SECRET.system_id, password: SECRET.password, submitsPerSecond: 1_000 }];
    const simulator = await startSimulator({ systems, receiptDelayMs: 50, ...options });
    return new Office(this, accountSchema.parse({ ...accountInput, ...account, name, url: simulator.url }), simulator);
  }

  /** Bodies in the lanes of an account, hidden ones included. */
  waiting(account: string): number {
    const queues = LANES.map((lane) => this.#queues.inspectQueue(`${account}-${lane}`)?.messages);
    return queues.reduce((sum, messages) => sum + (messages ? messages.ready.length + messages.inflight.length : 0), 0);
  }

  async rows(account: string): Promise<Record<string, unknown>[]> {
    return (await this.#database.items('Receipts')).filter((row) => row['account'] === account);
  }

  async enqueue(message: Message): Promise<void> {
    await this.messages.create(message);
    await new LaneQueues(this.#sqs, this.queueUrlPattern).send(message);
  }

  queueUrl(account: string, lane: Lane): string {
    return this.queueUrlPattern.replace('{account}', account).replace('{lane}', lane);
  }

  /** Puts anything at all into a lane. */
  async sendRaw(account: string, lane: Lane, body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl(account, lane), MessageBody: body }));
  }

  /** What comes to a lane's dead-letter queue within some seconds. */
  async deadLetters(account: string, lane: Lane): Promise<QueueMessage[]> {
    const QueueUrl = deadLetterUrl(this.queueUrl(account, lane));
    const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(receive));
    return Messages;
  }

  /** What the accounts of a binder share. */
  context(different: Partial<BinderContext> = {}): BinderContext {
    return {
      messages: this.messages,
      receipts: new ReceiptStore(this.#database.document, 'Receipts'),
      histories: new HistoryStore(this.#database.document, 'Control'),
      optOuts: new OptOutStore(this.#database.document, 'Control'),
      sqs: this.#sqs,
      queueUrl: (of, lane) => this.queueUrl(of, lane),
      credentials: async () => await Promise.resolve(SECRET),
      clock: systemClock,
      wallClock: Date.now,
      random: Math.random,
      log: quietLog(),
      ...different,
    };
  }

  /** A binder in this process, for one account. */
  binder(account: Account, owner: string, different: Partial<BinderContext> = {}): CarrierAccount {
    return new CarrierAccount(account, owner, this.leases, this.context(different));
  }
}

/** One account, its message centre, and whoever works for it. */
export class Office {
  readonly #world: World;
  readonly account: Account;
  readonly simulator: Simulator;
  /** When each submit came, as exactly as that is known. */
  readonly arrivals: Arrival[] = [];
  #messages = 0;

  constructor(world: World, account: Account, simulator: Simulator) {
    this.#world = world;
    this.account = account;
    this.simulator = simulator;
    simulator.behave({
      received: (_link, pdu, next) => {
        if (pdu.command === 'submit_sm') this.arrivals.push(arrivalClock.now());
        next(pdu);
      },
    });
  }

  start(owner: string, different: Partial<BinderContext> = {}): CarrierAccount {
    const binder = this.#world.binder(this.account, owner, different);
    binder.start();
    return binder;
  }

  /** Stores a message and puts it into its lane. */
  async send(lane: Lane, text: string): Promise<string> {
    this.#messages += 1;
    const segmented = segmentText({ text, encoding: 'auto' });
    if (segmented.kind !== 'ok') throw new Error('a text that cannot be sent');
    const now = Date.now();
    const message = queuedMessage({
      messageId: `msg_${this.account.name}-${this.#messages}`,
      account: this.account.name,
      lane,
      text,
      encoding: segmented.encoding,
      segmentCount: segmented.segments.length,
      createdAt: now,
      expiresAt: now + 3_600_000,
    });
    await this.#world.enqueue(message);
    return message.messageId;
  }

  async sendMany(lane: Lane, count: number): Promise<string[]> {
    return await Promise.all(Array.from({ length: count }, (_, i) => this.send(lane, `${lane} ${i}`)));
  }

  async bound(): Promise<void> {
    await this.simulator.until(() => this.simulator.links.some(({ systemId }) => systemId !== undefined), 30_000);
  }

  async statusesOf(messageIds: string[]): Promise<(string | undefined)[]> {
    const messages = await Promise.all(messageIds.map((id) => this.#world.messages.get(id)));
    return messages.map((message) => message?.status);
  }

  /** Submits that were accepted, by message: a segment that came twice counts twice. */
  get acceptedTexts(): string[] {
    return this.simulator.submits.filter(({ accepted }) => accepted).map(({ text }) => text);
  }

  async untilSubmitted(count: number, timeoutMs = 30_000): Promise<void> {
    await this.simulator.until(() => this.simulator.submits.length >= count, timeoutMs);
  }
}
