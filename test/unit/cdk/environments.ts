import { FUNCTIONS } from '../../../cdk/bundle.ts';
import type { Template } from './stack-under-test.ts';

/** What a template gives each program, by the program's folder. References to other resources are written as text. */
export function environmentsOf(template: Template): [string, Record<string, string>][] {
  const words = (entries: [string, unknown][]): Record<string, string> =>
    Object.fromEntries(entries.map(([name, value]) => [name, template.texts(value).join()]));
  const [container] = template.at('AWS::ECS::TaskDefinition', 'Binder/Task').Properties.ContainerDefinitions;
  const functions = FUNCTIONS.map((name): [string, Record<string, string>] => {
    const { Environment } = template.at('AWS::Lambda::Function', `Functions/${name}/Function`).Properties;
    return [`functions/${name}`, words(Object.entries(Environment.Variables))];
  });
  return [...functions, ['binder', words((container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]))]];
}
