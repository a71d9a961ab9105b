import { Duration, Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Account, LANES } from '../../shared/config/account.ts';
import { laneQueueName } from '../config/resolve.ts';
import type { Keeping } from './keeping.ts';
import type { Program, Right } from './program.ts';
import { DeadLetteredQueue } from './queue.ts';

/** A binder that was killed leaves its messages invisible this long; a drain of at most 120 s ends before it. */
const VISIBILITY = Duration.seconds(120);
/**
 * A healthy binder raises the count as well: it gives messages back when it drains, loses its lease or its session, or is
 * throttled. Only what failed far more often than that is poison; the binder moves it there a little earlier, with the reason.
 */
const MAX_RECEIVE_COUNT = 50;

interface LanesProps {
  stackName: string;
  accounts: readonly Pick<Account, 'name'>[];
  keeping: Keeping;
}

/** Three queues an account. They carry message ids, never text. */
export class Lanes extends Construct {
  /** URL of a lane's queue with `{account}` and `{lane}` left open. */
  readonly urlPattern: string;
  readonly #arns: string[];
  readonly #deadLetterArns: string[];
  readonly #keeping: Keeping;

  constructor(scope: Construct, id: string, props: LanesProps) {
    super(scope, id);
    const queues = props.accounts.flatMap(({ name: account }) =>
      LANES.map((lane) => {
        const name = laneQueueName(props.stackName, account, lane);
        const settings = {
          keeping: props.keeping,
          name,
          visibilityTimeout: VISIBILITY,
          maxReceiveCount: MAX_RECEIVE_COUNT,
        };
        const { queue, deadLetters } = new DeadLetteredQueue(this, `${account}-${lane}`, settings);
        return { name, queue, deadLetters };
      }),
    );
    this.#keeping = props.keeping;
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
    this.#open(program, 'write', ['SendMessage']);
  }

  /** Lets `program` put messages into every lane, and count what waits there. */
  openToCountingSender(program: Program): void {
    this.#open(program, 'write', ['SendMessage', 'GetQueueAttributes']);
  }

  /** Lets `program` count what waits in every lane. */
  openToCounter(program: Program): void {
    this.#open(program, undefined, ['GetQueueAttributes']);
  }

  /** Lets `program` take messages out of every lane, hold them, give them back, and move poison to the dead-letter queues. */
  openToReceiver(program: Program): void {
    const receive = ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'];
    this.#open(program, 'write', receive, { actions: ['sqs:SendMessage'], resources: this.#deadLetterArns });
  }

  /** @param use of the key of what the messages say; counting them needs none */
  #open(program: Program, use: 'write' | undefined, actions: readonly string[], ...rights: Right[]): void {
    const onLanes = { actions: actions.map((action) => `sqs:${action}`), resources: this.#arns };
    const onKey = use === undefined ? [] : this.#keeping.rights('sqs', use);
    program.open('LANE_QUEUE_URL', this.urlPattern, onLanes, ...rights, ...onKey);
  }
}
