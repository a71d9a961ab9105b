const SWEEP_INTERVAL_MS = 1000;

export interface Sweep {
  /** Resolves when no sweep runs any more. */
  stop(): Promise<void>;
}

/** Runs `removeExpired` every second, never twice at a time. AWS takes up to days; a second lets a developer see it. */
export function startSweep(removeExpired: () => Promise<void>, log: (line: string) => void): Sweep {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= removeExpired()
      .catch((cause: unknown) => log(`Items could not be expired: ${String(cause)}`))
      .finally(() => {
        running = undefined;
      });
  }, SWEEP_INTERVAL_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
