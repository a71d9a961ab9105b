import type { Evidence, Finding } from '../evidence.ts';
import { judgeEvents } from './events.ts';
import { judgeLeaks } from './leaks.ts';
import { judgeMessages } from './messages.ts';
import { judgeOwners } from './owners.ts';
import { judgeRate } from './rate.ts';
import { judgeReceipts } from './receipts.ts';
import { judgeSegments } from './segments.ts';

/** Everything that was promised, against everything that was seen. */
export function judge(evidence: Evidence): Finding[] {
  return [judgeMessages, judgeSegments, judgeReceipts, judgeRate, judgeOwners, judgeEvents, judgeLeaks].map((one) =>
    one(evidence),
  );
}
