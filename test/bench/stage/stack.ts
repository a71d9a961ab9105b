import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import type { Lane } from '../../../shared/config/account.ts';
import type { MessageEvent } from '../../../shared/contracts/event.ts';
import { LaneQueues } from '../../../shared/queue/lanes.ts';
import { inParallel } from '../../e2e/in-parallel.ts';
import { descendants } from '../../e2e/process-tree.ts';
import { RunningStack } from '../../e2e/running-stack.ts';
import type { Report } from '../../e2e/stack-host.ts';
import { until } from '../../e2e/until.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import type { BenchOperator } from './operator.ts';
import { recipient, SAMPLE } from './sample.ts';

export const ACCOUNT = 'smpp-asia';
const HOUR_MS = 3_600_000;
const WIDTH = 16;
const BOUND_TIMEOUT_MS = 30_000;

/** A local stack of real functions, tables, queues and binders, bound to a simulated operator. */
export class BenchStack extends RunningStack {
  readonly #stateDirectory: string;

  private constructor(stateDirectory: string, program?: string) {
    super(program);
    this.#stateDirectory = stateDirectory;
  }

  /**
   * @param options.account what is to differ from the shipped profile
   * @param options.program the host of the stack, another one than usual
   */
  static async begin(
    operator: Pick<BenchOperator, 'credentials'>,
    {
      account = {},
      binders = 1,
      program,
    }: { account?: Record<string, unknown>; binders?: number; program?: string } = {},
  ): Promise<BenchStack> {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'bindery-bench-'));
    const stack = new BenchStack(stateDirectory, program);
    const context = {
      'bindery:accounts': [{ profile: ACCOUNT, ...account }],
      'bindery:binder': { count: binders },
      'bindery:testMode': false,
    };
    try {
      await stack.start({ stateDirectory, operator: operator.credentials, context });
      await until('the binder to be bound', BOUND_TIMEOUT_MS, async () =>
        (await stack.sessions()).some(({ state }) => state === 'bound'),
      );
    } catch (fault) {
      await stack.close();
      throw fault;
    }
    return stack;
  }

  /**
   * Stores messages of one segment and queues them, as the send function does after it has checked them.
   * @param onQueued told how many are
   */
  async enqueue(count: number, lane: Lane, onQueued: (count: number) => void): Promise<void> {
    const queues = new LaneQueues(new SQSClient(this.aws), this.variable('LANE_QUEUE_URL'));
    const messages = this.messages;
    const numbers = Array.from({ length: count }, (_, n) => n);
    let queued = 0;
    await inParallel(numbers, WIDTH, async (n) => {
      const now = Date.now();
      const messageId = `msg_${ulid(now)}`;
      const to = `+63${recipient(n).slice(1)}`;
      const times = { createdAt: now, queuedAt: now, statusAt: now, expiresAt: now + HOUR_MS, dueAt: now + HOUR_MS };
      await messages.create(
        queuedMessage({ messageId, account: ACCOUNT, lane, to, from: SAMPLE.from, text: SAMPLE.text, ...times }),
      );
      await queues.send({ account: ACCOUNT, lane, messageId });
      queued += 1;
      onQueued(queued);
    });
  }

  /** Told of each event of a message as it comes on the bus. */
  onEvent(listener: (type: string, messageId: string) => void): void {
    this.child.on('message', (report: Report) => {
      if (report.kind !== 'bus_event' || !report.event['detail-type'].startsWith('message.')) return;
      listener(report.event['detail-type'], (report.event.detail as MessageEvent).data.message_id);
    });
  }

  /** Processes of the binder, the oldest first. */
  get binders(): number[] {
    return descendants(this.child.pid ?? 0)
      .filter((pid) => isBinder(pid))
      .sort((a, b) => a - b);
  }

  override async close(): Promise<void> {
    await super.close();
    await rm(this.#stateDirectory, { recursive: true, force: true });
  }
}

/** The entry point of the image is `node main.mjs`; no other program of the stack has a file of that name. */
function isBinder(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some((word) => word.endsWith('main.mjs'));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
