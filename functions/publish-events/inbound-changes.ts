import type { DynamoDBRecord } from 'aws-lambda';
import { presentInboundEvent, type TypedInboundEvent } from '../../shared/contracts/inbound-event.ts';
import type { InboundMessage } from '../../shared/domain/inbound-message.ts';
import { PoisonRecord } from '../middleware/batch.ts';
import { imagesOf } from '../middleware/stream-record.ts';

/** Whether a record is of the Receipts table: no other has these keys. */
export function isOfReceipts({ dynamodb }: DynamoDBRecord): boolean {
  return dynamodb?.NewImage?.['row'] !== undefined;
}

/** The event of a new message from a subscriber. @throws PoisonRecord where the row is something else */
export function inboundEventsOf(record: DynamoDBRecord, stage: string): TypedInboundEvent[] {
  const { after } = imagesOf(record);
  if (after['kind'] === 'inbound' && Array.isArray(after['parts'])) {
    return [presentInboundEvent(after as unknown as InboundMessage, stage)];
  }
  throw new PoisonRecord('a row of the Receipts table of which nothing is published');
}
