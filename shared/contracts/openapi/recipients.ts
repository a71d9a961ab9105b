import { eraseRequestSchema, erasureSchema } from '../recipient.ts';
import { component, type Operation } from './operation.ts';

const eraseRequest = component('EraseRecipientRequest', eraseRequestSchema, {
  description: 'Whose data to delete.',
  fields: {
    to: 'The recipient, in any form in which a number may be written.',
    cursor: '`next_cursor` of the last answer, where it was not done.',
  },
  example: { to: '0917 123 4567' },
});

const erasure = component('Erasure', erasureSchema, {
  description: 'How far the data of a recipient is deleted.',
  fields: {
    done: 'Whether nothing is left. Where it is not, ask again, with `next_cursor` if there is one.',
    messages_erased: 'Messages that lost number, text, reference and metadata.',
    messages_canceled: 'Of those, the ones that waited to be sent, and will not be.',
    messages_under_way:
      'With the operator, or about to be. They can be erased when it has answered, most likely within a minute.',
    inbound_erased: 'Messages from the recipient; nothing stays of them.',
    next_cursor: 'Where to go on; `null` where nothing is left to look at.',
  },
  example: {
    done: true,
    messages_erased: 3,
    messages_canceled: 1,
    messages_under_way: 0,
    inbound_erased: 0,
    next_cursor: null,
  },
});

export const recipientOperations: readonly Operation[] = [
  {
    id: 'eraseRecipient',
    route: 'POST /v1/recipients/erase',
    tag: 'Recipients',
    summary: "Erase a recipient's data",
    description:
      'What stays of each message is what it was and what became of it, without number, text, reference and metadata. An opt-out stays: it is what keeps the number from being written to again.\n\nIt may break off anywhere and be asked for again.',
    scopes: ['admin'],
    body: eraseRequest,
    answers: { 200: { description: 'What was deleted by this request.', body: erasure } },
    errors: ['invalid_cursor', 'invalid_number', 'landline_number', 'unsupported_country'],
  },
];
