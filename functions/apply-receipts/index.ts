import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog, writeLine } from '../../shared/log/log.ts';
import { LaneQueues } from '../../shared/queue/lanes.ts';
import { documentClient } from '../../shared/store/client.ts';
import { KeywordStore } from '../../shared/store/control-keywords.ts';
import { OptOutStore } from '../../shared/store/control-opt-outs.ts';
import { InboundStore } from '../../shared/store/inbound.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { ReceiptStore } from '../../shared/store/receipts.ts';
import { ParkedRecords } from '../middleware/parked-records.ts';
import { environmentSchema } from './config.ts';
import { applyReceiptsHandler } from './handler.ts';
import { inboundWork } from './inbound-work.ts';
import { Matchings } from './matchings.ts';
import { unheardOfTeller } from './unheard-of.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient();
const sqs = new SQSClient(clientLimits(IN_THE_BACKGROUND));
const receipts = new ReceiptStore(document, environment.RECEIPTS_TABLE);
const accounts = new Map(environment.RECEIPT_ACCOUNTS.map((account) => [account.name, account]));

const messages = new MessageStore(document, environment.MESSAGES_TABLE, environment.MESSAGE_RETENTION_DAYS);
const log = programLog('apply-receipts', environment.LOG_LEVEL, environment.STAGE);

export const handler = applyReceiptsHandler({
  messages,
  receipts,
  matchings: new Matchings({
    receipts,
    configured: (account) => accounts.get(account)?.messageIds,
    now: Date.now,
  }),
  inbound: inboundWork({
    messages,
    inbound: new InboundStore(document, environment.RECEIPTS_TABLE, environment.RECEIPT_RETENTION_DAYS),
    keywords: new KeywordStore(document, environment.CONTROL_TABLE),
    optOuts: new OptOutStore(document, environment.CONTROL_TABLE),
    lanes: new LaneQueues(sqs, environment.LANE_QUEUE_URL),
    account: (name) => accounts.get(name),
    log,
    now: Date.now,
  }),
  tellUnheardOf: unheardOfTeller({ stage: environment.STAGE, now: Date.now, write: writeLine }),
  parked: new ParkedRecords(sqs, {
    url: environment.PARKED_QUEUE_URL,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
  }),
  log,
  now: Date.now,
});
