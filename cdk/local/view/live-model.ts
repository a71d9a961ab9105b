import { LANES, type Lane } from '../../../shared/config/account.ts';
import { laneQueueUrl } from '../../../shared/config/environment.ts';
import type { MessageStatus } from '../../../shared/domain/message.ts';
import { maskNumber } from '../../../shared/domain/phone-number.ts';
import type { BusEvent, LocalAws } from '../aws/api.ts';
import type { AwsAnswer, AwsCall } from '../aws/call.ts';
import type { Observation } from '../observation.ts';
import { readLogLine } from '../sessions.ts';
import type { RunningBindery } from '../start.ts';
import { MessageCounts } from './message-counts.ts';
import type { AccountView, EventView, ViewModel, WarningView } from './model.ts';

const KEPT_LINES = 40;
const RATE_WINDOW_MS = 1_000;

interface MessageEventDetail {
  data?: {
    message_id?: string;
    status?: MessageStatus;
    to?: string;
    lane?: string;
    error_code?: string | null;
    segments_total?: number;
  };
}

interface LaneDepth {
  waiting: Record<Lane, number>;
  deadLetters: number;
}

const EMPTY: LaneDepth = { waiting: { otp: 0, transactional: 0, bulk: 0 }, deadLetters: 0 };

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEPT_LINES) list.shift();
}

/** Gathers what the view shows while the stack runs. */
export class LiveModel {
  readonly #startedAtEpochMs = Date.now();
  readonly #events: EventView[] = [];
  readonly #warnings: WarningView[] = [];
  readonly #counts = new MessageCounts();
  /** When the operator accepted each segment of the last second, by account. */
  readonly #accepted = new Map<string, number[]>();
  readonly #depths = new Map<string, LaneDepth>();
  #receipts = 0;
  draining = false;

  readonly observe = (observation: Observation): void => {
    switch (observation.kind) {
      case 'bus_event':
        this.#onEvent(observation.event);
        return;
      case 'line':
        this.#onLine(observation.program, observation.line);
        return;
      case 'notice':
        this.#warn('local stack', 'warn', observation.text);
        return;
      case 'parked':
        this.#warn(observation.trigger, 'error', `${observation.records} records parked: ${observation.condition}`);
        return;
      case 'task':
        if (observation.state === 'unhealthy' || (observation.state === 'stopped' && !this.draining)) {
          this.#warn(observation.task, 'error', `${observation.state}: ${observation.reason ?? ''}`);
        }
        return;
      case 'alarm':
      case 'invocation':
      case 'request':
      case 'step':
        return;
      default:
        observation satisfies never;
    }
  };

  /** Sees every call of AWS: the binder writes a row for each accepted segment and each receipt. */
  readonly observeCall = (call: AwsCall, answer: AwsAnswer): void => {
    if (call.service !== 'dynamodb' || call.action !== 'PutItem' || answer.status !== 200) return;
    const item = call.input['Item'] as { key?: { S?: string }; row?: { S?: string } } | undefined;
    const row = item?.row?.S ?? '';
    if (row.startsWith('receipt#')) this.#receipts += 1;
    if (!row.startsWith('segment#')) return;
    const account = item?.key?.S?.split('#')[0] ?? '';
    const accepted = this.#lastSecond(account);
    accepted.push(performance.now());
    this.#accepted.set(account, accepted);
  };

  /** Counts the messages of earlier runs. */
  async countStored(running: RunningBindery): Promise<void> {
    await this.#counts.seed(running.aws, running.stack.variable('MESSAGES_TABLE') ?? '');
  }

  /** Asks how many messages wait in each lane. */
  async measureLanes({ stack, aws, accounts }: RunningBindery): Promise<void> {
    const pattern = stack.variable('LANE_QUEUE_URL') ?? '';
    for (const { name } of accounts) {
      const depth = structuredClone(EMPTY);
      for (const lane of LANES) {
        const url = laneQueueUrl(pattern, name, lane);
        depth.waiting[lane] = await queueDepth(aws, url);
        depth.deadLetters += await queueDepth(aws, `${url}-dlq`);
      }
      this.#depths.set(name, depth);
    }
  }

  snapshot(running: RunningBindery): ViewModel {
    const { apiUrl, key, operatorUrl, simulated, logFolder } = running;
    return {
      nowEpochMs: Date.now(),
      startedAtEpochMs: this.#startedAtEpochMs,
      apiUrl,
      key,
      operator: simulated ? `simulated, ${operatorUrl}` : operatorUrl,
      logFolder,
      accounts: running.accounts.map((account) => this.#account(account, running)),
      messages: this.#counts.byStatus,
      receipts: this.#receipts,
      events: this.#events,
      warnings: this.#warnings,
      alarms: running.stack.cloudwatch.raised,
      draining: this.draining,
    };
  }

  #account(
    { name, segmentsPerSecond }: { name: string; segmentsPerSecond: number },
    running: RunningBindery,
  ): AccountView {
    return {
      name,
      segmentsPerSecond,
      sessions: running.sessions().filter(({ account }) => account === name),
      submitted: this.#lastSecond(name).length,
      ...(this.#depths.get(name) ?? EMPTY),
    };
  }

  #lastSecond(account: string): number[] {
    const accepted = this.#accepted.get(account) ?? [];
    const since = performance.now() - RATE_WINDOW_MS;
    while (accepted[0] !== undefined && accepted[0] <= since) accepted.shift();
    return accepted;
  }

  #onEvent(event: BusEvent): void {
    const { data } = event.detail as MessageEventDetail;
    if (data?.message_id === undefined || data.status === undefined) return;
    this.#counts.change(data.message_id, data.status);
    const segments =
      data.segments_total === undefined || data.segments_total < 2 ? '' : `, ${data.segments_total} segments`;
    keep(this.#events, {
      atEpochMs: Date.now(),
      type: event['detail-type'],
      to: maskNumber(data.to ?? ''),
      detail: `${data.lane ?? ''}${segments}${data.error_code ? `, ${data.error_code}` : ''}`,
    });
  }

  #onLine(program: string, line: string): void {
    const fields = readLogLine(line);
    const level = fields?.['level'];
    if (fields === undefined || (level !== 'warn' && level !== 'error')) return;
    const error = fields['error'] as { message?: unknown } | undefined;
    const told = fields['errorMessage'] ?? fields['reason'] ?? fields['answer'] ?? error?.message;
    const message = typeof fields['message'] === 'string' ? fields['message'] : '';
    this.#warn(program, level, typeof told === 'string' ? `${message}: ${told}` : message);
  }

  #warn(program: string, level: 'warn' | 'error', text: string): void {
    keep(this.#warnings, { atEpochMs: Date.now(), program, level, text: text.split('\n')[0] ?? '' });
  }
}

async function queueDepth(aws: LocalAws, queueUrl: string): Promise<number> {
  const input = { QueueUrl: queueUrl, AttributeNames: ['All'] };
  const { Attributes = {} } = (await aws.invoke({ service: 'sqs', action: 'GetQueueAttributes', input })) as {
    Attributes?: Record<string, string>;
  };
  const number = (suffix: string): number => Number(Attributes[`ApproximateNumberOfMessages${suffix}`] ?? 0);
  return number('') + number('NotVisible') + number('Delayed');
}
