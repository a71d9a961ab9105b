import { expect, test } from 'vitest';
import { parseReceipt } from '../../../shared/receipts/parse-receipt.ts';
import { meaningOf } from '../../../shared/receipts/states.ts';
import { RECEIPT_SHAPES } from '../../fixtures/receipt-shapes.ts';

test.each(RECEIPT_SHAPES)('a receipt from $from', ({ esmClass = 0x04, text = '', tlvs = [], reads, means }) => {
  const parsed = parseReceipt({ esmClass, payload: new Uint8Array(Buffer.from(text, 'latin1')), tlvs });
  if (parsed.kind !== 'receipt') throw new Error('not a receipt');
  expect(parsed).toMatchObject(reads);
  expect(meaningOf(parsed)).toEqual(means);
});
