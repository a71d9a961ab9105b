import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { putAgain, takeLetters } from '../../../cli/dead-letters/letters.ts';
import { laneBody } from '../../../shared/queue/lanes.ts';

interface Entry {
  Id: string;
  ReceiptHandle: string;
  MessageBody: string;
  MessageGroupId?: string;
}
interface Input {
  MaxNumberOfMessages: number;
  VisibilityTimeout: number;
  Entries: Entry[];
}

/** Two queues and a clock: a call takes a quarter of a second. */
class TwoQueues {
  /** Seconds. */
  now = 0;
  readonly dead: { body: string; hiddenUntil: number }[];
  readonly source: string[] = [];
  /** By body. */
  readonly groups = new Map<string, string>();
  /** Bodies that the source does not take. */
  refused = new Set<string>();
  canDelete = true;

  constructor(letters: number) {
    const id = (index: number) => `msg_${String(index).padStart(26, '0')}`;
    this.dead = Array.from({ length: letters }, (_, index) => ({ body: laneBody(id(index)), hiddenUntil: 0 }));
  }

  get client(): Pick<SQSClient, 'send'> {
    const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: Input }) => {
      this.now += 0.25;
      return await Promise.resolve(this.#answer(name, input));
    };
    return { send };
  }

  #answer(name: string, { MaxNumberOfMessages: most, VisibilityTimeout: hidden, Entries }: Input): object {
    switch (name) {
      case 'ReceiveMessageCommand': {
        const seen = this.dead.filter(({ hiddenUntil }) => hiddenUntil <= this.now).slice(0, most);
        for (const letter of seen) letter.hiddenUntil = this.now + hidden;
        return { Messages: seen.map(({ body }) => this.#message(body)) };
      }
      case 'SendMessageBatchCommand': {
        const taken = Entries.filter(({ MessageBody }) => !this.refused.has(MessageBody));
        this.source.push(...taken.map(({ MessageBody }) => MessageBody));
        this.groups.clear();
        for (const { MessageBody, MessageGroupId } of taken) {
          if (MessageGroupId !== undefined) this.groups.set(MessageBody, MessageGroupId);
        }
        return { Successful: taken.map(({ Id }) => ({ Id })) };
      }
      case 'DeleteMessageBatchCommand':
        if (!this.canDelete) throw new Error('the process dies');
        for (const { ReceiptHandle } of Entries) {
          this.dead.splice(
            this.dead.findIndex(({ body }) => body === ReceiptHandle),
            1,
          );
        }
        return {};
      default:
        throw new Error(`${name} is not expected`);
    }
  }

  #message(body: string): object {
    const group = this.groups.get(body);
    return { ReceiptHandle: body, Body: body, Attributes: group === undefined ? {} : { MessageGroupId: group } };
  }
}

async function all(queues: TwoQueues, each: (bodies: string[]) => Promise<void>, most = queues.dead.length) {
  for await (const letters of takeLetters(queues.client, 'dead', most)) {
    await each(letters.map(({ body }) => body));
    await putAgain(queues.client, 'dead', 'source', letters.slice(0, 1));
  }
}

describe('letters', () => {
  test('that stay are not taken a second time in place of others, however many there are', async () => {
    const queues = new TwoQueues(3_000);
    const taken: string[] = [];
    await all(queues, async (bodies) => void (await Promise.resolve(taken.push(...bodies))));
    expect(taken).toHaveLength(3_000);
    expect(new Set(taken).size).toBe(3_000);
    expect(queues.source).toHaveLength(300);
    expect(queues.dead).toHaveLength(2_700);
  });

  test('keep the group by which they take turns with others, where they have one', async () => {
    const queues = new TwoQueues(2);
    const [first = ''] = queues.dead.map(({ body }) => body);
    queues.groups.set(first, 'we_1');
    const { value: letters = [] } = await takeLetters(queues.client, 'dead', 2).next();
    await putAgain(queues.client, 'dead', 'source', letters);
    expect([...queues.groups]).toEqual([[first, 'we_1']]);
    expect(queues.source).toHaveLength(2);
  });

  test('stand in both queues where they could not be deleted, and in their old one where they were not taken', async () => {
    const queues = new TwoQueues(3);
    const [first = '', , last = ''] = queues.dead.map(({ body }) => body);
    queues.refused.add(first);
    queues.canDelete = false;
    const { value: letters = [] } = await takeLetters(queues.client, 'dead', 3).next();
    await expect(putAgain(queues.client, 'dead', 'source', letters)).rejects.toThrow('dies');
    expect(queues.dead).toHaveLength(3);
    expect(queues.source).toContain(last);
    queues.canDelete = true;
    expect(await putAgain(queues.client, 'dead', 'source', letters)).toHaveLength(2);
    expect(queues.dead.map(({ body }) => body)).toEqual([first]);
  });
});
