import type { PlacedReason } from '../../cdk/local/assembly.ts';
import type { GrantLine } from '../../cdk/local/grant-record.ts';
import type { Right } from '../../cdk/local/iam/rights.ts';

export interface SummarizedRight extends Right {
  used: boolean;
  /** Of a right with a wildcard, or of one that was not used; undefined where nobody gave one. */
  reason?: string;
  wildcard: boolean;
}

/** Resources that one loop makes and one call grants: one for each account and lane. They are used alike, so one of them speaks for all. */
const FAMILIES = /^(Lanes|Credentials)\/[^/]+/;

/** Rights that only a rare turn of things needs, which no run of the stack can be relied on to take; tests of parts show each. */
const RARE: readonly (Right & { because: string })[] = [
  ...['apply-receipts', 'sweep'].map((name) => ({
    grantee: `Functions/${name}/Role`,
    action: 'dynamodb:GetItem',
    resource: 'Storage/Receipts/Table',
    because: 'two of them end the same inbound message at once: test/integration/functions/inbound-parts.test.ts',
  })),
  {
    grantee: 'Functions/sweep/Role',
    action: 'sqs:SendMessage',
    resource: 'Feed/Steps/Queue',
    because: 'the next step of a batch was lost: test/integration/functions/sweep.test.ts',
  },
  {
    grantee: 'policy of Events/BusParked',
    action: 'sqs:SendMessage',
    resource: 'Events/BusParked',
    because: "EventBridge cannot encrypt with the customer's key: test/unit/cdk/keeping.test.ts",
  },
];

const rareReason = (right: Right): string | undefined =>
  RARE.find(
    ({ grantee, action, resource }) =>
      grantee === right.grantee && action === right.action && resource === right.resource,
  )?.because;

const inFamily = ({ grantee, action, resource }: Right): Right => ({
  grantee,
  action,
  resource: resource.replace(FAMILIES, '$1/(each)'),
});

function reasonFor({ grantee, action }: Right, reasons: readonly PlacedReason[]): string | undefined {
  return reasons.find((reason) => reason.actions.includes(action) && `${grantee}/`.startsWith(`${reason.place}/`))
    ?.reason;
}

/** What all runs together were granted, and what of it they used. */
export function summarize(lines: readonly GrantLine[]): SummarizedRight[] {
  const granted = new Map<string, Right>();
  const used = new Set<string>();
  const reasons: PlacedReason[] = [];
  for (const line of lines) {
    if (line.kind === 'reason') {
      reasons.push(line.reason);
      continue;
    }
    const right = inFamily(line.right);
    const key = JSON.stringify(right);
    if (line.kind === 'granted') granted.set(key, right);
    else used.add(key);
  }
  return [...granted]
    .map(([key, right]) => {
      const wildcard = /[*?]/.test(`${right.action}${right.resource}`);
      const reason = wildcard ? reasonFor(right, reasons) : used.has(key) ? undefined : rareReason(right);
      return { ...right, used: used.has(key), wildcard, ...(reason === undefined ? {} : { reason }) };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What must not be: granted for nothing, or wider than anybody can say why. */
export function complaints(rights: readonly SummarizedRight[]): string[] {
  return rights.flatMap(({ grantee, action, resource, used, wildcard, reason }) => {
    const right = `${grantee}: ${action} on ${resource}`;
    return [
      ...(used || reason !== undefined ? [] : [`never used: ${right}`]),
      ...(wildcard && reason === undefined ? [`a wildcard without a reason: ${right}`] : []),
    ];
  });
}
