// Loaded into each peer before its own code: tells its memory and its CPU time and takes its profile
// when asked to, and does nothing else.
import { Session } from 'node:inspector/promises';

/** Microseconds between two samples: fine enough for functions that take 0.1 ms. */
const samplingInterval = 200;

let session: Session | undefined;

const answers: Readonly<Record<string, () => Promise<unknown>>> = {
  /** Bytes, once everything that can be freed has been. */
  async memory() {
    globalThis.gc?.();
    return process.memoryUsage();
  },
  /** Microseconds since its start. */
  async cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  async profile() {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingInterval });
    await session.post('Profiler.start');
    return true;
  },
  async profileEnd() {
    const profile = (await session?.post('Profiler.stop'))?.profile;
    session?.disconnect();
    return profile;
  },
};

process.on('message', async (question: string) => {
  process.send?.((await answers[question]?.()) ?? null);
});
/* A listener alone would keep the process alive. */
process.channel?.unref();
