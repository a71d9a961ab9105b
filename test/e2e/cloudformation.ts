import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function described(name: string, outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
    <StackName>${name}</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-23T00:00:00Z</CreationTime>
    <StackId>arn:aws:cloudformation:ap-southeast-1:123456789012:stack/${name}/1</StackId>
    <Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function missing(name: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code>
    <Message>Stack with id ${name} does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

/** CloudFormation as far as the command line asks it: stacks with their outputs, and no others. */
export async function startCloudFormation(stacks: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const answer = (body: string, response: ServerResponse): void => {
    const name = new URLSearchParams(body).get('StackName') ?? '';
    const outputs = stacks[name];
    response.writeHead(outputs === undefined ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(outputs === undefined ? missing(name) : described(name, outputs));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => answer(body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
