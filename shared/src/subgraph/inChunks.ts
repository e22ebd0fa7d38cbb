// Reads much in several statements, one after the other: the answers of others come in between.

/** What `read` gives for all `keys`, asked for `size` of them at a time. */
export async function inChunks<Key, Row>(
  keys: readonly Key[],
  size: number,
  read: (keys: readonly Key[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const chunks: (readonly Row[])[] = [];
  for (let from = 0; from < keys.length; from += size) {
    chunks.push(await read(keys.slice(from, from + size)));
  }
  return chunks.flat() as Row[];
}
