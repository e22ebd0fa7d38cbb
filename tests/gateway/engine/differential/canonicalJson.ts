// JSON with the keys of objects sorted: two values that mean the same have one text.

export const canonicalJson = (value: unknown): string =>
  JSON.stringify(sorted(value)) ?? 'undefined';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
};
