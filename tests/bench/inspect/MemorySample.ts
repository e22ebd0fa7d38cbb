// The memory of a process at one time, and how fast it grows.

export interface MemorySample {
  /** Since the load began. */
  seconds: number;
  /** In use after a collection. */
  heapMB: number;
  /** Buffers. */
  externalMB: number;
  rssMB: number;
  /** Answered until then. */
  requests: number;
}

/** While caches fill and functions are compiled; not counted. */
const warmUpShare = 0.25;

/** MB per minute, by the line that fits the samples after the warm-up best. */
export const slopeOf = (samples: readonly MemorySample[], of: 'heapMB' | 'rssMB'): number => {
  const counted = samples.slice(Math.floor(samples.length * warmUpShare));
  const middle = mean(counted.map(({ seconds }) => seconds));
  const level = mean(counted.map((sample) => sample[of]));
  let covariance = 0;
  let variance = 0;
  for (const sample of counted) {
    covariance += (sample.seconds - middle) * (sample[of] - level);
    variance += (sample.seconds - middle) ** 2;
  }
  return variance === 0 ? 0 : (covariance / variance) * 60;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
