import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { FeedQueue } from '../../shared/queue/feed.ts';
import { LaneQueues } from '../../shared/queue/lanes.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { MessagesById } from '../../shared/store/messages-by-id.ts';
import { environmentSchema } from './config.ts';
import { feedBatchesHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient();
const queues = new SQSClient(clientLimits(IN_THE_BACKGROUND));

export const handler = feedBatchesHandler({
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  messagesById: new MessagesById(document, environment.MESSAGES_TABLE),
  lanes: new LaneQueues(queues, environment.LANE_QUEUE_URL),
  feed: new FeedQueue(queues, environment.FEED_QUEUE_URL),
  accounts: environment.API_ACCOUNTS,
  log: programLog('feed-batches', environment.LOG_LEVEL, environment.STAGE),
  now: Date.now,
});
