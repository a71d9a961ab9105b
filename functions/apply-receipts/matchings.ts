import { isOpen, learntMatching } from '../../shared/receipts/learnt-relation.ts';
import type { IdMatching, IdRelation } from '../../shared/receipts/message-ids.ts';
import type { EvidenceRow, ReceiptStore, SegmentRow } from '../../shared/store/receipts.ts';

export interface MatchingsDependencies {
  receipts: Pick<ReceiptStore, 'evidence' | 'putEvidence'>;
  /** What is configured; undefined for an account that is not here any more. */
  configured: (account: string) => IdMatching | undefined;
  /** Epoch milliseconds. */
  now: () => number;
}

/** For how long what was read is believed: other environments learn too, milliseconds. */
const BELIEVED_MS = 300_000;

/** How the ids of each account relate: as configured, or as its receipts have shown. */
export class Matchings {
  readonly #dependencies: MatchingsDependencies;
  readonly #read = new Map<string, { evidence: EvidenceRow[]; at: number }>();

  constructor(dependencies: MatchingsDependencies) {
    this.#dependencies = dependencies;
  }

  async of(account: string): Promise<IdMatching> {
    const configured = this.#dependencies.configured(account) ?? 'match_any';
    return configured === 'match_any' ? learntMatching(await this.#evidence(account)) : configured;
  }

  /** The halves of a pair found each other by this relation and by no other. */
  async showed(relation: IdRelation, { account, messageId, index }: SegmentRow): Promise<void> {
    const evidence = await this.#evidence(account);
    if (!isOpen(evidence)) return;
    const { now, receipts } = this.#dependencies;
    const row: EvidenceRow = { kind: 'evidence', account, relation, messageId, index, at: now() };
    await receipts.putEvidence(row);
    if (!evidence.some((one) => one.messageId === messageId && one.index === index)) evidence.push(row);
  }

  async #evidence(account: string): Promise<EvidenceRow[]> {
    const at = this.#dependencies.now();
    const known = this.#read.get(account);
    if (known !== undefined && at - known.at < BELIEVED_MS) return known.evidence;
    const evidence = await this.#dependencies.receipts.evidence(account);
    this.#read.set(account, { evidence, at });
    return evidence;
  }
}
