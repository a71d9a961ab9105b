import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../../../binder/Dockerfile'), 'utf8');
const instructions = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const of = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

test('the base is a small image of Node 24 with its version pinned', () => {
  expect(of('FROM')).toEqual([expect.stringMatching(/\/node:24\.\d+\.\d+-alpine$/)]);
});

test('the image is the bundle and nothing else: no package is installed, nothing is fetched', () => {
  expect(of('COPY')).toEqual(['main.mjs health.mjs ./']);
  expect([...of('RUN'), ...of('ADD')]).toEqual([]);
});

test('the program runs as a normal user and is process 1, so that SIGTERM reaches it', () => {
  expect(of('USER')).toEqual(['node']);
  expect(of('ENTRYPOINT')).toEqual(['["node", "main.mjs"]']);
  expect(instructions.indexOf('USER node')).toBeLessThan(instructions.indexOf('ENTRYPOINT ["node", "main.mjs"]'));
});
