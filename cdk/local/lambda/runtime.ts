// The program of an execution environment: loads the function's code and answers one invocation after the other, as Lambda's own
// Node runtime does. It runs in a child process that has nothing of the local stack but this file and the IPC channel.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FromEnvironment, FunctionError, ToEnvironment } from './messages.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

const EXTENSIONS = ['.mjs', '.js', '.cjs'];

function say(message: FromEnvironment): void {
  process.send?.(message);
}

function describe(fault: unknown): FunctionError {
  if (!(fault instanceof Error)) return { errorType: typeof fault, errorMessage: String(fault), trace: [] };
  return { errorType: fault.name, errorMessage: fault.message, trace: (fault.stack ?? '').split('\n') };
}

/** `index.handler`: the export `handler` of index.mjs, index.js or index.cjs. */
async function load(folder: string, name: string): Promise<Handler> {
  const dot = name.lastIndexOf('.');
  const stem = join(folder, name.slice(0, dot));
  const extension = EXTENSIONS.find((candidate) => existsSync(stem + candidate));
  if (extension === undefined) {
    throw Object.assign(new Error(`Cannot find module '${name.slice(0, dot)}'`), { name: 'Runtime.ImportModuleError' });
  }
  const module = (await import(pathToFileURL(stem + extension).href)) as Record<string, unknown>;
  const exported = module[name.slice(dot + 1)];
  if (typeof exported === 'function') return exported as Handler;
  throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

function contextOf({ requestId, deadlineEpochMs, functionArn }: ToEnvironment): Record<string, unknown> {
  const { env } = process;
  return {
    awsRequestId: requestId,
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineEpochMs - Date.now()),
  };
}

async function invoke(handler: Handler, message: ToEnvironment): Promise<void> {
  const { requestId } = message;
  try {
    const answer = await handler(JSON.parse(message.payload), contextOf(message));
    // A handler that returns nothing answers null.
    say({ kind: 'answered', requestId, payload: JSON.stringify(answer ?? null) });
  } catch (fault) {
    say({ kind: 'failed', requestId, error: describe(fault) });
  }
}

// The local stack is gone: so is the reason to live.
process.on('disconnect', () => process.exit(0));

try {
  const { LAMBDA_TASK_ROOT = '.', _HANDLER = 'index.handler' } = process.env;
  const handler = await load(LAMBDA_TASK_ROOT, _HANDLER);
  process.on('message', (message: ToEnvironment) => void invoke(handler, message));
  say({ kind: 'ready' });
} catch (fault) {
  say({ kind: 'init_failed', error: describe(fault) });
}
