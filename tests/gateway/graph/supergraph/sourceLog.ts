// A logger that remembers, and waiting for what a source does in its own time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceLogger } from '@crm-graph/gateway/graph/supergraph/SupergraphSource';

export interface SourceLog extends SourceLogger {
  lines: string[];
}

export const sourceLog = (): SourceLog => {
  const lines: string[] = [];
  const write = (level: string) => (message: string, details: object) => {
    const { cause } = details as { cause?: unknown };
    lines.push(`${level}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
  };
  return { lines, info: write('info'), warn: write('warn') };
};

/** Until it holds; fails after some seconds with what was there instead. */
export const eventually = async <Value>(read: () => Value, expected: Value): Promise<void> => {
  for (let tries = 0; tries < 500; tries++) {
    if (JSON.stringify(read()) === JSON.stringify(expected)) return;
    await sleep(20);
  }
  expect(read()).toEqual(expected);
};
