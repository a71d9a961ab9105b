import { expect, test } from 'vitest';
import { deploymentOrder } from '../../../cdk/local/dependencies.ts';

const resource = (properties: Record<string, unknown>, DependsOn: string[] = []) => ({
  Type: 'T',
  Properties: properties,
  DependsOn,
});

test('a resource comes after everything that it refers to, in whatever way', () => {
  const order = deploymentOrder({
    Resources: {
      Last: resource({ a: { 'Fn::Sub': 'x-${Sub.Arn}-${!NotMe}' } }, ['Named']),
      Sub: resource({ deep: [{ 'Fn::GetAtt': ['Att', 'Arn'] }] }),
      Named: resource({ a: { 'Fn::If': ['C', { Ref: 'Plain' }, 'no'] } }),
      Att: resource({ a: { 'Fn::GetAtt': 'Plain.Arn' } }),
      Plain: resource({ a: { Ref: 'AWS::Region' } }),
    },
  });
  const place = (name: string) => order.indexOf(name);
  expect(order).toHaveLength(5);
  expect(place('Plain')).toBeLessThan(place('Att'));
  expect(place('Att')).toBeLessThan(place('Sub'));
  expect(place('Plain')).toBeLessThan(place('Named'));
  expect(Math.max(place('Sub'), place('Named'))).toBeLessThan(place('Last'));
});

test('a circle is named with all its members', () => {
  const Resources = { A: resource({ b: { Ref: 'B' } }), B: resource({ a: { Ref: 'A' } }) };
  expect(() => deploymentOrder({ Resources })).toThrow('A → B → A');
});
