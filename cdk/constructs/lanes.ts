import { Duration, Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Account, LANES } from '../../shared/config/account.ts';
import { laneQueueName } from '../config/resolve.ts';
import type { Program } from './program.ts';
import { DeadLetteredQueue } from './queue.ts';

/** A binder that was killed leaves its messages invisible this long; a drain of at most 120 s ends before it. */
const VISIBILITY = Duration.seconds(120);
/**
 * A healthy binder raises the count as well: it gives messages back when it drains, loses its lease or its session, or is
 * throttled. Only what failed far more often than that is poison; the binder moves it there a little earlier, with the reason.
 */
const MAX_RECEIVE_COUNT = 50;

/** Three queues an account. They carry message ids, never text. */
export class Lanes extends Construct {
  /** URL of a lane's queue with `{account}` and `{lane}` left open. */
  readonly urlPattern: string;
  readonly #arns: string[];
  readonly #deadLetterArns: string[];

  constructor(scope: Construct, id: string, props: { stackName: string; accounts: readonly Pick<Account, 'name'>[] }) {
    super(scope, id);
    const queues = props.accounts.flatMap(({ name: account }) =>
      LANES.map((lane) => {
        const name = laneQueueName(props.stackName, account, lane);
        const settings = { name, visibilityTimeout: VISIBILITY, maxReceiveCount: MAX_RECEIVE_COUNT };
        const { queue, deadLetters } = new DeadLetteredQueue(this, `${account}-${lane}`, settings);
        return { name, queue, deadLetters };
      }),
    );
    this.#arns = queues.map(({ queue }) => queue.queueArn);
    this.#deadLetterArns = queues.map(({ deadLetters }) => deadLetters.queueArn);
    const [first] = queues;
    if (first === undefined) throw new RangeError('a deployment has at least one account');
    // All queues share what stands before the name of one of them, on AWS as on one machine.
    const prefix = Fn.select(0, Fn.split(first.name, first.queue.queueUrl));
    this.urlPattern = `${prefix}${laneQueueName(props.stackName, '{account}', '{lane}')}`;
  }

  /** Lets `program` put messages into every lane. */
  openToSender(program: Program): void {
    program.open('LANE_QUEUE_URL', this.urlPattern, { actions: ['sqs:SendMessage'], resources: this.#arns });
  }

  /** Lets `program` put messages into every lane, and count what waits there. */
  openToCountingSender(program: Program): void {
    const actions = ['sqs:SendMessage', 'sqs:GetQueueAttributes'];
    program.open('LANE_QUEUE_URL', this.urlPattern, { actions, resources: this.#arns });
  }

  /** Lets `program` count what waits in every lane. */
  openToCounter(program: Program): void {
    program.open('LANE_QUEUE_URL', this.urlPattern, { actions: ['sqs:GetQueueAttributes'], resources: this.#arns });
  }

  /** Lets `program` take messages out of every lane, hold them, give them back, and move poison to the dead-letter queues. */
  openToReceiver(program: Program): void {
    const receive = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'];
    program.open(
      'LANE_QUEUE_URL',
      this.urlPattern,
      { actions: receive.map((action) => `sqs:${action}`), resources: this.#arns },
      { actions: ['sqs:SendMessage'], resources: this.#deadLetterArns },
    );
  }
}
