import * as z from 'zod';

/** Who hears of alarms. Without anyone they are raised all the same, and seen on the dashboard. */
export const alarmsSchema = z
  .strictObject({
    /** Each gets a letter from AWS first, with a link that must be opened. */
    emails: z.array(z.email('an e-mail address')).max(20).default([]),
    /** A topic that exists, in place of one of the stack's own: what it sends, and to whom, is its owner's. */
    topicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME')
      .optional(),
    /** Address of docs/runbook.md as the people see it who are called; stands in each alarm's description. */
    runbook: z.string().max(200).default('docs/runbook.md'),
  })
  .check((context) => {
    const { emails, topicArn } = context.value;
    if (topicArn === undefined || emails.length === 0) return;
    const message = 'not beside topicArn: whoever owns that topic says who hears of it';
    context.issues.push({ code: 'custom', path: ['emails'], message, input: undefined });
  });
