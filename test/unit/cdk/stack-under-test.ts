import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource } from 'aws-cdk-lib/core';
import { type Bundles, FUNCTIONS } from '../../../cdk/bundle.ts';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { contextOfProject } from '../../../cdk/project-context.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import type { Resource, Shapes } from './resource-shapes.ts';

interface TemplateText {
  Resources: Record<string, Partial<Resource<object>> & { Type: string }>;
  Outputs: Record<string, { Value: unknown }>;
}

const directory = mkdtempSync(join(tmpdir(), 'bindery-template-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** Bundles that do nothing: a template's shape does not depend on what the programs do. */
export function emptyBundles(): Bundles {
  const bundleOf = (name: string, file: string): string => {
    const path = join(directory, 'bundles', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, file), `// ${name}`);
    return path;
  };
  const functions = FUNCTIONS.map((name) => [name, bundleOf(name, 'index.mjs')]);
  return { functions: Object.fromEntries(functions) as Bundles['functions'], binder: bundleOf('binder', 'Dockerfile') };
}

/** An app with the project's context, and over it fields of the configuration. */
export function appWith(overrides: Record<string, unknown>, { validation = false } = {}): App {
  const fields = Object.entries(overrides).map(([field, value]) => [`bindery:${field}`, value]);
  return new App({
    context: { ...contextOfProject(), ...Object.fromEntries(fields) },
    outdir: mkdtempSync(join(directory, 'assembly-')),
    autoSynth: false,
    builtinCloudFormationValidation: validation,
  });
}

/** The template of the shipped configuration under `overrides`, its resources called by their place in the stack, e.g. `Storage/Messages/Table`. */
export class Template {
  readonly outputs: TemplateText['Outputs'];
  /** Of its JSON. */
  readonly lengthOctets: number;
  readonly #resources = new Map<string, Resource<object>>();
  readonly #places = new Map<string, string>();

  constructor(overrides: Record<string, unknown> = {}) {
    const app = appWith(overrides);
    const stack = new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles());
    const template: TemplateText = app.synth().getStackByName(stack.stackName).template;
    this.outputs = template.Outputs;
    this.lengthOctets = Buffer.byteLength(JSON.stringify(template, null, 1));
    for (const child of stack.node.findAll().filter(CfnResource.isCfnResource)) {
      const id: string = stack.resolve(child.logicalId);
      const place = child.node.path.replace(`${stack.stackName}/`, '').replace(/\/Resource$/, '');
      const resource = template.Resources[id];
      if (resource === undefined) throw new Error(`${place} is not in the template`);
      this.#places.set(id, place);
      this.#resources.set(place, { Properties: {}, ...resource });
    }
  }

  all(): Resource<object>[] {
    return [...this.#resources.values()];
  }

  /** Where resources of a type are, whether or not their shape is known. */
  placesOf(type: string): string[] {
    return [...this.#resources].filter(([, { Type }]) => Type === type).map(([place]) => place);
  }

  /** All resources of a type, by their place. */
  ofType<T extends keyof Shapes>(type: T): [string, Resource<Shapes[T]>][] {
    const found = [...this.#resources].filter(([, resource]) => resource.Type === type);
    return found.map(([place, resource]) => [place, resource as Resource<Shapes[T]>]);
  }

  /** The resource of a type at a place. */
  at<T extends keyof Shapes>(type: T, place: string): Resource<Shapes[T]> {
    const found = this.ofType(type).find(([other]) => other === place);
    if (found !== undefined) return found[1];
    throw new Error(
      `no ${type} at ${place}, but at ${this.ofType(type)
        .map(([other]) => other)
        .join()}`,
    );
  }

  /** A value with intrinsic functions written as text: `{Fn::GetAtt: [id, 'Arn']}` becomes `<place>.Arn`, a `Ref` `<place>`. */
  text(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.text(item));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, of] = ['', undefined]] = Object.entries(value);
    if (name === 'Ref') return this.#places.get(of) ?? of;
    if (name === 'Fn::GetAtt') return `${this.#places.get(of[0])}.${of[1]}`;
    if (name === 'Fn::Sub') return of;
    if (name === 'Fn::Join') return this.texts(of[1]).join(of[0]);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.text(item)]));
  }

  /** One value or several, each as text. */
  texts(values: unknown): string[] {
    return [this.text(values)].flat().map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
  }
}
