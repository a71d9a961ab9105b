import type { Template, TemplateResource } from './assembly.ts';
import { TemplateError } from './intrinsics.ts';

/** Every name that a value of the template refers to by Ref, Fn::GetAtt or Fn::Sub, in all branches of its conditions. */
function* referencesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* referencesIn(item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') yield item;
    else if (key === 'Fn::GetAtt') yield String(Array.isArray(item) ? item[0] : String(item).split('.')[0]);
    else if (key === 'Fn::Sub') {
      const template = String(Array.isArray(item) ? item[0] : item);
      for (const [, name = ''] of template.matchAll(/\$\{([^!}][^}]*)\}/g)) yield name.split('.')[0] ?? '';
      yield* referencesIn(item);
    } else yield* referencesIn(item);
  }
}

function dependenciesOf(resource: TemplateResource, resources: ReadonlySet<string>): Set<string> {
  const dependsOn = resource.DependsOn ?? [];
  const names = [...(Array.isArray(dependsOn) ? dependsOn : [dependsOn]), ...referencesIn(resource.Properties)];
  return new Set(names.filter((name) => resources.has(name)));
}

/**
 * The logical ids of the template so that each stands after everything that it refers to.
 * @throws TemplateError naming the resources of a circle.
 */
export function deploymentOrder(template: Template): string[] {
  const all = new Set(Object.keys(template.Resources));
  const order = new Set<string>();
  const visit = (logicalId: string, path: string[]): void => {
    if (order.has(logicalId)) return;
    if (path.includes(logicalId)) {
      throw new TemplateError(`resources depend on each other in a circle: ${[...path, logicalId].join(' → ')}`);
    }
    const resource = template.Resources[logicalId];
    if (resource === undefined) return;
    for (const dependency of dependenciesOf(resource, all)) visit(dependency, [...path, logicalId]);
    order.add(logicalId);
  };
  for (const logicalId of all) visit(logicalId, []);
  return [...order];
}
