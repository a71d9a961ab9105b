import { SAMPLE } from './sample.ts';

const shortMessage = Buffer.from(SAMPLE.text, 'latin1');

/**
 * The same submit_sm as Bindery's, octet for octet in length, in the words of the `smpp` package. Encoded text is cheaper for it
 * than a string, of which it would guess the data_coding; and an object of its own each time, because it writes into it.
 */
export function plainFields(to = SAMPLE.to): Record<string, string | number | Buffer> {
  return {
    source_addr_ton: 5,
    source_addr: SAMPLE.from,
    destination_addr: to,
    validity_period: '000000040000000R',
    registered_delivery: 1,
    data_coding: 0,
    short_message: shortMessage,
    user_message_reference: 0x1234,
  };
}
