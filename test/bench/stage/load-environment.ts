const LANE = { defaultTtlSeconds: 3_600, unknownOutcome: 'hold' };
const ACCOUNT = { name: 'main', segmentsPerSecond: 10, lanes: { otp: LANE, transactional: LANE, bulk: LANE } };

/** An environment that every function can be loaded with; nothing of it is ever called. */
export const loadEnvironment: Record<string, string> = {
  STAGE: 'bench',
  AWS_REGION: 'ap-southeast-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  MESSAGES_TABLE: 'Messages',
  RECEIPTS_TABLE: 'Receipts',
  CONTROL_TABLE: 'Control',
  API_ACCOUNTS: JSON.stringify([ACCOUNT]),
  API_REQUESTS_PER_SECOND: '500',
  LANE_QUEUE_URL: 'http://127.0.0.1:9/{account}-{lane}',
  FEED_QUEUE_URL: 'http://127.0.0.1:9/feed',
  WEBHOOK_QUEUE_URL: 'http://127.0.0.1:9/webhooks',
  PARKED_QUEUE_URL: 'http://127.0.0.1:9/parked',
  RECEIPT_ACCOUNTS: JSON.stringify([{ name: ACCOUNT.name }]),
  CALLBACK_HOSTS: '[]',
  END_USER_MESSAGING: 'false',
  WEBHOOK_LOOPBACK: 'false',
  EVENT_BUS: 'bus',
  EVENT_SOURCE: 'com.example.sms',
  ADMIN_KEY_SECRET: 'secret',
};
