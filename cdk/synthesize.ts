import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib/core';
import { type Bundles, bundle } from './bundle.ts';
import { configurationFrom } from './config/context.ts';
import { BinderyStack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');

export interface SynthesizeOptions {
  /** Context over that of cdk.json, e.g. `{'bindery:stage': 'local'}`. The environment's CDK_CONTEXT_JSON goes over both. */
  context?: Record<string, unknown>;
  /** Directory of the cloud assembly. Default: CDK_OUTDIR, which the CDK's command line sets, else `cdk.out`. */
  outdir?: string;
  /** Judge the template by cdk-nag's AwsSolutions rules as well, each finding being an error. */
  strict?: boolean;
  /** `false` skips the check of the template against CloudFormation's schemas, a third of the time. Also CDK_VALIDATION=false. */
  validation?: boolean;
  /** Bundles that exist already; default: all programs are bundled into `.build`. */
  bundles?: Bundles;
}

function contextOfProject(): Record<string, unknown> {
  const project = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context?: Record<string, unknown> };
  return project.context ?? {};
}

/**
 * Bundles the programs and writes the cloud assembly.
 * @returns the assembly's directory and the stack's name.
 * @throws ConfigurationError, MissingSourceError; an error with the findings when the template is judged and fails.
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<{ directory: string; stackName: string }> {
  const app = new App({
    context: { ...contextOfProject(), ...options.context },
    outdir: options.outdir ?? process.env['CDK_OUTDIR'] ?? join(ROOT, 'cdk.out'),
    builtinCloudFormationValidation: options.validation ?? true,
    analyticsReporting: false,
    autoSynth: false,
  });
  const configuration = configurationFrom(app.node.getAllContext());
  const bundles = options.bundles ?? (await bundle(ROOT, join(ROOT, '.build')));
  const stack = new BinderyStack(app, configuration, bundles);
  if (options.strict) {
    // A development dependency, and slow to load: only who asks for the judgement needs it.
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  return { directory: app.synth().directory, stackName: stack.stackName };
}
