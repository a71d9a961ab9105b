import { count, counted } from '../../cdk/local/view/words.ts';
import type { Batch, Bindery, CallOptions } from '../../docs/client/bindery.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { fields, table } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { localTime } from './message-view.ts';

function batchLines(batch: Batch): string[] {
  const { counters } = batch;
  const states = Object.entries(counters).filter(([, value]) => value > 0);
  return fields([
    ['Batch', batch.id],
    ['Status', batch.status],
    ['Lane', `${batch.lane} of ${batch.account}${batch.test ? ', test' : ''}`],
    ['Messages', `${count(batch.accepted)} of ${count(batch.total)}, ${counted(batch.segments, 'segment')}`],
    ['Stand', states.map(([name, value]) => `${name} ${count(value)}`).join('  ')],
    ['Starts', localTime(batch.starts_at)],
  ]);
}

const list: Command = {
  name: 'batch list',
  summary: 'list batches, newest first',
  arguments: [],
  options: {
    limit: { value: 'N', help: 'how many, 1 to 200 (default 20)' },
    cursor: { value: 'CURSOR', help: 'the next page' },
  },
  examples: ['batch list'],
  async run(given, { terminal, api, signal }) {
    const limit = given.wholeNumber('limit', { lowest: 1, highest: 200 }) ?? 20;
    const page = await (await api()).listBatches({ limit, cursor: given.text('cursor') }, { signal });
    terminal.answer(page, () => {
      const more = page.next_cursor === null ? [] : ['', `The next page: --cursor ${page.next_cursor}`];
      const rows = page.data.map((batch) => [
        batch.id,
        localTime(batch.created_at),
        batch.status,
        batch.lane,
        count(batch.accepted),
        count(batch.refused),
        harmless(batch.client_ref ?? ''),
      ]);
      const headings = ['ID', 'ACCEPTED', 'STATUS', 'LANE', 'MESSAGES', 'REFUSED', 'REFERENCE'];
      return rows.length === 0
        ? ['no batches', ...more]
        : [...table(headings, rows, { right: ['MESSAGES', 'REFUSED'] }), ...more];
    });
    return EXIT.done;
  },
};

function onBatch(
  word: string,
  summary: string,
  call: (api: Bindery, id: string, options: CallOptions) => Promise<Batch>,
): Command {
  return {
    name: `batch ${word}`,
    summary,
    arguments: ['ID'],
    options: {},
    examples: [`batch ${word} bat_01M82VCVQQD4FTF0ZCFXTYHWWX`],
    async run(given, { terminal, api, signal }) {
      const batch = await call(await api(), given.argument, { signal });
      terminal.answer(batch, () => batchLines(batch));
      return EXIT.done;
    },
  };
}

export const batchCommands: readonly Command[] = [
  list,
  onBatch('show', 'show how far a batch is', (api, id, options) => api.getBatch(id, options)),
  onBatch('pause', 'hold a batch back', (api, id, options) => api.pauseBatch(id, options)),
  onBatch('resume', 'let a batch go on', (api, id, options) => api.resumeBatch(id, options)),
  onBatch('cancel', 'cancel what of a batch has not gone out', (api, id, options) => api.cancelBatch(id, options)),
];
