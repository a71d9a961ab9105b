import type { IdMatching, IdRelation } from './message-ids.ts';

/** One pair whose halves found each other in one way only. */
export interface Evidence {
  relation: IdRelation;
}

/** So many pairs make a rule: ids that agree by accident are rare, three of them in a row are none. */
const ENOUGH = 3;

/** How the ids of an account relate by what its receipts showed; `match_any` while too little was seen, or it contradicts itself. */
export function learntMatching(evidence: readonly Evidence[]): IdMatching {
  const [first] = evidence;
  if (first === undefined || evidence.length < ENOUGH) return 'match_any';
  return evidence.every(({ relation }) => relation === first.relation) ? first.relation : 'match_any';
}

/** Whether a further pair would still teach something: what contradicts itself is not collected for ever. */
export function isOpen(evidence: readonly Evidence[]): boolean {
  return evidence.length < ENOUGH;
}
