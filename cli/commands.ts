import type { Command } from './command.ts';
import { batchCommands } from './commands/batch.ts';
import { batchSend } from './commands/batch-send.ts';
import { credentials } from './commands/credentials.ts';
import { deploy } from './commands/deploy.ts';
import { dlqCommands } from './commands/dlq.ts';
import { doctor } from './commands/doctor.ts';
import { keyCommands } from './commands/keys.ts';
import { lanes } from './commands/lanes.ts';
import { messageCommands } from './commands/messages.ts';
import { send } from './commands/send.ts';
import { status } from './commands/status.ts';
import { tail } from './commands/tail.ts';
import { usage } from './commands/usage.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  doctor,
  deploy,
  credentials,
  send,
  ...messageCommands,
  tail,
  batchSend,
  ...batchCommands,
  status,
  lanes,
  usage,
  ...keyCommands,
  ...dlqCommands,
];
