import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { variables } from '../../shared/config/environment.ts';

export type VariableName = keyof typeof variables;

/** Actions that a program may take on resources. */
export interface Right {
  actions: readonly string[];
  /** ARNs. */
  resources: readonly string[];
  /** Operators of IAM with their keys and values, e.g. `{StringEquals: {...}}`. */
  conditions?: Record<string, Record<string, string>>;
}

/** A right as a statement of a policy. */
export function allow({ actions, resources, conditions }: Right): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}

/**
 * A program of the stack, seen from the resources that it uses. A variable that names a resource and the right to use it
 * are given by one call, so that neither ever stands without the other.
 */
export class Program {
  readonly #role: IRole;
  readonly #setVariable: (name: VariableName, value: string) => void;

  constructor(role: IRole, setVariable: (name: VariableName, value: string) => void) {
    this.#role = role;
    this.#setVariable = setVariable;
  }

  /** A variable behind which no resource stands. */
  tell(name: VariableName, value: string): void {
    this.#setVariable(name, value);
  }

  /** A variable that names resources, and what the program may do with them. */
  open(name: VariableName, value: string, ...rights: Right[]): void {
    this.#setVariable(name, value);
    for (const right of rights) this.#role.addToPrincipalPolicy(allow(right));
  }
}
