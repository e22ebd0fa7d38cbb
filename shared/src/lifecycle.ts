// How a process ends: once, in order, within a bound, whatever asked for it.
import type { Logger } from './logger.ts';

/** Runs `dispose` at SIGTERM or SIGINT and exits; after `timeoutMs` it exits anyway. */
export function runUntilSignal(
  dispose: () => Promise<void>,
  { logger, timeoutMs = 8_000 }: { logger: Logger; timeoutMs?: number },
): void {
  let ending = false;
  const end = (signal: string) => {
    if (ending) return;
    ending = true;
    logger.info('stopping', { signal });
    setTimeout(() => {
      logger.error('did not stop in time', { timeoutMs });
      process.exit(1);
    }, timeoutMs).unref();
    dispose().then(
      () => process.exit(0),
      (cause) => {
        logger.error('stopping failed', { cause });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.on('unhandledRejection', (cause) => logger.error('unhandled rejection', { cause }));
}
