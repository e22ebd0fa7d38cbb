// A sample executor behind HTTP on a free port, with a logger that remembers.
import { type ServeExecutorOptions, serveExecutor } from '@crm-graph/gateway/bare/serveExecutor';
import type { Logger } from '@crm-graph/shared/logger';
import { SampleExecutor } from './sampleExecutor.ts';

export interface LogEntry {
  level: string;
  message: string;
  details: Record<string, unknown>;
}

export interface SampleServer extends AsyncDisposable {
  url: string;
  executor: SampleExecutor;
  log: LogEntry[];
}

/** Enough of a winston logger. */
export const rememberingLogger = (log: LogEntry[]): Logger => {
  const write =
    (level: string) =>
    (message: string, details: Record<string, unknown> = {}) =>
      log.push({ level, message, details });
  return { error: write('error'), warn: write('warn'), info: write('info') } as unknown as Logger;
};

export const sampleServer = async (
  options: Partial<ServeExecutorOptions> = {},
): Promise<SampleServer> => {
  const executor = new SampleExecutor();
  const log: LogEntry[] = [];
  const server = await serveExecutor({
    executor,
    host: '127.0.0.1',
    port: 0,
    timeoutMs: 5_000,
    maxBodyBytes: 10_000,
    forwardHeaders: [],
    logger: rememberingLogger(log),
    ...options,
  });
  return { ...server, executor, log };
};
