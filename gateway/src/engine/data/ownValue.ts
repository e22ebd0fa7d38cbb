// Reads and writes keys that objects inherit or treat specially: `constructor`, `toString`,
// `__proto__`. All are valid response keys, and a subgraph's JSON may hold any of them.

/** Whether `object[key]` finds something on an object that has no such key of its own. */
export const isInheritedKey = (key: string): boolean => key in Object.prototype;

export const ownValue = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;

export const setOwnValue = (object: object, key: string, value: unknown): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else (object as Record<string, unknown>)[key] = value;
};
