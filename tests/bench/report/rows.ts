// What was measured as rows, with the ratios that matter.
import type { Measured } from '../measure.ts';

export interface Row {
  operation: string;
  peer: string;
  rps: number;
  p50Ms: number;
  p99Ms: number;
  p99ToP50: number;
  /** CPU that the peer takes for a request. */
  cpuUs: number;
  /** How many times the requests per second of another peer. */
  toStock?: number;
  toLimit?: number;
  toEngine?: number;
  /** Of lists: the CPU that one item takes. */
  usPerItem?: number;
}

export const rowsOf = ({ operation, figures }: Measured): Row[] =>
  [...figures].map(([peer, { rps, p50Ms, p99Ms, cpuUs }]) => {
    const ratio = (name: string): number | undefined => {
      const other = figures.get(name);
      return other && name !== peer ? rounded(rps / other.rps, 2) : undefined;
    };
    const [toStock, toLimit, toEngine] = [ratio('stock'), ratio('limit'), ratio('engine')];
    return {
      operation: operation.name,
      peer,
      rps: rounded(rps, rps < 100 ? 1 : 0),
      p50Ms: rounded(p50Ms, 2),
      p99Ms: rounded(p99Ms, 2),
      p99ToP50: rounded(p99Ms / p50Ms, 1),
      cpuUs: rounded(cpuUs, 0),
      ...(toStock !== undefined && { toStock }),
      ...(toLimit !== undefined && { toLimit }),
      ...(toEngine !== undefined && peer === 'full' && { toEngine }),
      ...(operation.items && { usPerItem: rounded(cpuUs / operation.items, 2) }),
    };
  });

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
