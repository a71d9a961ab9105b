import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Keeping } from './keeping.ts';
import type { Program } from './program.ts';
import { DeadLetteredQueue } from './queue.ts';

/** The queue of steps by which batches are fed to their lanes: each running batch has one message in it, delayed by seconds. */
export class Feed extends Construct {
  readonly steps: DeadLetteredQueue;

  constructor(scope: Construct, id: string, keeping: Keeping) {
    super(scope, id);
    this.steps = new DeadLetteredQueue(this, 'Steps', {
      keeping,
      // Lambda asks for six times the timeout of the function that consumes the queue.
      visibilityTimeout: Duration.seconds(180),
      // A step that keeps failing is made again by the sweep, a minute after it was due.
      maxReceiveCount: 5,
    });
  }

  /** Lets `program` call for a step. */
  openToCaller(program: Program): void {
    program.open('FEED_QUEUE_URL', this.steps.queue.queueUrl, ...this.steps.sendRights());
  }
}
