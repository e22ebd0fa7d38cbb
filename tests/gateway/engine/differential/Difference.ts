// Something that is not as it should be in what our engine did.

export interface Difference {
  what: 'data' | 'errors' | 'effects' | 'requests' | 'required' | 'failure';
  expected: unknown;
  actual: unknown;
}

/** None where both have one JSON, with the order of the keys. */
export const differ = (
  what: Difference['what'],
  expected: unknown,
  actual: unknown,
): Difference[] => (sameJson(expected, actual) ? [] : [{ what, expected, actual }]);

/** With the order of the keys. */
export const sameJson = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
