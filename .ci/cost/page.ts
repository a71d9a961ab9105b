import { type Item, monthlyFloor, perMillion, total } from './bill.ts';
import type { Counted } from './counted.ts';
import { AS_OF, REGIONS } from './prices.ts';

const dollars = (value: number): string => value.toFixed(2);

/** One table: a line for each item, a column for each region. */
function table(bills: ReadonlyMap<string, readonly Item[]>): string[] {
  const regions = [...bills.keys()];
  const [first = []] = bills.values();
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['', 'how much', ...regions]),
    row(['---', '---', ...regions.map(() => '---:')]),
    ...first.map(({ what, amount }, index) =>
      row([what, amount, ...[...bills.values()].map((items) => dollars(items[index]?.dollars ?? 0))]),
    ),
    row(['**together**', '', ...[...bills.values()].map((items) => `**${dollars(total(items))}**`)]),
  ];
}

function inEachRegion(bill: (price: (typeof REGIONS)[string]) => readonly Item[]): Map<string, readonly Item[]> {
  return new Map(Object.entries(REGIONS).map(([region, price]) => [region, bill(price)]));
}

const month = (of: (price: (typeof REGIONS)[string]) => number, digits = 2): string =>
  Object.entries(REGIONS)
    .map(([region, price]) => `${of(price).toFixed(digits)} in ${region}`)
    .join(', ');

/** The text of docs/cost.md. */
export function costPage(counted: Counted): string {
  const { messages } = counted;
  const lines = [
    '# What it costs',
    '',
    '<!-- Made by `npm run generate` from .ci/cost; do not edit. -->',
    '',
    `US dollars. What a message takes was counted on ${counted.measured} by \`test/e2e/cost.test.ts\`, which fails when a message needs more or`,
    `fewer. The prices are the public list prices as remembered of ${AS_OF}: on demand, without free tiers, discounts and taxes. Check them`,
    "with AWS's calculator before you promise a number to anybody. What the operator asks for a segment is not in here, and is far more.",
    '',
    '## A month in which nothing is sent',
    '',
    'The shipped configuration: one account and test mode, one task in public subnets, keys of AWS.',
    '',
    ...table(inEachRegion((price) => monthlyFloor(counted, price))),
    '',
    'What changes it:',
    '',
    `- \`vpc: {"kind": "nat"}\`: a NAT gateway is ${month((price) => 730 * price.natGatewayHour)} a month, and each GB through it ${month((price) => price.natGb, 3)}.`,
    '- `binder.count`: each further task costs a task and an address more, and its own leases.',
    `- A customer key (\`encryption\`): ${month((price) => price.keyMonth)} a month, and its calls.`,
    '- An account: its secret, its alarms, the polls of its three lanes, and its metrics. A stage: all of it again.',
    '',
    '## A million messages',
    '',
    'On top of the month. Each message is counted as if it came alone: batches of a stream or a queue under load make it less.',
    'Reads of the API, webhooks and what people look up are not in it. A webhook delivery is three requests of SQS, one invocation',
    'and a few reads and writes more.',
  ];
  for (const segments of [1, 3] as const) {
    const bills = inEachRegion((price) => perMillion(messages[segments], segments, price));
    lines.push('', `### Of ${segments} segment${segments === 1 ? '' : 's'}`, '', ...table(bills));
  }
  return `${[...lines, '', 'A message of n segments lies between and beyond: what grows is receipts, and the changes that they make.'].join('\n')}\n`;
}
