import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { ask, linesOf } from '../../../cli/terminal/ask.ts';
import { Progress } from '../../../cli/terminal/progress.ts';
import { fields, table } from '../../../cli/terminal/table.ts';
import { harmless, Terminal } from '../../../cli/terminal/terminal.ts';

class Recorded {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 60;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

function terminal(options: { tty?: boolean; json?: boolean; environment?: Record<string, string> } = {}) {
  const { tty = false, json = false, environment = {} } = options;
  const stdout = new Recorded(tty);
  const stderr = new Recorded(tty);
  return { stdout, stderr, terminal: new Terminal({ stdout, stderr, environment, json }) };
}

describe('colours', () => {
  test('are for terminals that want them', () => {
    const painted = (options: Parameters<typeof terminal>[0]) => terminal(options).terminal.paint('red', 'x') !== 'x';
    expect(painted({ tty: true })).toBe(true);
    expect(painted({})).toBe(false);
    expect(painted({ tty: true, environment: { NO_COLOR: '1' } })).toBe(false);
    expect(painted({ tty: true, environment: { NO_COLOR: '' } })).toBe(true);
    expect(painted({ tty: true, environment: { TERM: 'dumb' } })).toBe(false);
  });
});

describe('a result', () => {
  test('is one document or lines, and notes stand beside it', () => {
    const human = terminal();
    human.terminal.answer({ a: 1 }, () => ['one', 'two']);
    human.terminal.note('by the way');
    expect([human.stdout.text, human.stderr.text]).toEqual(['one\ntwo\n', 'by the way\n']);
    const program = terminal({ json: true });
    program.terminal.answer({ a: 1 }, () => ['one']);
    expect(program.stdout.text).toBe('{"a":1}\n');
  });

  test('of somebody else moves no cursor', () => {
    expect(harmless('a\u001B[2J\nb\u202Ec')).toBe('a·[2J·b·c');
  });

  test('stands in columns, also where cells are painted', () => {
    const lines = table(
      ['NAME', 'N'],
      [
        ['\u001B[31mñandú\u001B[39m', '7'],
        ['x', '1,000'],
      ],
      { right: ['N'] },
    );
    expect(lines).toEqual(['NAME       N', '\u001B[31mñandú\u001B[39m      7', 'x      1,000']);
    expect(
      fields([
        ['A', '1'],
        ['Long', ''],
      ]),
    ).toEqual(['A     1', 'Long']);
  });
});

describe('progress', () => {
  test('is painted over itself on a terminal', () => {
    const { terminal: live, stderr } = terminal({ tty: true });
    let now = 0;
    const progress = new Progress({ terminal: live, what: 'rows', total: 200, now: () => now });
    now = 10_000;
    progress.advance(100);
    expect(stderr.text).toContain('\r\u001B[2K████████████░░░░░░░░░░░░  50 %  100 of 200 rows');
    progress.show('lane_full: next try in 9 s');
    expect(stderr.text).not.toContain('\n');
  });

  test('is a line now and then elsewhere', () => {
    const { terminal: quiet, stderr } = terminal();
    let now = 0;
    const progress = new Progress({ terminal: quiet, what: 'rows', total: 4, now: () => now });
    progress.advance(1);
    now = 6_000;
    progress.advance(1);
    expect(stderr.text).toBe('████████████░░░░░░░░░░░░  50 %  2 of 4 rows  6 s left\n');
  });
});

describe('a question', () => {
  /** A terminal as a person's keys come through it. */
  function keyboard(): ReadStream & { modes: boolean[]; write(keys: string): void } {
    const modes: boolean[] = [];
    const stream = new PassThrough();
    const setRawMode = (mode: boolean): unknown => {
      modes.push(mode);
      return stream;
    };
    return Object.assign(stream, { isTTY: true, modes, setRawMode }) as never;
  }

  test('that is not to be seen is read key by key, without echo, and the terminal is given back', async () => {
    const keys = keyboard();
    let said = '';
    const answer = ask(keys, undefined, { hidden: true, say: (text) => (said += text) });
    keys.write('sEc');
    keys.write('x\u007Fret\r');
    expect(await answer).toBe('sEcret');
    expect([said, keys.modes]).toEqual(['\n', [true, false]]);
  });

  test('is left by Ctrl-C', async () => {
    const keys = keyboard();
    const answer = ask(keys, undefined, { hidden: true, say: () => undefined });
    keys.write('sE\u0003');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    expect(keys.modes).toEqual([true, false]);
  });

  test('through a pipe takes the next line, and fails where there is none', async () => {
    const pipe = new PassThrough();
    const lines = linesOf(pipe);
    pipe.end('me\nsecret\n');
    const next = () => ask(pipe as never, lines, { hidden: true, say: () => undefined });
    expect([await next(), await next()]).toEqual(['me', 'secret']);
    await expect(next()).rejects.toMatchObject({ code: 'no_input' });
  });
});
