import { WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { documentClient } from '../../shared/store/client.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { KeyRing } from '../middleware/key-ring.ts';
import { environmentSchema } from './config.ts';
import { queryHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const log = programLog('query', environment.LOG_LEVEL, environment.STAGE);
const document = documentClient(WHILE_A_CALLER_WAITS);
const now = Date.now;

export const handler = queryHandler({
  keys: new KeyRing(new KeyStore(document, environment.CONTROL_TABLE), { now, log }),
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  log,
  now,
});
