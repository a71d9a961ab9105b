import { setTimeout as delay } from 'node:timers/promises';
import type { LocalAws } from './aws/api.ts';
import type { LocalStack } from './stack.ts';
import { StartError } from './start-error.ts';

const POLL_MS = 50;
const GIVE_UP_MS = 20_000;

/** The admin API key: a generated secret of the stack, under a fixed id. */
export function adminKey(stack: LocalStack, aws: LocalAws): string {
  const secret = aws.secrets.getSecret(stack.variable('ADMIN_KEY_SECRET') ?? '');
  if (secret === undefined) throw new StartError('the stack has no secret that ADMIN_KEY_SECRET names');
  return `bk_live_admin_${secret}`;
}

/** Waits until the API knows the key: the first run of `sweep` installs it. */
export async function keyWorks(apiUrl: string, key: string, logFolder: string): Promise<void> {
  const deadlineMs = performance.now() + GIVE_UP_MS;
  for (;;) {
    const response = await fetch(`${apiUrl}/v1/keys`, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    if (response.ok) return;
    if (performance.now() > deadlineMs) {
      throw new StartError(
        `the admin key does not work: the API answers ${response.status}. See sweep.log and manage.log in ${logFolder}.`,
      );
    }
    await delay(POLL_MS);
  }
}
