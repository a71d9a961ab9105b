import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { documentClient } from '../../shared/store/client.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { ReceiptStore } from '../../shared/store/receipts.ts';
import { environmentSchema } from './config.ts';
import { applyReceiptsHandler } from './handler.ts';
import { Matchings } from './matchings.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient();
const receipts = new ReceiptStore(document, environment.RECEIPTS_TABLE);
const configured = new Map(environment.API_ACCOUNTS.map(({ name, messageIds }) => [name, messageIds]));

export const handler = applyReceiptsHandler({
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  receipts,
  matchings: new Matchings({ receipts, configured: (account) => configured.get(account), now: Date.now }),
  log: programLog('apply-receipts', environment.LOG_LEVEL, environment.STAGE),
});
