// The verdict on what one subscriber received, by the log's own positions.

export interface Delivery {
  /** In the order of the log. */
  wanted: readonly number[];
  /** In the order of their arrival. */
  received: readonly number[];
}

export interface Verdict {
  wanted: number;
  received: number;
  /** Wanted and never received. */
  lost: number;
  /** Received more than once: each further time. */
  duplicated: number;
  /** Received for the first time, after a later one. */
  outOfOrder: number;
  /** Received though not wanted. */
  unwanted: number;
}

export const checkDelivery = ({ wanted, received }: Delivery): Verdict => {
  const isWanted = new Set(wanted);
  const seen = new Set<number>();
  let last = 0;
  let duplicated = 0;
  let outOfOrder = 0;
  let unwanted = 0;
  for (const position of received) {
    if (seen.has(position)) {
      duplicated += 1;
      continue;
    }
    seen.add(position);
    if (!isWanted.has(position)) unwanted += 1;
    if (position < last) outOfOrder += 1;
    else last = position;
  }
  const lost = wanted.filter((position) => !seen.has(position)).length;
  return {
    wanted: wanted.length,
    received: received.length,
    lost,
    duplicated,
    outOfOrder,
    unwanted,
  };
};
