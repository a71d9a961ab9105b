type Instead = { kind: 'help' } | { kind: 'refused'; why: string };

/** Does what a command line asks for, and ends the process: with 0 where all was good, 1 where not, 2 where the line is refused. */
export async function obey<Run extends { kind: 'run' }>(
  given: Run | Instead,
  { usage, run }: { usage: string; run: (given: Run) => Promise<boolean> },
): Promise<void> {
  switch (given.kind) {
    case 'help':
      console.log(usage);
      break;
    case 'refused':
      console.error(`${given.why}\n\n${usage}`);
      process.exitCode = 2;
      break;
    case 'run':
      process.exit((await run(given)) ? 0 : 1);
  }
}
