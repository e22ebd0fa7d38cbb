import { readFileSync } from 'node:fs';
import { type ErrorCodeEntry, errorCodes } from '@crm-graph/shared/errors/errorCodes';
import { UserErrorCode } from '@crm-graph/shared/mutation/UserError';

const docs = readFileSync('docs/errors.md', 'utf8');
const section = (title: string) => docs.split(`## ${title}`)[1]?.split('\n## ')[0] ?? '';
const firstCells = (text: string) =>
  [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code);

const statusOf = ({ status, jsonStatus }: ErrorCodeEntry): string =>
  jsonStatus === undefined ? String(status) : `${status}, as JSON ${jsonStatus}`;

test('the docs list exactly the codes of top-level errors, with what each protocol makes of them', () => {
  const rows = section('Codes of top-level errors')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    Object.entries<ErrorCodeEntry>(errorCodes).map(([code, entry]) => [
      `\`${code}\``,
      statusOf(entry),
      entry.close ? String(entry.close.code) : 'error',
      entry.stream ?? 'next',
      entry.meaning,
    ]),
  );
});

test('close reasons fit into a close frame', () => {
  for (const { close } of Object.values<ErrorCodeEntry>(errorCodes)) {
    expect(Buffer.byteLength(close?.reason ?? '')).toBeLessThanOrEqual(123);
  }
});

test('the docs list exactly the codes of user errors', () => {
  expect(firstCells(section('Codes of user errors')).sort()).toEqual(
    Object.keys(UserErrorCode).sort(),
  );
});
