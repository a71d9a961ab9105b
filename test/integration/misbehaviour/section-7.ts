/** Section 7 of the binder's design notes, word for word: what a message centre may do and the binder must survive. */
export const SECTION_7 =
  'bind refused (each code), bind never answered, close right after bind, already bound for T s; silence; ' +
  'half-open (never reads); one byte a write; two PDUs a segment; reset in mid-PDU; length 0, 4, 10, 2^31, one too many; ' +
  'truncated body; unknown command; unknown sequence number; answer late, after its timeout, out of order, twice; ' +
  'error answer with and without body; OK without id; throttled above N/s, always, and for a while; queue full; ' +
  'unbind from the peer; enquire_link from the peer and never answered; receipt before the answer, twice, reversed, ' +
  'hex against decimal, padded, without NUL, with 0x44, malformed, for an unknown id; a storm of receipts; ' +
  'an inbound message in parts out of order; a drop every N submits; a slow link of T ms';

/** Every misbehaviour by a name that needs no context, with its words in section 7, in the order of section 7. */
export const MISBEHAVIOURS = {
  'bind refused': 'bind refused (each code)',
  'bind never answered': 'bind never answered',
  'close right after bind': 'close right after bind',
  'already bound': 'already bound for T s',
  silence: 'silence',
  'half-open': 'half-open (never reads)',
  'one byte a write': 'one byte a write',
  'two PDUs a segment': 'two PDUs a segment',
  'reset in mid-PDU': 'reset in mid-PDU',
  'length 0': 'length 0',
  'length 4': '4',
  'length 10': '10',
  'length 2^31': '2^31',
  'length one too many': 'one too many',
  'truncated body': 'truncated body',
  'unknown command': 'unknown command',
  'unknown sequence number': 'unknown sequence number',
  'answer late': 'answer late',
  'answer after its timeout': 'after its timeout',
  'answers out of order': 'out of order',
  'answer twice': 'twice',
  'error answer': 'error answer with and without body',
  'OK without id': 'OK without id',
  'throttled above N/s': 'throttled above N/s',
  'throttled always': 'always',
  'throttled for a while': 'and for a while',
  'queue full': 'queue full',
  'unbind from the peer': 'unbind from the peer',
  enquire_link: 'enquire_link from the peer and never answered',
  'receipt before the answer': 'receipt before the answer',
  'receipt twice': 'twice',
  'receipts reversed': 'reversed',
  'receipt ids hex against decimal': 'hex against decimal',
  'receipt ids padded': 'padded',
  'receipt ids without NUL': 'without NUL',
  'receipts with 0x44': 'with 0x44',
  'receipts malformed': 'malformed',
  'receipts for an unknown id': 'for an unknown id',
  'storm of receipts': 'a storm of receipts',
  'inbound parts out of order': 'an inbound message in parts out of order',
  'drop every N submits': 'a drop every N submits',
  'slow link': 'a slow link of T ms',
} as const;

export type Misbehaviour = keyof typeof MISBEHAVIOURS;
