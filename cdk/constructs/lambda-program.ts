import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Keeping } from './keeping.ts';
import { Program } from './program.ts';

interface LambdaProgramProps {
  /** Directory of the bundle, with `index.mjs` in it. */
  bundle: string;
  description: string;
  timeout: Duration;
  memoryMiB: number;
  /**
   * Whether it sends into the queue that calls it. Lambda counts how often, by a header that the SDK hands on, and from the 17th
   * time on throws the message into the dead-letter queue, unless the function says that it is meant.
   */
  callsItself: boolean;
  keeping: Keeping;
}

/** A function with a role and a log group of its own. Its role may write its log and nothing else, until a resource is opened to it. */
export class LambdaProgram extends Construct {
  readonly function: LambdaFunction;
  readonly program: Program;

  constructor(scope: Construct, id: string, props: LambdaProgramProps) {
    super(scope, id);
    const logGroup = props.keeping.logGroup(this);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      ...(props.callsItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      role,
      logGroup,
    });
    this.program = new Program(role, (name, value) => void this.function.addEnvironment(name, value));
  }
}
