const MAX_WAIT_SECONDS = 20;

interface ReceiveRequest {
  input: Readonly<Record<string, unknown>>;
  /** Aborted when the caller hangs up. */
  signal: AbortSignal;
  queue: { attributes: Record<string, string>; waitForMessages(waitTimeSeconds: number): Promise<void> };
  /** ReceiveMessage that does not wait. */
  poll: (input: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

interface Received {
  output: Record<string, unknown>;
  /** Receipt handles of the messages in `output`. */
  handles: string[];
}

/**
 * A long poll made of short ones. Nothing is taken off the queue for a caller that has hung up: fauxqs' own long poll, and others',
 * would hand it the next message, which then stays invisible until its timeout.
 */
export async function receive({ input, signal, queue, poll }: ReceiveRequest): Promise<Received> {
  const waitSeconds = Number(input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds ?? 0);
  // Out of range is answered by SQS' own check.
  const waits = waitSeconds > 0 && waitSeconds <= MAX_WAIT_SECONDS;
  const short = { ...input, WaitTimeSeconds: waits ? 0 : waitSeconds };
  const deadline = performance.now() + waitSeconds * 1000;
  while (!signal.aborted) {
    const output = await poll(short);
    const handles = handlesOf(output);
    const leftMs = deadline - performance.now();
    if (handles.length > 0 || leftMs <= 0) return { output, handles };
    await untilWokenOrAborted(queue.waitForMessages(leftMs / 1000), signal);
  }
  return { output: {}, handles: [] };
}

function handlesOf(output: Record<string, unknown>): string[] {
  const messages = (output.Messages ?? []) as { ReceiptHandle: string }[];
  return messages.map((message) => message.ReceiptHandle);
}

async function untilWokenOrAborted(woken: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([woken, promise]);
  signal.removeEventListener('abort', stop);
}
