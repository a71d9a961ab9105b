import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { type Bundles, bundle } from './bundle.ts';
import { configurationFrom } from './config/context.ts';
import { judge } from './judgement.ts';
import { contextOfProject } from './project-context.ts';
import { guardRelease } from './release/guard.ts';
import { releaseOf } from './release/release.ts';
import { BinderyStack } from './stack.ts';

const ROOT = join(import.meta.dirname, '..');

export interface SynthesizeOptions {
  /**
   * Context over that of cdk.json, e.g. `{'bindery:stage': 'local'}`. What the environment has in CDK_CONTEXT_JSON goes
   * over both; that is how the CDK's command line hands over its `-c`.
   */
  context?: Record<string, unknown>;
  /** Directory of the cloud assembly. Default: CDK_OUTDIR, which the CDK's command line sets, else `cdk.out`. */
  outdir?: string;
  /** Adds the judgement of `npm run check`. */
  strict?: boolean;
  /** `false` skips the check of the template against CloudFormation's schemas. So does CDK_VALIDATION=false. */
  validation?: boolean;
  /** Bundles that exist already; default: all programs are bundled into `.build`. */
  bundles?: Bundles;
}

export interface Assembly {
  directory: string;
  stackName: string;
}

/**
 * Bundles the programs and writes the cloud assembly. Takes about a second, two more with validation.
 * @throws ConfigurationError; MissingSourceError; DangerousChangeError; esbuild's BuildFailure; an error named ValidationFailed after the
 * findings were printed.
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<Assembly> {
  const outdir = options.outdir ?? process.env['CDK_OUTDIR'] ?? join(ROOT, 'cdk.out');
  const app = new App({
    context: { ...contextOfProject(), ...options.context },
    outdir,
    builtinCloudFormationValidation: options.validation ?? true,
    analyticsReporting: false,
    // Else the CDK synthesizes a second time when the process ends, also after a failure that was reported.
    autoSynth: false,
  });
  if (options.strict) await judge(app);
  const configuration = configurationFrom(app.node.getAllContext());
  const bundles = options.bundles ?? (await bundle(ROOT, join(ROOT, '.build')));
  const { stackName } = new BinderyStack(app, configuration, bundles);
  const assembly = app.synth();
  guardRelease(ROOT, releaseOf(stackName, assembly.getStackByName(stackName).template), configuration.accepted);
  return { directory: assembly.directory, stackName };
}
