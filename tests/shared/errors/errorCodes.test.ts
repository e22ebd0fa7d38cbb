import { readFileSync } from 'node:fs';
import { errorCodes } from '@crm-graph/shared/errors/errorCodes';
import { UserErrorCode } from '@crm-graph/shared/mutation/UserError';

const docs = readFileSync('docs/errors.md', 'utf8');
const section = (title: string) => docs.split(`## ${title}`)[1]?.split('\n## ')[0] ?? '';
const firstCells = (text: string) =>
  [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code);

test('the docs list exactly the codes of top-level errors, with status and meaning', () => {
  const rows = [
    ...section('Codes of top-level errors').matchAll(/^\| `(\w+)` +\| (\d+) +\| (.*?) +\|$/gm),
  ];
  expect(
    Object.fromEntries(rows.map(([, code, status, meaning]) => [code, [status, meaning]])),
  ).toEqual(
    Object.fromEntries(
      Object.entries(errorCodes).map(([code, entry]) => [
        code,
        [String(entry.status), entry.meaning],
      ]),
    ),
  );
});

test('the docs list exactly the codes of user errors', () => {
  expect(firstCells(section('Codes of user errors')).sort()).toEqual(
    Object.keys(UserErrorCode).sort(),
  );
});
