import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../cdk/local/container/dockerfile.ts';

test('the last stage of a Dockerfile says how the image runs', () => {
  const image = parseDockerfile(`
FROM node:24 AS build
ENTRYPOINT ["nothing"]
ENV LOST=1
FROM node:24-alpine
# ENTRYPOINT ["commented", "out"]
WORKDIR /srv
WORKDIR app
ENV NODE_ENV=production GREETING="hello there"
ENV OLD form
USER node
ENTRYPOINT ["node", \\
  "main.mjs"]
CMD ["--verbose"]
`);
  expect(image).toEqual({
    entrypoint: ['node', 'main.mjs'],
    command: ['--verbose'],
    variables: { NODE_ENV: 'production', GREETING: 'hello there', OLD: 'form' },
    workingDirectory: '/srv/app',
  });
});

test('a command for the shell is run by one', () => {
  expect(parseDockerfile('FROM a\nCMD node main.mjs').command).toEqual(['/bin/sh', '-c', 'node main.mjs']);
});
