import { describe, expect, test } from 'vitest';
import { createLog, type Level } from '../../../shared/log/log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void, level: Level = 'debug'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ level, now: () => 0, write: (line) => lines.push(line), fields: { program: 'test' } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is one JSON object with level, time, message and fields', () => {
  expect(logged((log) => log.info('hello', { count: 2 }))).toEqual([
    { level: 'info', time: '1970-01-01T00:00:00.000Z', message: 'hello', program: 'test', count: 2 },
  ]);
});

test('lines below the level are not written', () => {
  const levels = logged((log) => {
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
  }, 'warn').map(({ level }) => level);
  expect(levels).toEqual(['warn', 'error']);
});

test('a narrower log keeps the fields of the wider one, and its own win', () => {
  expect(logged((log) => log.with({ account: 'main', a: 1 }).info('x', { a: 2 }))[0]).toMatchObject({
    program: 'test',
    account: 'main',
    a: 2,
  });
});

describe('what never leaves the process (promise P9)', () => {
  const SECRET = 'hunter2hunter2';

  test.each(['text', 'password', 'secret', 'key', 'authorization', 'shortMessage', 'body', 'raw'])(
    'a field called %s',
    (name) => {
      const fields = { [name]: SECRET, nested: { [name]: SECRET }, list: [{ [name]: SECRET }] };
      const [line] = logged((log) => log.with({ [name]: SECRET }).error('x', fields));
      expect(JSON.stringify(line)).not.toContain(SECRET);
    },
  );

  test.each(['to', 'number', 'destination', 'recipient'])('a whole number in a field called %s', (name) => {
    const fields = { [name]: '09171234567', nested: { [name]: '+639171234567' }, list: [{ [name]: '09171234567' }] };
    const [line] = logged((log) => log.info('x', fields));
    expect(JSON.stringify(line)).not.toContain('1234567');
    expect(line).toMatchObject({ [name]: '+63917•••••67', nested: { [name]: '+63917•••••67' } });
  });

  test('numbers in a list of numbers', () => {
    expect(JSON.stringify(logged((log) => log.info('x', { to: ['09171234567', '09181234567'] })))).not.toContain(
      '1234567',
    );
  });
});

test('an error is written with its code, its cause and its stack', () => {
  const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'some_code' });
  expect(logged((log) => log.error('x', { error }))[0]).toMatchObject({
    error: { name: 'Error', message: 'outer', code: 'some_code', cause: { name: 'TypeError', message: 'inner' } },
  });
});
