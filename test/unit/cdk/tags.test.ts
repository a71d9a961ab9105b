import { expect, test } from 'vitest';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { resolution } from '../../../cdk/config/resolve.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import { appWith, emptyBundles } from './stack-under-test.ts';

test('tags of the configuration are tags of the stack, and the tasks have them, too', () => {
  const tags = { team: 'sms', 'cost-center': '42' };
  const app = appWith({ tags });
  const { stackName } = new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles());
  const stack = app.synth().getStackByName(stackName);
  // CloudFormation hands them on to what is in the stack; only a service has to be told to.
  expect(stack.tags).toEqual(tags);
  const { Resources } = stack.template as { Resources: Record<string, { Type: string; Properties: object }> };
  const services = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ECS::Service');
  expect(services).toMatchObject([{ Properties: { PropagateTags: 'SERVICE' } }]);
});

test.each([
  [{ 'aws:team': 'sms' }, 'tags.aws:team: a name that does not begin with aws:, which AWS keeps to itself'],
  [{ team: 'a;b' }, 'tags.team: letters, digits, blanks and _ . : / = + - @'],
  [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])), 'tags: at most 50 tags'],
])('tags that CloudFormation would refuse are refused here', (tags, problem) => {
  expect(resolution({ accounts: [{ profile: 'smpp-asia' }], tags })).toEqual({ kind: 'wrong', problems: [problem] });
});
