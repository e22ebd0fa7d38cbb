// What an answer did cost: the objects in it, which an OperationCost estimates.

/** Objects at any depth below `data`, itself not counted. */
export const countNodes = (data: unknown): number => {
  let count = 0;
  const add = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) add(item);
      return;
    }
    count++;
    for (const key of Object.keys(value)) add((value as Record<string, unknown>)[key]);
  };
  add(data);
  return Math.max(count - 1, 0);
};
