import { describe, expect, test } from 'vitest';
import { accessLine, unknownVariables } from '../../../cdk/local/http-api/access-log.ts';
import { Throttle } from '../../../cdk/local/http-api/throttle.ts';

describe('the limit of a stage', () => {
  test('lets the burst in at once, and then as many as a second refills', () => {
    const throttle = new Throttle({ requestsPerSecond: 10, burst: 3 });
    const at = (nowMs: number, requests: number) =>
      Array.from({ length: requests }, () => throttle.admits(nowMs)).filter(Boolean).length;
    expect(at(5_000, 5)).toBe(3);
    expect(at(5_050, 5)).toBe(0);
    expect(at(5_300, 5)).toBe(3);
    expect(at(60_000, 50)).toBe(3);
  });
});

describe('a line of the access log', () => {
  const facts = { requestTimeEpochMs: 1, requestId: 'r', status: 202, responseLengthOctets: 7, responseLatencyMs: 3.6 };

  test('has what the format asks for, and a dash for what is not there', () => {
    const format = '{"id":"$context.requestId","took":"$context.responseLatency","route":"$context.routeKey"}';
    expect(accessLine(format, facts)).toBe('{"id":"r","took":"4","route":"-"}');
    expect(accessLine(format, { ...facts, routeKey: 'GET /v1/lanes' })).toContain('"GET /v1/lanes"');
  });

  test('cannot say who called: that is no variable here', () => {
    expect(unknownVariables('$context.status $context.identity.sourceIp')).toEqual(['identity.sourceIp']);
  });
});
