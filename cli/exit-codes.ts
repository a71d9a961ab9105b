/** What the process ends with. Scripts may rely on these. */
export const EXIT = {
  done: 0,
  /** It was refused or failed, or a check found something. */
  failed: 1,
  /** The command line cannot be read. */
  usage: 2,
  /** No stack, no credentials, or no answer: nothing was tried. */
  unreachable: 3,
  /** Some rows of a file were refused; the others went their way. */
  partly: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
