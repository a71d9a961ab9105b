/** Faults of one track come one after the other; tracks overlap. */
export const TRACKS = ['binder', 'operator', 'receipts', 'aws'] as const;
export type Track = (typeof TRACKS)[number];

interface FaultWords {
  track: Track;
  says: string;
  /** Happens at a moment; others last. */
  instant?: true;
}

/** What can go wrong, by the name that `--faults` takes. */
export const FAULTS = {
  kill: { track: 'binder', says: 'SIGKILL to a binder', instant: true },
  stop: { track: 'binder', says: 'SIGTERM to a binder, which drains and ends', instant: true },
  replace: { track: 'binder', says: 'a rolling deploy of the binders', instant: true },
  drop: { track: 'operator', says: 'every connection reset', instant: true },
  'cut-mid-pdu': { track: 'operator', says: 'connections reset in the middle of an answer' },
  unbind: { track: 'operator', says: 'the operator unbinds', instant: true },
  'refuse-binds': { track: 'operator', says: 'binds refused with a system error' },
  'ignore-binds': { track: 'operator', says: 'binds left unanswered' },
  silence: { track: 'operator', says: 'nothing comes from the operator, then all at once' },
  'half-open': { track: 'operator', says: 'the operator stops reading, and resets in the end' },
  throttle: { track: 'operator', says: 'every submit throttled (0x58)' },
  'queue-full': { track: 'operator', says: 'every submit refused for a full queue (0x14)' },
  busy: { track: 'operator', says: 'every other submit refused for now (0x08, 0x64)' },
  'late-answers': { track: 'operator', says: 'answers late, some after their time-out' },
  'reordered-answers': { track: 'operator', says: 'answers in reverse order' },
  'repeated-answers': { track: 'operator', says: 'every answer twice' },
  'lost-answers': { track: 'operator', says: 'every third submit taken and never answered' },
  'slow-line': { track: 'operator', says: 'a line of several hundred milliseconds' },
  'octet-by-octet': { track: 'operator', says: 'every octet in a write of its own' },
  'receipts-first': { track: 'receipts', says: 'receipts before the answer to their submit' },
  'receipts-twice': { track: 'receipts', says: 'every receipt twice' },
  'receipts-reversed': { track: 'receipts', says: 'receipts in reverse order' },
  'receipts-never': { track: 'receipts', says: 'no receipts, ever' },
  'receipts-unknown': { track: 'receipts', says: 'besides each receipt one for a message nobody sent' },
  'aws-5xx': { track: 'aws', says: 'calls of AWS fail with 500 and 503' },
  'aws-throttling': { track: 'aws', says: 'calls of AWS are throttled' },
  'aws-reset': { track: 'aws', says: 'connections to AWS reset' },
  'aws-hang': { track: 'aws', says: 'calls of AWS never answered' },
  'aws-slow': { track: 'aws', says: 'calls of AWS answered slowly' },
  'aws-lost-answer': { track: 'aws', says: 'calls of AWS done, their answers lost' },
} as const satisfies Record<string, FaultWords>;

export type FaultName = keyof typeof FAULTS;
export type FaultOf<T extends Track> = {
  [Name in FaultName]: (typeof FAULTS)[Name]['track'] extends T ? Name : never;
}[FaultName];

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export function trackOf(fault: FaultName): Track {
  return FAULTS[fault].track;
}

export function isInstant(fault: FaultName): boolean {
  return 'instant' in FAULTS[fault];
}
