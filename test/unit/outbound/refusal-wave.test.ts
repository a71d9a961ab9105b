import { describe, expect, test } from 'vitest';
import { RefusalWave, type WaveChange } from '../../../binder/outbound/refusal-wave.ts';

const refused = true;
const taken = false;

/** What a wave says to answers in turn, with the ordinal of each. */
function changes(wave: RefusalWave, answers: boolean[]): [ordinal: number, change: WaveChange][] {
  return answers.flatMap((answer, ordinal) => {
    const change = wave.add(answer);
    return change === undefined ? [] : [[ordinal, change] as [number, WaveChange]];
  });
}

describe('a wave of refused numbers', () => {
  test('begins with the twentieth of the last fifty, and is told once', () => {
    expect(changes(new RefusalWave(20), Array(60).fill(refused))).toEqual([
      [19, { kind: 'began', refused: 20, of: 20 }],
    ]);
  });

  test('is none while enough are taken between them', () => {
    const oneInThree = Array.from({ length: 600 }, (_, n) => n % 3 === 0);
    expect(changes(new RefusalWave(20), oneInThree)).toEqual([]);
  });

  test('is none for refusals that are long ago', () => {
    const wave = new RefusalWave(20);
    const answers = [...Array(19).fill(refused), ...Array(50).fill(taken), ...Array(19).fill(refused)] as boolean[];
    expect(changes(wave, answers)).toEqual([]);
  });

  test('is over when few are left among the last fifty, and can begin again', () => {
    const wave = new RefusalWave(20);
    const answers = [...Array(20).fill(refused), ...Array(60).fill(taken), ...Array(20).fill(refused)] as boolean[];
    expect(changes(wave, answers)).toEqual([
      [19, { kind: 'began', refused: 20, of: 20 }],
      [64, { kind: 'ended', refused: 5, of: 50 }],
      [99, { kind: 'began', refused: 20, of: 50 }],
    ]);
  });
});
