import type { DynamoDBRecord } from 'aws-lambda';
import { fromStreamImage } from '../../shared/store/stream-image.ts';
import { PoisonRecord } from './batch.ts';

type Item = Record<string, unknown>;

/** Both images of a change in a table. @throws PoisonRecord where there is no new one, which triggers here filter out */
export function imagesOf(record: DynamoDBRecord): { before: Item | undefined; after: Item } {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  if (NewImage === undefined) throw new PoisonRecord('a stream record without a new image');
  return { before: OldImage === undefined ? undefined : fromStreamImage(OldImage), after: fromStreamImage(NewImage) };
}

/** By which a stream trigger knows a record. */
export function sequenceNumberOf(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
