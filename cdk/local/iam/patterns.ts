import { PolicyError } from './policy-error.ts';

/** A text of a policy that values are held against. */
export interface Pattern {
  /** As the policy has it. */
  text: string;
  matches: (value: string) => boolean;
}

const ARN_PARTS = 6;

/** `*` stands for any characters, `?` for one. */
export function wildcard(text: string, { ignoreCase = false } = {}): Pattern {
  const source = text
    .replaceAll(/[\\^$.+()|[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
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
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** ARNs agree part by part: a wildcard does not reach over the colons of the first five. */
export function arnPattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  // Values that only a request has, e.g. `${aws:PrincipalTag/team}`.
  if (text.includes('${')) throw new PolicyError(`${text} has a policy variable, and none is known here`);
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
