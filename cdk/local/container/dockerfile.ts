import { posix } from 'node:path';

/** What a Dockerfile says about running the image; how it is built does not matter here. */
export interface ImageConfiguration {
  entrypoint: string[];
  command: string[];
  /** ENV of the image. */
  variables: Record<string, string>;
  workingDirectory: string;
}

/** `["node", "main.mjs"]`, or a line for the shell. */
function words(argument: string): string[] {
  if (argument.startsWith('[')) return JSON.parse(argument) as string[];
  return ['/bin/sh', '-c', argument];
}

/** `KEY=value OTHER="with spaces"`, or the older `KEY value`. */
function assignments(argument: string): Record<string, string> {
  const pairs = [...argument.matchAll(/([A-Za-z_]\w*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
  if (pairs.length > 0) return Object.fromEntries(pairs.map(([, key, quoted, plain]) => [key, quoted ?? plain ?? '']));
  const [key = '', ...value] = argument.split(/\s+/);
  return { [key]: value.join(' ') };
}

/** Reads the last stage of a Dockerfile. */
export function parseDockerfile(text: string): ImageConfiguration {
  const empty = (): ImageConfiguration => ({ entrypoint: [], command: [], variables: {}, workingDirectory: '/' });
  let image = empty();
  const lines = text
    .replaceAll(/^\s*#.*\n?/gm, '')
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/);
  for (const line of lines) {
    const [, instruction = '', argument = ''] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    switch (instruction.toUpperCase()) {
      case 'FROM':
        image = empty();
        break;
      case 'ENTRYPOINT':
        image.entrypoint = words(argument);
        break;
      case 'CMD':
        image.command = words(argument);
        break;
      case 'ENV':
        Object.assign(image.variables, assignments(argument));
        break;
      case 'WORKDIR':
        image.workingDirectory = posix.resolve(image.workingDirectory, argument);
        break;
      default: // COPY, RUN, USER, ... have no say in how the program is started here
    }
  }
  return image;
}
