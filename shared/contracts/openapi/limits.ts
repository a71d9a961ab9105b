import { accountStatusListSchema, accountStatusSchema } from '../account-status.ts';
import { laneListSchema, laneStatusSchema } from '../lane-status.ts';
import { usageListSchema, usageSchema, usageWindowSchema } from '../usage.ts';
import { component, type Operation } from './operation.ts';

const WHOLE_LIST = {
  has_more: 'Always `false`: it is one page.',
  next_cursor: 'Always `null`.',
};

const usageWindow = component('UsageWindow', usageWindowSchema, {
  description: 'Segments of a day or a month.',
  fields: {
    used: 'Counted so far. What is canceled, or never went out, is given back.',
    limit: 'The most; `null` where there is no limit of its own.',
    resets_at: 'When it begins anew.',
  },
});

const usage = component('Usage', usageSchema, {
  description: 'What an account, or one key in it, has sent.',
  fields: {
    account: 'The account.',
    key_id: 'The key; `null` where it is the account as a whole.',
    time_zone: 'By whose clocks days and months begin.',
    day: 'Since midnight.',
    month: 'Since the first of the month.',
  },
});

const lane = component('Lane', laneStatusSchema, {
  description: 'What waits in one lane. What nobody has measured in the last 90 seconds is `null`.',
  fields: {
    account: 'The account.',
    lane: 'The lane.',
    waiting_messages: 'As the queue counts them.',
    waiting_segments: 'Their segments, by the mean of the messages that went out last.',
    oldest_seconds: 'For how long the oldest has waited, at the most.',
    drain_seconds: 'Until everything that waits now has gone out, with what goes before it.',
    estimated_wait_seconds: 'What a message waits that is accepted now; longer than `drain_seconds` during an outage.',
    sent_last_minute: 'Segments that went to the operator.',
    full_at_seconds: 'While `drain_seconds` is above it, messages are refused with `lane_full`.',
  },
});

const status = component('AccountStatus', accountStatusSchema, {
  description: 'How the session of an account stands, as its binder saw it last.',
  fields: {
    account: 'The account.',
    session: 'The session with the operator.',
    'session.state': '`bound` is good; `unknown` where no binder has told anything for 90 seconds.',
    'session.since': 'Since when it has been so.',
    'session.reason': 'Why it is not bound.',
    'session.operator_code':
      'What the operator answered to the bind, where he refused it: a `command_status` of SMPP such as `0x0E`.',
    'session.detail': 'What is known beyond the reason, such as `ECONNREFUSED` where nothing listens at the operator.',
    'session.can_send': 'Whether messages go out.',
    segments_per_second: 'How fast they go out.',
    'segments_per_second.now': 'Over the last minute.',
    'segments_per_second.limit': 'What the operator allows.',
    last_ready_at: 'When it could send last.',
    last_submit_at: 'When a segment went to the operator last.',
    last_receipt_at: 'When a delivery receipt came last.',
    binder_seen_at: 'When its binder told of it last; every 30 seconds at the least.',
  },
});

const usageList = component('UsageList', usageListSchema, {
  description: 'The accounts in reach, and behind each its keys that may be seen.',
  fields: { data: 'Accounts in the order of the configuration.', ...WHOLE_LIST },
});
const laneList = component('LaneList', laneListSchema, {
  description: 'Every lane of the accounts in reach, the most urgent first.',
  fields: { data: 'By account, and in it by urgency.', ...WHOLE_LIST },
});
const statusList = component('AccountStatusList', accountStatusListSchema, {
  description: 'The accounts in reach.',
  fields: { data: 'Accounts in the order of the configuration.', ...WHOLE_LIST },
});

export const limitComponents = [usageWindow, usage, lane, status];

const TAG = 'Lanes and limits';

export const limitOperations: readonly Operation[] = [
  {
    id: 'listLanes',
    route: 'GET /v1/lanes',
    tag: TAG,
    summary: 'List lanes',
    description: 'How much waits in each lane, and how long that takes. Look here before a campaign.',
    scopes: ['messages:read'],
    answers: { 200: { description: 'The lanes.', body: laneList } },
    errors: [],
  },
  {
    id: 'listUsage',
    route: 'GET /v1/usage',
    tag: TAG,
    summary: 'Show usage',
    description:
      'Segments of this day and this month, with their limits. A key sees itself and its accounts; with the scope `admin` all keys.',
    scopes: ['messages:read'],
    answers: { 200: { description: 'What was sent.', body: usageList } },
    errors: [],
  },
  {
    id: 'listStatus',
    route: 'GET /v1/status',
    tag: TAG,
    summary: 'Show sessions',
    description: 'Whether the operator is in reach, and how fast messages go out.',
    scopes: ['messages:read'],
    answers: { 200: { description: 'The accounts.', body: statusList } },
    errors: [],
  },
];
