// What the command line of a siege accepts.
import { readOptions } from './options.ts';

test('without options all attacks are made, for ten seconds each', () => {
  const { only, seconds, patient, json } = readOptions([]);
  expect(only).toContain('nested-pages');
  expect(only).toContain('unread-answers');
  expect({ seconds, patient, json }).toEqual({ seconds: 10, patient: false, json: undefined });
});

test('one attack, several, or one variant can be chosen', () => {
  expect(readOptions(['--only', 'introspection']).only).toEqual(['introspection']);
  expect(readOptions(['--only', 'introspection,nested-pages/edges']).only).toEqual([
    'introspection',
    'nested-pages/edges',
  ]);
  const comma = 'distinct-documents/seven levels, anonymous';
  expect(readOptions(['--only', comma]).only).toEqual([comma]);
  expect(readOptions(['--only', comma, '--only', 'introspection,heavy-search']).only).toEqual([
    comma,
    'introspection',
    'heavy-search',
  ]);
});

test.each([
  [['--only', 'introspection,nope'], /^--only nope: some of nested-pages, /],
  [['--only', 'nested-pages/nope'], /^--only nested-pages\/nope: /],
  [['--seconds', '0'], /^--seconds 0: a whole number from 1 to 20 is expected/],
  [['--seconds', '21'], /^--seconds 21: /],
  [['--seconds', 'ten'], /^--seconds ten: /],
  [['--sekonds', '3'], /--sekonds.*\nSee npm run siege -- --help/s],
  [['extra'], /extra.*\nSee npm run siege -- --help/s],
])('%j is refused with what is expected', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
