import type { Acknowledgement } from './advisories.ts';

/** Advisories of production dependencies that do not concern this program. Each has its reason and a date of at most a year ahead. */
export const ACKNOWLEDGED: readonly Acknowledgement[] = [];
