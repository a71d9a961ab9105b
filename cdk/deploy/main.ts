// Entry point of `npm run deploy`: looks whether everything is there, says what will be done, and hands over to the CDK.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ConfigurationError } from '../../shared/config/environment.ts';
import { configurationFrom } from '../config/context.ts';
import { stackName } from '../config/resolve.ts';
import { contextOfProject } from '../project-context.ts';
import { checkDestination, checkDocker, checkNode } from './checks.ts';
import { findDestination } from './destination.ts';
import { findingLines } from './finding.ts';
import { type DeployOptions, readCommandLine } from './options.ts';
import { cdkArguments, nextLines, planLines } from './plan.ts';
import { recordDeployed } from './recorded.ts';

const print = (...lines: string[]): void => console.log(lines.join('\n'));

/** The CDK's command line, with the terminal in its hands. */
async function runCdk(args: readonly string[]): Promise<number> {
  const cdk = spawn('cdk', args, { stdio: 'inherit' });
  // Ctrl-C reaches the CDK by itself; this process waits for what it says.
  process.on('SIGINT', () => undefined);
  const [code] = (await once(cdk, 'close')) as [number | null];
  return code ?? 1;
}

async function deploy(options: DeployOptions): Promise<number> {
  const { stage, profile, toolkitStackName } = options;
  const configuration = configurationFrom({
    ...contextOfProject(),
    ...(stage === undefined ? {} : { 'bindery:stage': stage }),
  });
  const [docker, destination] = await Promise.all([
    checkDocker(process.env['CDK_DOCKER'] ?? 'docker'),
    findDestination({ region: configuration.aws?.region, profile, toolkitStackName }),
  ]);
  const findings = [
    checkNode(process.versions.node),
    { name: 'configuration', state: 'good' as const, detail: `stage ${configuration.stage}` },
    docker,
    checkDestination(destination, configuration, profile),
  ];
  print(...findings.flatMap(findingLines), '');
  if (findings.some(({ state }) => state === 'bad')) {
    print('Nothing was deployed: mend what is marked ✗, and run the same again.');
    return 1;
  }
  print(...planLines(configuration), '');
  if (options.check) return 0;
  const status = await runCdk(cdkArguments(configuration, options));
  if (status !== 0) {
    print(
      '',
      'The CDK ended with an error; CloudFormation goes back to what was before. docs/deploy.md has the usual reasons.',
    );
    return status;
  }
  const record = recordDeployed(stackName(configuration), options);
  if (record !== undefined)
    print('', `What is deployed stands in ${record}: commit it, and no update can lose data unnoticed.`);
  print('', ...nextLines(configuration, options));
  return 0;
}

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case 'help':
    print(commandLine.text);
    break;
  case 'wrong':
    console.error(commandLine.problems.join('\n'));
    process.exitCode = 2;
    break;
  case 'run':
    try {
      process.exitCode = await deploy(commandLine.options);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
}
