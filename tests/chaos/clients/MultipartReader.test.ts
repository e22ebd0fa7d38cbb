// The multipart reader by itself: whatever way the bytes are cut, the parts are the same.
import { boundaryOf, MultipartReader } from './transports/MultipartReader.ts';

const body = [
  '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}',
  '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"a":"--graphql"}}}',
  '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{"payload":null}',
  '\r\n--graphql--',
].join('');
const parts = ['{}', '{"payload":{"data":{"a":"--graphql"}}}', '{"payload":null}'];

test.each([1, 2, 3, 7, 13, 50, 1_000])('reads the parts from chunks of %i characters', (size) => {
  const reader = new MultipartReader('graphql');
  const read: string[] = [];
  for (let at = 0; at < body.length; at += size) {
    expect(reader.hasEnded).toBe(false);
    read.push(...reader.read(body.slice(at, at + size)));
  }
  expect(read).toEqual(parts);
  expect(reader.hasEnded).toBe(true);
});

test('a part is there as soon as its boundary is, not later', () => {
  const reader = new MultipartReader('graphql');
  expect([...reader.read('--graphql\r\n\r\n{"payload":1}\r\n--graph')]).toEqual([]);
  expect([...reader.read('ql')]).toEqual(['{"payload":1}']);
  expect(reader.hasEnded).toBe(false);
});

test.each([
  ['multipart/mixed;boundary="graphql";subscriptionSpec="1.0"', 'graphql'],
  ['multipart/mixed; boundary=-; subscriptionSpec=1.0', '-'],
  ['Multipart/Mixed; subscriptionSpec="1.0"; Boundary=a-b', 'a-b'],
  ['application/json', undefined],
  ['', undefined],
])('the boundary of %s', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});
