// The visible progress of the start: one line per step with the time it took.
const startedAt = performance.now();

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/** Time since this process started its work. */
export function elapsed(): string {
  return seconds(startedAt);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a step; says when it is done, and what came of it when `outcome` gives a text. */
export async function step<T>(
  title: string,
  work: () => Promise<T>,
  outcome?: (result: T) => string | undefined,
): Promise<T> {
  const since = performance.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`  ...   ${title}`);
  try {
    const result = await work();
    const note = outcome?.(result);
    say(
      `${live ? '\r\x1b[K' : ''}${seconds(since).padStart(7)} ${title}${note ? `: ${note}` : ''}`,
    );
    return result;
  } catch (error) {
    say(`${live ? '\r\x1b[K' : ''} failed ${title}`);
    throw error;
  }
}
