import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 10_000;

/** Resolves once it is so; rejects when it never is. */
export const eventually = async (isSo: () => boolean): Promise<void> => {
  const end = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > end) throw new TypeError(`never: ${isSo}`);
    await sleep(5);
  }
};
