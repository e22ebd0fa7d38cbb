// How many objects a response has: what its estimated cost is an upper bound of.

/** Of `data`, which itself is none. */
export const countNodes = (data: object | null | undefined): number => {
  let nodes = 0;
  const waiting: unknown[] = Object.values(data ?? {});
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) nodes += 1;
    for (const item of Array.isArray(value) ? value : Object.values(value)) {
      if (typeof item === 'object' && item !== null) waiting.push(item);
    }
  }
  return nodes;
};
