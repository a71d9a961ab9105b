import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from '../../cdk/local/assembly.ts';
import { startLocalAws } from '../../cdk/local/aws/start.ts';
import { deployStack } from '../../cdk/local/stack.ts';

interface Statement {
  Action: string | string[];
}

interface Policy {
  Roles?: { Ref?: string }[];
  PolicyDocument?: { Statement: Statement[] };
}

/** @throws Error where the role never had it */
function takeAway(template: Template, roleId: string, action: string): void {
  const policies = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map(({ Properties }) => Properties as Policy)
    .filter(({ Roles = [] }) => Roles[0]?.Ref === roleId);
  let taken = 0;
  for (const { PolicyDocument } of policies) {
    if (PolicyDocument === undefined) continue;
    PolicyDocument.Statement = PolicyDocument.Statement.flatMap((statement) => {
      const actions = [statement.Action].flat();
      const Action = actions.filter((name) => name !== action);
      taken += actions.length - Action.length;
      return Action.length === 0 ? [] : [{ ...statement, Action }];
    });
  }
  if (taken === 0) throw new Error(`${roleId} has no right to ${action}`);
}

/** Deploys a synthesized stack with one action fewer in the policy of a role. @returns what is said against it */
export async function complaintWithout(assemblyFolder: string, roleId: string, action: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bindery-rights-'));
  const copy = join(folder, 'assembly');
  cpSync(assemblyFolder, copy, { recursive: true });
  const file = join(copy, readdirSync(copy).find((name) => name.endsWith('.template.json')) ?? '');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  takeAway(template, roleId, action);
  writeFileSync(file, JSON.stringify(template));
  const stateDirectory = join(folder, 'state');
  const aws = await startLocalAws({ stateDirectory });
  try {
    const stack = await deployStack({ assemblyFolder: copy, aws, stateDirectory, observe: () => undefined });
    await stack.close();
    return 'nothing';
  } catch (fault) {
    return (fault as Error).message;
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
