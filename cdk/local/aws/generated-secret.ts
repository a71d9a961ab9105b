import { randomInt } from 'node:crypto';
import type { GenerateSecretString } from './api.ts';

/** A random value as AWS::SecretsManager::Secret describes it: 32 characters of every type unless told otherwise. */
export function generateSecretString(rules: GenerateSecretString): string {
  const password = generatePassword(rules);
  if (rules.SecretStringTemplate === undefined || rules.GenerateStringKey === undefined) return password;
  const template = JSON.parse(rules.SecretStringTemplate) as Record<string, unknown>;
  return JSON.stringify({ ...template, [rules.GenerateStringKey]: password });
}

function generatePassword(rules: GenerateSecretString): string {
  const alphabets = alphabetsOf(rules);
  const length = rules.PasswordLength ?? 32;
  const required = rules.RequireEachIncludedType === false ? [] : alphabets.map(oneOf);
  const all = alphabets.join('');
  const rest = Array.from({ length: length - required.length }, () => oneOf(all));
  return shuffle([...required, ...rest]).join('');
}

function alphabetsOf(rules: GenerateSecretString): string[] {
  const types = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ];
  const excluded = rules.ExcludeCharacters ?? '';
  return types
    .map((type) =>
      type
        .split('')
        .filter((character) => !excluded.includes(character))
        .join(''),
    )
    .filter((type) => type !== '');
}

const oneOf = (alphabet: string): string => alphabet.charAt(randomInt(alphabet.length));

function shuffle(characters: string[]): string[] {
  return characters
    .map((character) => ({ character, order: randomInt(2 ** 40) }))
    .sort((left, right) => left.order - right.order)
    .map(({ character }) => character);
}
