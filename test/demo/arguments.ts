import { parseArgs } from 'node:util';

export const USAGE = `npm run demo -- [--limit N] [--api URL --key KEY] [--send-anyway]

  Sends some three hundred realistic messages through a local stack of its own, bound to a simulated operator, and
  prints what became of them. Takes about 45 seconds.

  --limit N        only N of the messages, of every kind
  --api URL        a stack that runs already, instead of one of its own
  --key KEY        its API key
  --send-anyway    also where the operator may be a real one: its messages would reach real phones, and cost money`;

export interface Operator {
  url: string;
  systemId: string;
  password: string;
}

/** Where the messages go. */
export type Target =
  | { kind: 'own_stack' }
  /** A stack of its own, bound to an operator that the environment names. */
  | { kind: 'own_stack_other_operator'; operator: Operator }
  | { kind: 'running_stack'; api: string; key: string };

export type Arguments =
  | { kind: 'run'; target: Target; limit?: number }
  | { kind: 'help' }
  | { kind: 'refused'; why: string };

type Environment = Record<string, string | undefined>;

/** Reads the command line. What could send the fixtures to people is refused unless it was asked for in so many words. */
export function readArguments(argv: readonly string[], environment: Environment): Arguments {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { kind: 'refused', why: (error as Error).message };
  }
  if (values.help) return { kind: 'help' };
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    return { kind: 'refused', why: '--limit takes a whole number, 1 or more' };
  }
  const target = targetOf(values, environment);
  if (target.kind === 'refused') return target;
  return { kind: 'run', target, ...(limit === undefined ? {} : { limit }) };
}

function parse(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      limit: { type: 'string' },
      api: { type: 'string' },
      key: { type: 'string' },
      'send-anyway': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

function targetOf(
  values: ReturnType<typeof parse>,
  environment: Environment,
): Target | { kind: 'refused'; why: string } {
  const { api, key } = values;
  const anyway = values['send-anyway'];
  if ((api === undefined) !== (key === undefined)) return { kind: 'refused', why: '--api and --key go together' };
  if (api !== undefined && key !== undefined) {
    if (!URL.canParse(api)) return { kind: 'refused', why: '--api takes an address such as http://127.0.0.1:8080' };
    if (anyway) return { kind: 'running_stack', api, key };
    const why = 'Nobody can see from outside which operator that stack is bound to. If it is a simulated one';
    return { kind: 'refused', why: `${why}, add --send-anyway: otherwise these texts reach real phones.` };
  }
  const { SMPP_URL: url, SMPP_SYSTEM_ID: systemId = '', SMPP_PASSWORD: password = '' } = environment;
  if (url === undefined || url === '') return { kind: 'own_stack' };
  if (anyway) return { kind: 'own_stack_other_operator', operator: { url, systemId, password } };
  const why = 'SMPP_URL is set, so the messages would go to that operator and reach real phones.';
  return { kind: 'refused', why: `${why} Unset it for a simulated operator, or add --send-anyway.` };
}
