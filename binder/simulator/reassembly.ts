import type { Content } from '../smpp/content.ts';
import { decodeText } from '../smpp/content.ts';
import type { RecordedSubmit } from './recorded-submit.ts';

/** A message as the subscriber would read it. */
export interface ReceivedMessage {
  systemId: string;
  source: string;
  destination: string;
  /** Of the parts that have come, in order. */
  text: string;
  segments: number;
  complete: boolean;
  /** Message centre ids, in order of the segments; undefined where a segment is missing. */
  messageIds: (string | undefined)[];
  /** Accepted segments that were there already: the subscriber may have got something twice. */
  repeatedSegments: number;
}

interface Part {
  body: Buffer;
  messageId: string | undefined;
}

interface Parts {
  first: RecordedSubmit;
  /** Index 0 holds segment 1. */
  parts: (Part | undefined)[];
  repeated: number;
}

/** Puts the segments of accepted messages together, as a phone does: by sender, recipient, reference and total. */
export class Reassembly {
  readonly #messages: Parts[] = [];
  /** Those with a concatenation header whose last part may still come. */
  readonly #open = new Map<string, Parts>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  accept(submit: RecordedSubmit, { body, concatenation }: Content): void {
    const part = { body, messageId: submit.messageId };
    if (concatenation === undefined) {
      this.#begin(submit, 1).parts[0] = part;
      return;
    }
    const { reference, total, index } = concatenation;
    const key = [submit.systemId, submit.source, submit.destination, reference, total].join('|');
    const message = this.#open.get(key) ?? this.#begin(submit, total);
    if (message.parts[index - 1] !== undefined) message.repeated += 1;
    message.parts[index - 1] = part;
    // A reference comes round again: what follows a complete message belongs to another one.
    if (message.parts.includes(undefined)) this.#open.set(key, message);
    else this.#open.delete(key);
  }

  messages(): ReceivedMessage[] {
    return this.#messages.map(({ first, parts, repeated }) => ({
      systemId: first.systemId,
      source: first.source,
      destination: first.destination,
      // Octets are joined before they are decoded: some senders split a surrogate or escape pair between segments.
      text: decodeText(first.dataCoding, Buffer.concat(parts.flatMap((part) => part?.body ?? []))),
      segments: parts.length,
      complete: !parts.includes(undefined),
      messageIds: parts.map((part) => part?.messageId),
      repeatedSegments: repeated,
    }));
  }

  #begin(first: RecordedSubmit, total: number): Parts {
    const message: Parts = { first, parts: Array.from({ length: total }, () => undefined), repeated: 0 };
    if (this.#messages.length >= this.#limit) this.#messages.splice(0, Math.max(1, Math.floor(this.#limit / 10)));
    this.#messages.push(message);
    return message;
  }
}
