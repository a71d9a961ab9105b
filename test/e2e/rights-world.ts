import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { loadAssembly } from '../../cdk/local/assembly.ts';
import { ApiClient, type HttpAnswer } from './api-client.ts';
import type { FixtureOperator } from './fixture-operator.ts';
import type { RunningStack } from './running-stack.ts';
import { until } from './until.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

const TIMEOUT_MS = 20_000;
const LAST_STATUS = 'delivered';
const STORY = ['message.delivered', 'message.queued', 'message.sent'];

/** Logical ids of the roles of an assembly, by their place in the stack. */
export function rolesOf(assemblyFolder: string): Map<string, string> {
  const { template, paths } = loadAssembly(assemblyFolder);
  const ids = Object.keys(template.Resources).filter((id) => template.Resources[id]?.Type === 'AWS::IAM::Role');
  return new Map(ids.map((id) => [(paths.get(id) ?? id).replace(/\/Resource$/, ''), id]));
}

/** The denial of an action to a role, as AWS words it: SQS writes its actions small. */
export function denial(roleId: string, action: string): RegExp {
  const written = action.startsWith('sqs:') ? action.toLowerCase() : action;
  return new RegExp(
    `User: arn:aws:sts::\\d{12}:assumed-role/${roleId}/\\S+ is not authorized to perform: ${written} on resource: \\S+ ` +
      `because no identity-based policy allows the ${written} action`,
  );
}

/** A running stack from which rights are withdrawn, one after the other, and what is done with it meanwhile. */
export class RightsWorld {
  readonly stack: RunningStack;
  readonly operator: FixtureOperator;
  /** Messages that were accepted, by the number that each went to. */
  readonly accepted = new Map<string, string>();
  readonly #receiver: WebhookReceiver;
  readonly #roles: Map<string, string>;
  #denial = /^$/;
  /** What was observed before the right was withdrawn. */
  #before = 0;
  #numbers = 0;

  constructor(parts: {
    stack: RunningStack;
    operator: FixtureOperator;
    receiver: WebhookReceiver;
    assemblyFolder: string;
  }) {
    this.stack = parts.stack;
    this.operator = parts.operator;
    this.#receiver = parts.receiver;
    this.#roles = rolesOf(parts.assemblyFolder);
  }

  /** Whose denial `untilDenied` waits for. */
  expectDenial(role: string, action: string): void {
    this.#denial = denial(this.#roles.get(role) ?? '', action);
    this.#before = this.stack.observed.length;
  }

  async withdraw(role: string, action: string, resource?: string): Promise<void> {
    await this.stack.withdraw(this.#roles.get(role) ?? '', action, resource);
  }

  /** Waits until the stack has refused a call for want of the right, by the name of the role. */
  async untilDenied(): Promise<void> {
    await until(`${this.#denial}`, TIMEOUT_MS, () =>
      this.stack.observed.slice(this.#before).some((text) => this.#denial.test(text)),
    );
  }

  /** Waits until the program's own log says so, too. */
  async untilLogged(program: string): Promise<void> {
    const path = join(this.stack.logFolder, `${program}.log`);
    await until(`${this.#denial} in ${path}`, TIMEOUT_MS, () => this.#denial.test(readFileSync(path, 'utf8')));
  }

  /** A message to a number that no other has. */
  message(): { to: string; from: string; text: string; lane: 'transactional' } {
    this.#numbers += 1;
    return { to: `+63917555${1000 + this.#numbers}`, from: 'Bindery', text: 'Hello', lane: 'transactional' };
  }

  /** A batch of one message. */
  batch() {
    const { to, lane, from, text } = this.message();
    return { lane, defaults: { from, text }, items: [{ to }] };
  }

  /** @returns its id */
  async send(): Promise<string> {
    const message = this.message();
    const { id } = (await this.stack.client.bindery.sendMessage(message)) as { id: string };
    this.accepted.set(message.to, id);
    return id;
  }

  /** @returns its id */
  async sendBatch(): Promise<string> {
    return (await this.stack.client.bindery.createBatch(this.batch())).id;
  }

  async statusOf(id: string): Promise<string> {
    return (await this.stack.messages.get(id))?.status ?? 'missing';
  }

  async statusesOf(batch: string): Promise<string[]> {
    const { data } = await this.stack.client.bindery.listMessages({ batch });
    return data.map(({ status }) => status);
  }

  async untilStatus(id: string, status: string): Promise<void> {
    await until(`${id} to be ${status}`, TIMEOUT_MS, async () => (await this.statusOf(id)) === status);
  }

  async untilDelivered(id: string): Promise<void> {
    await this.untilStatus(id, LAST_STATUS);
  }

  async untilBatchDelivered(batch: string): Promise<void> {
    const all = async () => (await this.statusesOf(batch)).every((status) => status === LAST_STATUS);
    await until(`${batch} to be delivered`, TIMEOUT_MS, all);
  }

  /** Types of the events that the customer's program has heard of a message. */
  toldByWebhook(id: string): string[] {
    const events = this.#receiver.deliveries.map(
      ({ body }) => JSON.parse(body) as { type: string; data: { message_id?: string } },
    );
    return [...new Set(events.filter(({ data }) => data.message_id === id).map(({ type }) => type))].sort();
  }

  /** Waits until all that became of a message was told, on the bus and to the webhook. */
  async untilTold(id: string): Promise<void> {
    const complete = (types: readonly string[]) => STORY.every((type) => types.includes(type));
    const onBus = () => this.stack.bus.of(id).map(({ type }) => type);
    await until(`the events of ${id}`, TIMEOUT_MS, () => complete(onBus()) && complete(this.toldByWebhook(id)));
  }

  /** Lets the two minutes pass after which the sweep looks at a message. */
  async makeDue(messageId: string): Promise<void> {
    await new DynamoDBClient(this.stack.aws).send(
      new UpdateItemCommand({
        TableName: this.stack.variable('MESSAGES_TABLE'),
        Key: { messageId: { S: messageId } },
        UpdateExpression: 'SET dueAt = :now',
        ExpressionAttributeValues: { ':now': { N: String(Date.now()) } },
      }),
    );
  }

  async post(path: string, body: object, key = this.stack.key): Promise<HttpAnswer> {
    return await new ApiClient({ api: this.stack.api, key }).post(path, JSON.stringify(body));
  }

  async get(path: string): Promise<HttpAnswer> {
    return await this.stack.client.request(path, {});
  }
}
