import { type DynamoDBDocumentClient, PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LONGEST_TTL_SECONDS } from '../config/account.ts';
import type { InboundMessage, InboundPart, WaitingMessage } from '../domain/inbound-message.ts';
import { RECEIPT_WINDOW_MS } from '../domain/status-entry.ts';
import type { IdRelation } from '../receipts/message-ids.ts';
import { whereConditionHolds } from './client.ts';
import { difference } from './difference.ts';
import { messagesKey, partsKey } from './inbound-keys.ts';
import { queryPages } from './query-pages.ts';

/** A submitted segment under the message centre's id. */
export interface SegmentRow {
  kind: 'segment';
  account: string;
  mcMessageId: string;
  messageId: string;
  /** Segment index, from 0. */
  index: number;
  /** Epoch milliseconds. */
  at: number;
}

/** A delivery receipt as it came, with what could be read of it. */
export interface ReceiptRow {
  kind: 'receipt';
  account: string;
  mcMessageId: string;
  /** `stat` of the text form, upper case; absent where only message_state came. */
  stat?: string;
  err?: string;
  /** message_state (SMPP 3.4 section 5.2.28). */
  messageState?: number;
  /** An intermediate notification by its esm_class: never final, whatever it says. */
  intermediate: boolean;
  /** The short message or message_payload as it came, without the text of the message that some receipts repeat. */
  raw: Uint8Array;
  at: number;
}

/** A pair whose halves found each other by one relation of ids and by no other. */
export interface EvidenceRow {
  kind: 'evidence';
  account: string;
  relation: IdRelation;
  messageId: string;
  index: number;
  at: number;
}

export type ReceiptTableRow = SegmentRow | ReceiptRow | InboundMessage | InboundPart | WaitingMessage;

const DAY_SECONDS = 86_400;
/** A segment is kept for at least this long, for as long may its final receipt be waited for. Seconds. */
const SEGMENT_KEPT_SECONDS = LONGEST_TTL_SECONDS + RECEIPT_WINDOW_MS / 1000 + DAY_SECONDS;

/** Stands where other rows have an id of the message centre. Operators give out digits and letters. */
const EVIDENCE = 'evidence#';
/** Then how the ids relate is learnt anew, for an operator may have changed it. Seconds. */
const EVIDENCE_KEPT_SECONDS = 30 * DAY_SECONDS;

/** Names a row uniquely within its key; passed in so that a repeated receipt is stored again and a repeated write is not. */
export interface RowName {
  unique: string;
}

/**
 * The Receipts table: per account and message-centre id the segment that was submitted, and every raw receipt. Either may
 * come first; whoever writes second completes the pair (its stream record finds both).
 */
export class ReceiptStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  /** Days that a row is kept; that of a segment at least as long as its receipt may still come. */
  readonly #retentionDays: number;

  constructor(client: DynamoDBDocumentClient, table: string, retentionDays = 14) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
  }

  /** @param canonicalId the id in the form that both sides share; see shared/receipts/message-ids.ts */
  async putSegment(canonicalId: string, row: SegmentRow): Promise<void> {
    await this.#put(canonicalId, `segment#${row.messageId}#${row.index}`, row);
  }

  async putReceipt(canonicalId: string, row: ReceiptRow, name: RowName): Promise<void> {
    await this.#put(canonicalId, `receipt#${String(row.at).padStart(15, '0')}#${name.unique}`, row);
  }

  /**
   * What a deliver_sm brought of a subscriber's message: the whole of it, or a part. InboundStore has the rest of them. A write
   * whose answer was lost is repeated, and by then a part may say in which message it stands: what is there holds.
   */
  async putInbound(arrived: InboundMessage | InboundPart): Promise<void> {
    const place =
      arrived.kind === 'inbound'
        ? { key: messagesKey(arrived.account), row: arrived.messageId }
        : { key: partsKey(arrived), row: arrived.partId };
    await whereConditionHolds(
      this.#putRow(place.key, place.row, arrived, {
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': 'key' },
      }),
    );
  }

  /** What an account's receipts have shown of its ids. */
  async evidence(account: string): Promise<EvidenceRow[]> {
    return await this.#under<EvidenceRow>(`${account}#${EVIDENCE}`);
  }

  /** The same pair twice is one piece of evidence. */
  async putEvidence(row: EvidenceRow): Promise<void> {
    const { expression, names, values } = difference(
      {},
      { ...row, ttl: Math.ceil(row.at / 1000) + EVIDENCE_KEPT_SECONDS },
    );
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { key: `${row.account}#${EVIDENCE}`, row: `${row.messageId}#${row.index}` },
        UpdateExpression: expression,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }),
    );
  }

  /** All rows under one id, oldest receipts first, segments after them. */
  async rows(account: string, canonicalId: string): Promise<ReceiptTableRow[]> {
    return await this.#under<ReceiptTableRow>(`${account}#${canonicalId}`);
  }

  async #under<Row>(key: string): Promise<Row[]> {
    const rows: Row[] = [];
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': 'key' },
      ExpressionAttributeValues: { ':key': key },
      ConsistentRead: true,
    });
    for await (const page of pages) rows.push(...(page as Row[]));
    return rows;
  }

  async #put(canonicalId: string, row: string, content: SegmentRow | ReceiptRow): Promise<void> {
    await this.#putRow(`${content.account}#${canonicalId}`, row, content);
  }

  async #putRow(
    key: string,
    row: string,
    content: ReceiptTableRow,
    condition: Pick<PutCommandInput, 'ConditionExpression' | 'ExpressionAttributeNames'> = {},
  ): Promise<void> {
    const days = this.#retentionDays * DAY_SECONDS;
    const kept = content.kind === 'segment' ? Math.max(days, SEGMENT_KEPT_SECONDS) : days;
    const ttl = Math.ceil(content.at / 1000) + kept;
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: { ...content, key, row, ttl }, ...condition }),
    );
  }
}
