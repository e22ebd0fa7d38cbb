// What an `accept` header lets an answer be (RFC 9110, 12.5.1).
import { multipart, serverSentEvents } from '@crm-graph/gateway/edge/answer/streamFormats';
import { acceptedBy } from '@crm-graph/gateway/edge/mediaTypes';

const json = 'application/json';
const typed = 'application/graphql-response+json';
const sse = 'text/event-stream';
const parts = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0';

it.each<[string | undefined, string | undefined, object | undefined]>([
  [undefined, json, undefined],
  ['', json, undefined],
  ['*/*', json, undefined],
  ['application/*', json, undefined],
  [`${typed},${json};q=0.9`, typed, undefined],
  [`${json}, ${typed}`, json, undefined],
  [`${typed};q=0.1, */*;q=0.5`, json, undefined],
  [`${json};q=0, */*`, typed, undefined],
  [sse, undefined, serverSentEvents],
  [`${sse};q=0, ${json}`, json, undefined],
  [`${sse};q=0`, undefined, undefined],
  [`TEXT/EVENT-STREAM , ${json};q=0.1`, json, serverSentEvents],
  [`text/event-streams, ${json}`, json, undefined],
  [`x-text/event-stream, ${json}`, json, undefined],
  ['text/*', undefined, undefined],
  [parts, undefined, multipart],
  [`${parts}, ${json}`, json, multipart],
  ['multipart/mixed;subscriptionSpec="1.0"', undefined, multipart],
  ['multipart/mixed;subscriptionspec=1.0;q=0.3', undefined, multipart],
  ['multipart/mixed;subscriptionSpec=2.0', undefined, undefined],
  [`multipart/mixed;subscriptionSpec=2.0, ${json}`, json, undefined],
  ['multipart/mixed', undefined, undefined],
  [`multipart/mixed;deferSpec=20220824, ${json}`, json, undefined],
  [`multipart/mixed;deferSpec=20220824, ${parts}`, undefined, multipart],
  [`${sse};q=0.1, ${parts}`, undefined, multipart],
  [`${sse}, ${parts}`, undefined, serverSentEvents],
  [`${json};charset=iso-8859-1`, undefined, undefined],
  [`${json};charset=UTF-8`, json, undefined],
  [`${json};q=2`, undefined, undefined],
  [`${json};q=x`, undefined, undefined],
  ['image/png', undefined, undefined],
])('%s', (accept, answer, stream) => {
  const accepted = acceptedBy(accept);
  expect([accepted.json, accepted.stream]).toEqual([answer, stream]);
});

it.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['text/html', true],
  ['*/*', false],
  ['application/json, text/html;q=0.5', false],
  ['application/json, */*', false],
])('a page for %s: %s', (accept, html) => {
  expect(acceptedBy(accept).html).toBe(html);
});

it('made-up headers do not pile up', () => {
  for (let one = 0; one < 1_000; one++) acceptedBy(`x/${one}, ${json}`);
  expect(acceptedBy(`${'x/y,'.repeat(1_000)}${typed}`).json).toBe(json);
});
