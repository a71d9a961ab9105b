import { batchComponents } from './batch.ts';
import { batchOperations, batchRequestComponents } from './batches.ts';
import { callbackComponents, callbackOperations } from './callbacks.ts';
import { documentationOperations } from './documentation.ts';
import { feedbackComponents, feedbackOperations, senderUsageOperations } from './feedback.ts';
import { inboundMessage, inboundOperations } from './inbound-messages.ts';
import { keyComponents, keyOperations } from './keys.ts';
import { limitComponents, limitOperations } from './limits.ts';
import { messageComponents } from './message.ts';
import { messageOperations, previewComponents } from './messages.ts';
import type { Component, Operation } from './operation.ts';
import { optOut, optOutOperations } from './opt-outs.ts';
import { problem, problemField } from './problem.ts';
import { recipientOperations } from './recipients.ts';
import { webhookComponents, webhookOperations } from './webhook-endpoints.ts';

/** Tags in the order of the document, each with its introduction. */
export const TAGS: Readonly<Record<string, string>> = {
  Messages: 'Send messages, and follow them until they are delivered.',
  Batches: 'A campaign in one request: accepted item by item, paused and canceled at once.',
  'Lanes and limits': 'How much waits, how long that takes, and how much may still be sent.',
  'Inbound messages': 'What subscribers sent to you.',
  'Opt-outs': 'Who does not want messages.',
  Recipients: 'What is known of a person, and how to forget it.',
  'API keys': 'Who may do what.',
  'Webhook endpoints': 'Where events are posted to.',
  Callbacks: 'Where the events of single messages are posted to, as their senders ask.',
  Documentation: 'This description, for programs and for people. No key is needed.',
};

/** Every operation of the API. A test compares it with the routes of the template. */
export const OPERATIONS: readonly Operation[] = [
  ...messageOperations,
  ...feedbackOperations,
  ...batchOperations,
  ...limitOperations,
  ...senderUsageOperations,
  ...inboundOperations,
  ...optOutOperations,
  ...recipientOperations,
  ...keyOperations,
  ...webhookOperations,
  ...callbackOperations,
  ...documentationOperations,
];

/** Parts of requests that are referred to by their name, besides those that an operation names itself. */
export const REQUEST_COMPONENTS: readonly Component[] = batchRequestComponents;

/** The same of answers. */
export const COMPONENTS: readonly Component[] = [
  ...messageComponents,
  ...previewComponents,
  ...batchComponents,
  ...limitComponents,
  ...feedbackComponents,
  optOut,
  inboundMessage,
  ...keyComponents,
  ...webhookComponents,
  ...callbackComponents,
  problem,
  problemField,
];
