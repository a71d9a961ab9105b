import { expect, test } from 'vitest';
import { fromStreamImage } from '../../../shared/store/stream-image.ts';

test('an image of a stream record becomes the item that was written', () => {
  const item = fromStreamImage({
    text: { S: 'Niño' },
    count: { N: '1795343200000' },
    yes: { BOOL: true },
    none: { NULL: true },
    map: { M: { inner: { L: [{ S: 'a' }, { N: '2' }] } } },
    octets: { B: Buffer.from('id:1').toString('base64') },
  });
  expect(item).toEqual({
    text: 'Niño',
    count: 1_795_343_200_000,
    yes: true,
    none: null,
    map: { inner: ['a', 2] },
    octets: new Uint8Array(Buffer.from('id:1')),
  });
});

test('an attribute of a type that is not used here is a fault', () => {
  expect(() => fromStreamImage({ names: { SS: ['a'] } })).toThrow('SS');
});
