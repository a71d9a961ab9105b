import { PolicyError } from './policy-error.ts';

/** A text of a policy that values are held against. */
export interface Pattern {
  /** As the policy has it. */
  text: string;
  matches: (value: string) => boolean;
}

const ARN_PARTS = 6;

const escaped = (text: string): string => text.replaceAll(/[\\^$.+()|[\]{}]/g, String.raw`\$&`);

/** `*` stands for any characters, `?` for one. */
const expressionOf = (text: string): string => escaped(text).replaceAll('*', '.*').replaceAll('?', '.');

/** The same where only a `*` at the end of a part reaches over the colon behind it. */
const expressionOfParts = (text: string): string =>
  escaped(text)
    .replaceAll(/\*(?!:)/g, '[^:]*')
    .replaceAll(/\?/g, '[^:]')
    .replaceAll('*:', '.*:');

export function wildcard(text: string, { ignoreCase = false } = {}): Pattern {
  const expression = new RegExp(`^${expressionOf(text)}$`, ignoreCase ? 'is' : 's');
  return { text, matches: (value) => expression.test(value) };
}

/** IAM does not tell the cases of an action's name apart. */
export function actionPattern(text: string): Pattern {
  if (text !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(text)) {
    throw new PolicyError(`the action ${text} is not of the form service:Action`);
  }
  return wildcard(text, { ignoreCase: true });
}

/** The resource comes last and may hold colons itself. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  const before = parts.slice(0, ARN_PARTS - 1);
  return parts.length < ARN_PARTS ? before : [...before, parts.slice(ARN_PARTS - 1).join(':')];
}

/** Values that only a request has, e.g. `${aws:PrincipalTag/team}`. */
export function refuseVariables(text: string): void {
  if (text.includes('${')) throw new PolicyError(`${text} has a policy variable, and none is known here`);
}

/**
 * A statement's `Resource`. A `*` at the end of one of an ARN's parts reaches over the colons that follow, any other stays within
 * its part (IAM User Guide, "Using wildcards in resource ARNs").
 */
export function resourcePattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  refuseVariables(text);
  if (!text.startsWith('arn:')) throw new PolicyError(`${text} is no ARN`);
  const parts = partsOf(text);
  const resource = parts.pop() ?? '';
  const expression = new RegExp(
    `^${expressionOfParts(parts.map((part) => `${part}:`).join(''))}${expressionOf(resource)}$`,
    's',
  );
  return { text, matches: (value) => expression.test(value) };
}

/** ARNs of conditions agree part by part: a wildcard does not reach over the colons of the first five. */
export function arnPattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  refuseVariables(text);
  if (text.split(':').length < ARN_PARTS) throw new PolicyError(`${text} is no ARN`);
  const parts = partsOf(text).map((part) => wildcard(part));
  return {
    text,
    matches: (value) => {
      const values = partsOf(value);
      return parts.every((part, index) => part.matches(values[index] ?? ''));
    },
  };
}
