import { readFileSync } from 'node:fs';

interface HealthPage {
  accounts: { role: string }[];
}

/** Which of some binder processes holds the account: as their health pages say, whose ports stand in their environments. */
export async function ownerAmong(pids: readonly number[]): Promise<number | undefined> {
  for (const pid of pids) if (await isOwner(pid)) return pid;
  return undefined;
}

async function isOwner(pid: number): Promise<boolean> {
  try {
    const port = /(?:^|\0)HEALTH_PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))?.[1];
    const page = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as HealthPage;
    return page.accounts.some(({ role }) => role === 'owner');
  } catch {
    // It starts just now, or has ended.
    return false;
  }
}
