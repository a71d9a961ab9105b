import type * as z from 'zod';
import type { accountSchema } from '../../shared/config/account.ts';

/** Everything of an account that an operator fixes; a deployment adds a name and may override any of it. */
export type Profile = Omit<z.input<typeof accountSchema>, 'name'>;

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/**
 * A one-time password is worthless after minutes, so a lost answer is worth one repeat; a campaign must never reach a
 * customer twice, so it waits for the receipt instead (architecture, section 5).
 */
const lanes: Profile['lanes'] = {
  otp: { defaultTtlSeconds: 5 * MINUTE_SECONDS, unknownOutcome: 'resend_once' },
  transactional: { defaultTtlSeconds: 4 * HOUR_SECONDS, unknownOutcome: 'resend_once' },
  bulk: { defaultTtlSeconds: 24 * HOUR_SECONDS, unknownOutcome: 'hold' },
};

/** Error codes of the guide, in its words. What they ask for is what the standard tables say, in either reading. */
const guideWords = {
  '0x01': 'Invalid message length',
  '0x03': 'Invalid command ID',
  '0x05': 'Invalid bind status',
  '0x0D': 'Invalid source address',
  '0x0E': 'Invalid destination address',
  '0x58': 'Throttling error (rate limit)',
};

/** The operator of the SMPP integration guide: SMPP 3.4 without TLS, 10 submit_sm a second, numbers as 09xxxxxxxxx. */
const smppAsia = {
  url: 'smpp://selfhost.smpp.asia:2558',
  bindType: 'transceiver',
  segmentsPerSecond: 10,
  // TON 5 is alphanumeric (SMPP 3.4 section 5.2.5); the guide's programs leave the other TON and NPI at 0, unknown.
  source: { alphanumeric: { ton: 5, npi: 0 }, numeric: { ton: 0, npi: 0 } },
  destination: { ton: 0, npi: 0, format: 'national' },
  dataCoding: { gsm7: 0, ucs2: 8 },
  validityPeriod: 'relative',
  statuses: { words: guideWords },
  timeZone: 'Asia/Manila',
  lanes,
} as const satisfies Profile;

/** Operators that ship with Bindery, by the name that an account's `profile` gives. */
export const profiles = { 'smpp-asia': smppAsia } as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof profiles;
