// Whether things are let go: collects garbage and says what can still be reached.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many of these are still there. */
export const survivors = async (references: readonly WeakRef<object>[]): Promise<number> => {
  /* What pending callbacks still hold goes with a later round. */
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
  }
  return references.filter((reference) => reference.deref() !== undefined).length;
};
