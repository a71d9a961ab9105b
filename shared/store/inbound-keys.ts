import { addressOf } from '../domain/inbound-message.ts';

/** Partitions of the Receipts table. They stand where other rows have an id of the message centre: operators give out digits and letters. */

export function messagesKey(account: string): string {
  return `${account}#inbound#`;
}

export function waitingKey(account: string): string {
  return `${account}#inbound-waiting#`;
}

/** By sender, so that the parts of a message are found together, and all that is kept of a subscriber, too. */
export function partsKey({ account, from }: { account: string; from: string }): string {
  return `${account}#inbound-parts#${addressOf(from)}`;
}
