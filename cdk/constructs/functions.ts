import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Bundles, FUNCTIONS, type FunctionName } from '../bundle.ts';
import type { Keeping } from './keeping.ts';
import { LambdaProgram } from './lambda-program.ts';

interface Size {
  description: string;
  timeoutSeconds: number;
  memoryMiB: number;
}

/** A batch is fed step by step, a step calling for the next; a webhook waits for its next attempt in hops of 15 minutes. Both end. */
const CALL_THEMSELVES: ReadonlySet<FunctionName> = new Set(['feed-batches', 'deliver-webhook'] as const);

/** CPU comes with memory: what a caller waits for has more of it, so that a cold start is short. */
const SIZES: Record<FunctionName, Size> = {
  send: { description: 'Accepts messages into their lane', timeoutSeconds: 10, memoryMiB: 512 },
  query: { description: 'Shows messages', timeoutSeconds: 10, memoryMiB: 512 },
  // An import of opt-outs is a thousand writes, which take longer to sign than to send.
  manage: { description: 'API keys, webhook endpoints, opt-outs', timeoutSeconds: 20, memoryMiB: 1024 },
  docs: { description: 'The OpenAPI document and its pages', timeoutSeconds: 5, memoryMiB: 256 },
  'apply-receipts': { description: 'Moves messages forward by their receipts', timeoutSeconds: 60, memoryMiB: 256 },
  'publish-events': { description: 'Publishes each change of a message', timeoutSeconds: 60, memoryMiB: 256 },
  // An endpoint has 15 s to answer; the deliveries of a batch go out side by side.
  'deliver-webhook': { description: "Delivers events to customers' endpoints", timeoutSeconds: 30, memoryMiB: 256 },
  'feed-batches': { description: 'Feeds batches to their lanes', timeoutSeconds: 30, memoryMiB: 512 },
  // Ends before the next one starts.
  sweep: { description: 'Queues what is due or stuck, ends what is overdue', timeoutSeconds: 55, memoryMiB: 256 },
};

/** All functions, each split off by what it may do. */
export class Functions extends Construct {
  readonly programs: Record<FunctionName, LambdaProgram>;

  constructor(scope: Construct, id: string, props: { bundles: Bundles['functions']; keeping: Keeping }) {
    super(scope, id);
    const entries = FUNCTIONS.map((name) => {
      const { timeoutSeconds, ...size } = SIZES[name];
      const bundle = props.bundles[name];
      const { keeping } = props;
      const timeout = Duration.seconds(timeoutSeconds);
      const callsItself = CALL_THEMSELVES.has(name);
      return [name, new LambdaProgram(this, name, { ...size, timeout, callsItself, bundle, keeping })] as const;
    });
    this.programs = Object.fromEntries(entries) as Record<FunctionName, LambdaProgram>;
  }
}
