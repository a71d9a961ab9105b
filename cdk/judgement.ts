import { type App, Validations } from 'aws-cdk-lib/core';

/**
 * Has the template judged by cdk-nag's AwsSolutions rules besides CloudFormation's schemas, and lets not even a warning pass.
 * cdk-nag is a development dependency and slow to load, so only who asks for the judgement loads it.
 * To be called before `app` has stacks.
 */
export async function judge(app: App): Promise<void> {
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.node.setContext('@aws-cdk/core:strictCfnValidateErrors', true);
}
