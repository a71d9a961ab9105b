import { BATCH_EVENTS } from './batch.ts';
import { isPublished, MESSAGE_STATUSES } from './message.ts';

const MESSAGE_EVENTS = MESSAGE_STATUSES.filter(isPublished).map((status) => `message.${status}` as const);
const BATCH_EVENT_TYPES = BATCH_EVENTS.map((event) => `batch.${event}` as const);

/** What happens to accounts and subscribers. */
const OTHER_EVENT_TYPES = [
  'message.received',
  'session.bound',
  'session.lost',
  'session.refused',
  'lane.congested',
  'lane.cleared',
  'quota.warning',
  'quota.exhausted',
  'optout.added',
  'optout.removed',
] as const;

/** Every type of event that a webhook endpoint can ask for. */
export const EVENT_TYPES = [
  ...MESSAGE_EVENTS,
  ...BATCH_EVENT_TYPES,
  ...OTHER_EVENT_TYPES,
  'webhook_endpoint.disabled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const KINDS = ['message.*', 'batch.*', 'session.*', 'lane.*', 'quota.*', 'optout.*', 'webhook_endpoint.*'] as const;

/** What an endpoint may name: a type, all of a kind, or all. */
export const EVENT_FILTERS = ['*', ...KINDS, ...EVENT_TYPES] as const;
export type EventFilter = (typeof EVENT_FILTERS)[number];

/** @param filters absent stands for all */
export function wantsEvent(type: string, filters: readonly EventFilter[] | undefined): boolean {
  if (filters === undefined) return true;
  return filters.some((filter) => filter === type || (filter.endsWith('*') && type.startsWith(filter.slice(0, -1))));
}
