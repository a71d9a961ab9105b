import { describe, expect, test } from 'vitest';
import { parseReceipt, type Receipt } from '../../../shared/receipts/parse-receipt.ts';

const ascii = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const idTlv = (id: string) => ({ tag: 0x001e, value: ascii(`${id}\0`) });
const stateTlv = (state: number) => ({ tag: 0x0427, value: Uint8Array.of(state) });

const STANDARD =
  'id:7220bb6bd0be98fa628de66590f80070 sub:001 dlvrd:001 submit date:2611221826 done date:2611221827 stat:DELIVRD err:000 text:Your code is 123456';

function receipt(
  payload: Uint8Array | string,
  { esmClass = 0x04, tlvs = [] as { tag: number; value: Uint8Array }[] } = {},
): Receipt {
  const parsed = parseReceipt({ esmClass, payload: typeof payload === 'string' ? ascii(payload) : payload, tlvs });
  if (parsed.kind !== 'receipt') throw new Error('not a receipt');
  return parsed;
}

describe('what is a receipt', () => {
  test.each([
    ['a receipt by esm_class', 0x04, true],
    ['an intermediate notification by esm_class', 0x20, true],
    ['with the UDH indicator', 0x44, true],
    ['with a messaging mode in the low bits', 0x07, true],
    ['an ordinary message', 0x00, false],
    ['an ordinary message with a UDH', 0x40, false],
    ['a delivery acknowledgement of the recipient', 0x08, false],
    ['a user acknowledgement', 0x10, false],
  ])('%s', (_name, esmClass, is) => {
    expect(parseReceipt({ esmClass, payload: ascii(STANDARD), tlvs: [] }).kind).toBe(is ? 'receipt' : 'not_a_receipt');
  });

  test('both TLVs make a receipt of any esm_class, one of them does not', () => {
    const of = (tlvs: { tag: number; value: Uint8Array }[]) => parseReceipt({ esmClass: 0, payload: ascii(''), tlvs });
    expect(of([idTlv('A1'), stateTlv(2)])).toEqual({
      kind: 'receipt',
      mcMessageId: 'A1',
      messageState: 2,
      intermediate: false,
      problems: [],
    });
    expect(of([idTlv('A1')]).kind).toBe('not_a_receipt');
    expect(of([stateTlv(2)]).kind).toBe('not_a_receipt');
  });
});

describe('the text form', () => {
  test('is read whole', () => {
    expect(receipt(STANDARD)).toEqual({
      kind: 'receipt',
      mcMessageId: '7220bb6bd0be98fa628de66590f80070',
      stat: 'DELIVRD',
      err: '000',
      sub: '001',
      dlvrd: '001',
      submitDate: '2026-11-22T18:26:00',
      doneDate: '2026-11-22T18:27:00',
      intermediate: false,
      problems: [],
    });
  });

  test('needs no more than id and stat', () => {
    expect(receipt('id:12345 stat:UNDELIV')).toEqual({
      kind: 'receipt',
      mcMessageId: '12345',
      stat: 'UNDELIV',
      intermediate: false,
      problems: [],
    });
  });

  test('keeps no more of a word than words have: both come to stand in a message, and in its events', () => {
    const { stat, err } = receipt(`id:1 stat:${'S'.repeat(60_000)} err:${'E'.repeat(60_000)}`);
    expect({ stat, err }).toEqual({ stat: 'S'.repeat(32), err: 'E'.repeat(32) });
  });

  test.each([
    ['YYMMDDhhmm', '2611221826', '2026-11-22T18:26:00'],
    ['YYMMDDhhmmss', '261122182605', '2026-11-22T18:26:05'],
    ['YYYYMMDDhhmm', '202611221826', '2026-11-22T18:26:00'],
    ['YYYYMMDDhhmmss', '20261122182605', '2026-11-22T18:26:05'],
    ['with a zone', '2611221826+0800', '2026-11-22T18:26:00'],
    ['with a zone apart', '261122182605 +08:00', '2026-11-22T18:26:05'],
    ["in SMPP's absolute form", '261122182605032+', '2026-11-22T18:26:05'],
  ])('knows dates %s', (_name, written, expected) => {
    const { doneDate, stat, problems } = receipt(`id:1 submit date:${written} done date:${written} stat:DELIVRD`);
    expect({ doneDate, stat, problems }).toEqual({ doneDate: expected, stat: 'DELIVRD', problems: [] });
  });

  test.each(['2613221826', '26', '2602301200', 'yesterday', '26-11-22 18:26'])(
    'tells that it cannot read the date %s',
    (date) => {
      const { doneDate, stat, problems } = receipt(`id:1 done date:${date} stat:DELIVRD`);
      expect({ doneDate, stat, problems }).toEqual({
        doneDate: undefined,
        stat: 'DELIVRD',
        problems: ['bad_done_date'],
      });
    },
  );

  test.each(['DELIV', 'DELIVERED', 'UNDELIVERABLE', 'D', 'ESME_ROK'])('keeps the cut or misspelt stat %s', (stat) => {
    expect(receipt(`id:1 stat:${stat} err:1`)).toMatchObject({ stat, err: '1', problems: [] });
  });

  test.each([
    ['capitals and spaces', 'ID: 77 SUB: 001 Submit Date: 2611221826 STAT: delivrd ERR: 0x1F'],
    ['no spaces between fields', 'id:77sub:001submit date:2611221826stat:DELIVRD err:0x1F'],
    ['line ends between fields', 'id:77\r\nsub:001\r\nsubmit_date:2611221826\r\nstatus:DELIVRD\r\nerror:0x1F'],
    ['another order', 'err:0x1F stat:DELIVRD sub:001 submitdate:2611221826 id:77'],
    ['commas', 'id:77 , sub:001 , submit date:2611221826 , stat:DELIVRD , err:0x1F'],
  ])('is read with %s', (_name, text) => {
    const { mcMessageId, sub, err, stat } = receipt(text);
    expect({ mcMessageId, sub, err, stat }).toEqual({ mcMessageId: '77', sub: '001', err: '0x1F', stat: 'DELIVRD' });
  });

  test('is never read behind text:', () => {
    const { mcMessageId, stat, err, problems } = receipt('id:1 text:id:2 stat:DELIVRD err:000');
    expect({ mcMessageId, stat, err, problems }).toEqual({
      mcMessageId: '1',
      stat: undefined,
      err: undefined,
      problems: ['no_state'],
    });
  });

  test('takes the first of a field that comes twice', () => {
    expect(receipt('id:1 stat:UNDELIV stat:DELIVRD')).toMatchObject({ stat: 'UNDELIV' });
  });

  test('is no field where a word ends in its name', () => {
    expect(receipt('paid:9 id:1 restat:DELIVRD stat:EXPIRED')).toMatchObject({ mcMessageId: '1', stat: 'EXPIRED' });
  });

  test('keeps an underscore in an id, which GSM would read as a section sign', () => {
    expect(receipt('id:a_b@c$1 stat:DELIVRD').mcMessageId).toBe('a_b@c$1');
  });

  test('may come as UTF-16BE', () => {
    expect(receipt(utf16(STANDARD))).toEqual(receipt(STANDARD));
  });

  test('may come as message_payload', () => {
    expect(receipt('', { tlvs: [{ tag: 0x0424, value: ascii(STANDARD) }] })).toEqual(receipt(STANDARD));
  });

  test('without an id or a state is a receipt all the same, and says so', () => {
    expect(receipt('hello')).toEqual({
      kind: 'receipt',
      mcMessageId: '',
      intermediate: false,
      problems: ['no_state', 'no_id'],
    });
  });
});

describe('a user data header', () => {
  test('that is announced and absent cuts nothing off', () => {
    expect(receipt(STANDARD, { esmClass: 0x44 })).toEqual({
      ...receipt(STANDARD),
      problems: ['udh_indicated_but_absent'],
    });
  });

  test('that is there is cut off', () => {
    const header = Uint8Array.of(5, 0, 3, 7, 1, 1);
    expect(receipt(Buffer.concat([header, ascii(STANDARD)]), { esmClass: 0x44 })).toEqual(receipt(STANDARD));
  });

  test.each([
    ['longer than the payload', [200, 0, 3, 7, 1, 1]],
    ['whose elements end elsewhere', [5, 0, 9, 7, 1, 1]],
    ['of nothing', [0]],
  ])('%s is none', (_name, octets) => {
    const { problems } = receipt(Buffer.concat([Uint8Array.from(octets), ascii(STANDARD)]), { esmClass: 0x44 });
    expect(problems).toContain('udh_indicated_but_absent');
  });
});

describe('TLVs', () => {
  test('complete the text form', () => {
    expect(receipt('stat:DELIVRD', { tlvs: [idTlv('A1'), stateTlv(2)] })).toMatchObject({
      mcMessageId: 'A1',
      stat: 'DELIVRD',
      messageState: 2,
      problems: [],
    });
  });

  test('name the id before the text does, and a difference is told', () => {
    expect(receipt('id:10 stat:DELIVRD', { tlvs: [idTlv('0A')] })).toMatchObject({
      mcMessageId: '0A',
      problems: ['ids_differ'],
    });
    expect(receipt('id:0a stat:DELIVRD', { tlvs: [idTlv('0A')] }).problems).toEqual([]);
  });

  test('with an id that no table would take leave none, so that the receipt can be stored all the same', () => {
    const long = { mcMessageId: '', problems: ['id_too_long'] };
    expect(receipt('stat:DELIVRD', { tlvs: [idTlv('9'.repeat(256))] })).toMatchObject(long);
    expect(receipt(`id:${'9'.repeat(5_000)} stat:DELIVRD`)).toMatchObject(long);
    expect(receipt(`id:${'9'.repeat(255)} stat:DELIVRD`)).toMatchObject({ problems: [] });
  });

  test('without a NUL are read to their end', () => {
    expect(receipt('', { tlvs: [{ tag: 0x1e, value: ascii('A1') }, stateTlv(2)] })).toMatchObject({
      mcMessageId: 'A1',
      problems: ['id_without_nul'],
    });
  });

  test('with an empty id leave it to the text', () => {
    expect(receipt('id:5 stat:DELIVRD', { tlvs: [idTlv('')] })).toMatchObject({ mcMessageId: '5', problems: [] });
  });

  test('with a message_state of the wrong length are told', () => {
    const tlvs = [idTlv('A1'), { tag: 0x0427, value: Uint8Array.of(0, 0, 0, 2) }];
    expect(receipt('', { tlvs })).toMatchObject({ mcMessageId: 'A1', problems: ['bad_message_state', 'no_state'] });
  });

  test('give the network error where the text has none', () => {
    const tlvs = [{ tag: 0x0423, value: Uint8Array.of(3, 1, 4) }];
    expect(receipt('id:1 stat:UNDELIV', { tlvs }).err).toBe('260');
    expect(receipt('id:1 stat:UNDELIV err:7', { tlvs }).err).toBe('7');
    for (const octets of [
      [3, 1],
      [3, 1, 4, 0],
    ]) {
      const { err, problems } = receipt('id:1 stat:UNDELIV', {
        tlvs: [{ tag: 0x0423, value: Uint8Array.from(octets) }],
      });
      expect({ err, problems }).toEqual({ err: undefined, problems: ['bad_network_error'] });
    }
  });

  test('that contradict the text are told, as far as both are known', () => {
    const problems = (stat: string, messageState: number) =>
      receipt(`id:1 stat:${stat}`, { tlvs: [stateTlv(messageState)] }).problems;
    expect(problems('DELIVRD', 2)).toEqual([]);
    expect(problems('REJECTD', 5)).toEqual([]);
    expect(problems('ENROUTE', 6)).toEqual([]);
    expect(problems('DELIVRD', 5)).toEqual(['states_differ']);
    expect(problems('DELIVRD', 1)).toEqual(['states_differ']);
    expect(problems('DELIV', 5)).toEqual([]);
    expect(problems('DELIVRD', 99)).toEqual([]);
  });
});

test('an intermediate notification is told from a receipt', () => {
  expect(receipt('id:1 stat:DELIVRD', { esmClass: 0x20 }).intermediate).toBe(true);
});
