import { describe, expect, test } from 'vitest';
import { keywordsSchema } from '../../../shared/config/keywords.ts';
import { keywordOf } from '../../../shared/domain/subscriber-keyword.ts';

const usual = { stop: {}, start: {} };

describe('a message asks for no more messages', () => {
  test.each([
    'STOP',
    'stop',
    ' Stop. ',
    '"STOP"!!',
    'ＳＴＯＰ',
    'stop 🙏',
    'stop ❤️',
    '☹️STOP',
    'ST\u00adOP\u200b',
    'hintô',
    'Tamà na',
    'ÁYAW KO',
    'Unsubscribe',
    'stop all',
    'TIGIL',
    'Ihinto',
    'ayaw na!',
    'Ayaw  na',
    'ayaw-na',
    'tama na',
  ])('by %j', (text) => {
    expect(keywordOf(text, usual)).toBe('stop');
  });
});

describe('a message asks for messages again', () => {
  test.each(['START', 'unstop', 'Simulan.', 'ituloy', 'magpatuloy'])('by %j', (text) => {
    expect(keywordOf(text, usual)).toBe('start');
  });
});

describe('a message asks for nothing', () => {
  test.each([
    '',
    '   ',
    '!?',
    'please stop by tomorrow',
    'STOP it',
    'do not stop',
    'stopped',
    'nonstop',
    'S T O P',
    'itigil ninyo ang ingay',
    'ayaw na ba niya',
    'the end',
    'stop\nstart',
    '❤️',
  ])('by %j', (text) => {
    expect(keywordOf(text, usual)).toBeUndefined();
  });
});

describe('words of an account', () => {
  test('stand in place of the usual ones', () => {
    const lists = { stop: { words: ['Alis'] }, start: {} };
    expect(keywordOf('alis', lists)).toBe('stop');
    expect(keywordOf('STOP', lists)).toBeUndefined();
    expect(keywordOf('START', lists)).toBe('start');
  });

  test.each([
    ['stand for both', { stop: { words: ['Balik'] }, start: { words: ['BALIK!'] } }],
    ['for starting are usual ones for stopping', { start: { words: ['stop'] } }],
    ['for stopping are usual ones for starting', { stop: { words: ['start'] } }],
  ])('that %s are refused', (_what, keywords) => {
    const issue = { message: 'stands for stop and for start' };
    expect(keywordsSchema.safeParse(keywords).error?.issues[0]).toMatchObject(issue);
  });

  test('and an answer that is one of them is refused: a phone may send it back', () => {
    const { error } = keywordsSchema.safeParse({ start: { answer: 'Stop!' } });
    expect(error?.issues).toMatchObject([{ path: ['start', 'answer'], message: 'is itself one of the words' }]);
  });

  test('have defaults that need nothing to be configured', () => {
    expect(keywordsSchema.parse(undefined)).toEqual({ stop: {}, start: {}, scope: 'all' });
  });
});
