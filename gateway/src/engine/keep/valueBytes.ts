// What a JSON value takes of the memory.

/** Of an object, a list, or their properties and items; measured. */
const placeBytes = 48;

/** Estimated; strings of one value are taken to be in no other. */
export const valueBytes = (value: unknown): number => {
  let bytes = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    bytes += placeBytes;
    if (typeof one === 'string') bytes += one.length;
    else if (typeof one === 'object' && one !== null) {
      for (const part of Object.values(one)) left.push(part);
    }
  }
  return bytes;
};
