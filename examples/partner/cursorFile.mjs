// Keeps the cursor of the last event that was dealt with. The file is replaced as a whole, so that a
// crash leaves the old cursor or the new one, never half of one.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const file = process.env.CURSOR_FILE ?? 'cursor.txt';

/** Undefined at the very first start. */
export const readCursor = () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

export const saveCursor = (cursor) => {
  writeFileSync(`${file}.new`, cursor);
  renameSync(`${file}.new`, file);
};
