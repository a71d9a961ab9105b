import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QueueJournal } from '../../../cdk/local/aws/sqs/journal.ts';
import { stateDirectory } from './stack.ts';

const message = (messageId: string, body = messageId) => ({ messageId, body, approximateReceiveCount: 0 });

describe('The journal of the queues', () => {
  test('skips a cut last line and says so', async () => {
    const path = join(stateDirectory(), 'queues.jsonl');
    const { journal } = await QueueJournal.open(path, () => {});
    journal.insertMessage('lane', message('a'));
    journal.insertMessage('lane', message('b'));
    journal.flush();
    journal.close();
    appendFileSync(path, '["+","lane",{"messageId":"c","bo');
    const lines: string[] = [];
    const again = await QueueJournal.open(path, (line) => lines.push(line));
    expect(again.left.map((left) => left.message.messageId)).toEqual(['a', 'b']);
    expect(lines).toEqual([`1 unreadable line(s) in ${path} were skipped`]);
    again.journal.close();
  });

  test('is as small as what is left each time it is opened', async () => {
    const path = join(stateDirectory(), 'queues.jsonl');
    const { journal } = await QueueJournal.open(path, () => {});
    for (let count = 0; count < 1000; count += 1) {
      journal.insertMessage('lane', message(`m${count}`, 'x'.repeat(1000)));
      if (count > 0) journal.deleteMessage(`m${count}`);
    }
    journal.close();
    expect(statSync(path).size).toBeGreaterThan(1_000_000);
    const again = await QueueJournal.open(path, () => {});
    again.journal.close();
    expect(again.left).toEqual([{ queue: 'lane', message: message('m0', 'x'.repeat(1000)) }]);
    expect(statSync(path).size).toBeLessThan(1200);
  });

  test('asks to be compacted when it has outgrown what it holds, and then goes on', async () => {
    const path = join(stateDirectory(), 'queues.jsonl');
    const { journal } = await QueueJournal.open(path, () => {});
    const body = 'x'.repeat(1_000_000);
    for (let count = 0; !journal.overgrown; count += 1) {
      expect(count).toBeLessThan(100);
      journal.insertMessage('lane', message(`m${count}`, body));
      journal.deleteMessage(`m${count}`);
      journal.flush();
    }
    journal.compact([{ queue: 'lane', message: message('kept') }]);
    expect(journal.overgrown).toBe(false);
    journal.insertMessage('lane', message('new'));
    journal.close();
    expect(statSync(path).size).toBeLessThan(1000);
    const again = await QueueJournal.open(path, () => {});
    again.journal.close();
    expect(again.left.map((left) => left.message.messageId)).toEqual(['kept', 'new']);
  });
});
