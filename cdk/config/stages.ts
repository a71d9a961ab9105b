import { invalidConfiguration, isRecord, merge, type Raw, resolution } from './resolve.ts';
import type { Configuration } from './schema.ts';

/** The stage of `npm start`. It needs no entry of its own: it has the settings of the stage that is deployed by default. */
const LOCAL = 'local';
const DEFAULT_STAGE = 'prod';

/** What is wrong with `stages` itself, before any stage is looked at. */
function problemsOfStages(stages: unknown): string[] {
  if (!isRecord(stages) || Object.keys(stages).length === 0) {
    return ['stages: must be an object with settings for each stage, such as {"prod": {}, "staging": {}}'];
  }
  return Object.entries(stages).flatMap(([name, own]) => {
    if (!isRecord(own)) return [`stages.${name}: must be an object, which may be empty`];
    return ['stage', 'stages']
      .filter((key) => key in own)
      .map((key) => `stages.${name}.${key}: a stage is called by its key`);
  });
}

/** The problems of all stages, each once: what is wrong in the common settings is wrong in every stage. */
function problemsOfAll(settings: ReadonlyMap<string, Raw>): string[] {
  const found = new Map<string, string[]>();
  for (const [stage, fields] of settings) {
    const result = resolution(fields);
    for (const problem of result.kind === 'wrong' ? result.problems : []) {
      found.set(problem, [...(found.get(problem) ?? []), stage]);
    }
  }
  return [...found].map(([problem, stages]) =>
    stages.length === settings.size ? problem : `${stages.map((stage) => `stages.${stage}`).join(', ')}: ${problem}`,
  );
}

/** The name of the stage that is asked for, or else stands in the common settings. */
function nameOf(common: Raw, overrides: Raw): unknown {
  return overrides['stage'] ?? common['stage'] ?? DEFAULT_STAGE;
}

/** On this machine there is no AWS account. */
function withoutAws({ aws: _aws, ...settings }: Raw): Raw {
  return settings;
}

/** Whose settings `npm start` has: those of `local`, of the common settings' stage, of `prod`, or of the only stage. */
function sourceOfLocal(common: Raw, names: readonly string[]): string {
  const usual = String(nameOf(common, {}));
  return [LOCAL, usual].find((name) => names.includes(name)) ?? names[0] ?? usual;
}

function resolved(settings: Raw): Configuration {
  const result = resolution(settings);
  if (result.kind === 'resolved') return result.configuration;
  throw invalidConfiguration(result.problems);
}

/**
 * The configuration of the stage that is asked for. Without `stages` any name does, and all have the same settings. Every
 * stage is checked, so that a mistake in one shows before it is its turn.
 * @param base the context `bindery`
 * @param overrides fields given on the command line; `stage` says which stage is meant
 * @throws ConfigurationError naming every problem, and the stages that there are where another one is asked for.
 */
export function configurationOfStage({ stages, ...common }: Raw, overrides: Raw): Configuration {
  const stage = nameOf(common, overrides);
  const here = stage === LOCAL ? withoutAws : (settings: Raw) => settings;
  if (stages === undefined) return resolved(here({ ...common, ...overrides, stage }));
  const problems = problemsOfStages(stages);
  if (problems.length > 0 || !isRecord(stages)) throw invalidConfiguration(problems);
  const names = Object.keys(stages);
  const source = stage === LOCAL ? sourceOfLocal(common, names) : String(stage);
  if (!names.includes(source)) {
    throw invalidConfiguration([`stage: there is no "${source}", but ${names.map((name) => `"${name}"`).join(', ')}`]);
  }
  const settings = new Map(
    names.map((name) => {
      const own = stages[name];
      const under = merge(common, isRecord(own) ? own : {});
      return [name, { ...under, ...(name === source ? overrides : {}), stage: name }];
    }),
  );
  const found = problemsOfAll(settings);
  if (found.length > 0) throw invalidConfiguration(found);
  return resolved(here({ ...settings.get(source), stage }));
}
