import * as z from 'zod';

/** What a reader decided about an advisory that does not concern this program, and until when that holds. */
export interface Acknowledgement {
  /** GitHub's id, such as GHSA-xxxx-xxxx-xxxx. */
  id: string;
  reason: string;
  /** ISO date from which it has to be looked at again. */
  until: string;
}

const advisory = z.object({ name: z.string(), title: z.string(), url: z.string(), severity: z.string() });
const reportSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([advisory, z.string()])) })),
});

/** What only a report has. */
const answerSchema = z.looseObject({ vulnerabilities: z.looseObject({}) });
const NOT_UNDERSTOOD = 'npm reports vulnerabilities in a form that is not understood here: see `npm audit --omit=dev`';

export type AuditVerdict =
  | { kind: 'skipped'; why: string }
  /** Every line names an advisory, or an acknowledgement that no longer holds. */
  | { kind: 'judged'; problems: string[]; acknowledged: number };

/** The registry's words for why there is no report; npm says them in one of two places. */
const faultSchema = z.object({
  message: z.string().optional(),
  error: z.looseObject({ summary: z.string() }).optional(),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function whySkipped(report: unknown): string {
  const { message, error } = faultSchema.safeParse(report).data ?? {};
  return message ?? (error?.summary || 'npm said nothing that can be read');
}

/**
 * Judges the report of `npm audit --json`. Where the registry could not be asked there is no verdict, which is not a good one.
 * @param today ISO date
 */
export function judgeAudit(text: string, acknowledged: readonly Acknowledgement[], today: string): AuditVerdict {
  const json = parsed(text);
  const report = reportSchema.safeParse(json);
  if (!report.success) {
    // An answer all the same: advisories in a form that is not known here must not pass for a registry that is silent.
    if (answerSchema.safeParse(json).success) return { kind: 'judged', problems: [NOT_UNDERSTOOD], acknowledged: 0 };
    return { kind: 'skipped', why: `registry not reachable: ${whySkipped(json)}` };
  }
  const found = new Map<string, z.output<typeof advisory>>();
  for (const { via } of Object.values(report.data.vulnerabilities)) {
    for (const one of via) if (typeof one !== 'string') found.set(one.url.split('/').at(-1) ?? one.url, one);
  }
  const holding = new Set(acknowledged.filter(({ until }) => until > today).map(({ id }) => id));
  const open = [...found].filter(([id]) => !holding.has(id));
  const over = acknowledged.filter(({ id }) => found.has(id) && !holding.has(id));
  const idle = acknowledged.filter(({ id }) => !found.has(id));
  return {
    kind: 'judged',
    problems: [
      ...open.map(([id, { name, severity, title, url }]) => `${name}: ${severity}: ${title} (${id}, ${url})`),
      ...over.map(({ id, until }) => `${id}: was acknowledged until ${until}; look at it again`),
      ...idle.map(({ id }) => `${id}: is acknowledged and no longer reported; take it out`),
    ],
    acknowledged: found.size - open.length,
  };
}
