// The victim's process: somebody of another organization, who goes on with small queries while the
// attackers are at work. Requests begin when they are due, whether or not the last one was answered,
// and their time counts from then: a graph that stands still is seen by everyone who waits for it.
import { randomUUID } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { added, type ErrorCounts } from './ErrorCounts.ts';
import type { VictimFigures, VictimOrder } from './messages.ts';

/** One of each of the subgraphs that attacks are aimed at. */
const queries = [
  '{ me { id } }',
  '{ deals(first: 1) { nodes { id title } } }',
  '{ contacts(first: 1) { nodes { id name } } }',
].map((query) => JSON.stringify({ query }));

/** Has to be planned, since no operation was called so before. */
const newQuery = (): string => {
  const name = `New${randomUUID().replaceAll('-', '')}`;
  return JSON.stringify({
    query: `query ${name} { deals(first: 1) { nodes { id owner { name } } } }`,
  });
};

/** What a right answer looks like; all queries have one record. */
const answerPattern = /^\{"data":\{.*"id":"[0-9a-f-]{36}"/;

/** A person gives up; it is an error then. */
const patienceMs = 30_000;

const agent = new Agent({ keepAlive: true });

/** Resolves to what went wrong, if anything did. */
const ask = (body: string, { url, token }: VictimOrder): Promise<string | undefined> => {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMs);
    const fail = (error: NodeJS.ErrnoException) =>
      resolve(signal.aborted ? 'no answer for 30 s' : (error.code ?? error.message));
    const call = send(url, { method: 'POST', agent, signal, headers }, async (response) => {
      try {
        resolve(problemOf(response.statusCode ?? 0, await text(response)));
      } catch (error) {
        fail(error as Error);
      }
    });
    call.on('error', fail);
    call.end(body);
  });
};

const problemOf = (status: number, answer: string): string | undefined => {
  const code = /"code":"([A-Z_]+)"/.exec(answer)?.[1];
  if (status === 200 && code === undefined && answerPattern.test(answer)) return undefined;
  return `${status} ${code ?? answer.slice(0, 60)}`;
};

const live = async (order: VictimOrder): Promise<VictimFigures> => {
  const { seconds, perSecond } = order;
  let errors: ErrorCounts = {};
  const since = performance.now();
  /** Asks when it is due; resolves to how long the answer took from then. */
  const askAt = async (afterMs: number, body: string): Promise<number> => {
    const due = since + afterMs;
    await sleep(Math.max(0, due - performance.now()));
    const problem = await ask(body, order);
    if (problem !== undefined) errors = added(errors, { [problem]: 1 });
    return performance.now() - due;
  };
  const known = Array.from({ length: seconds * perSecond }, (_, count) =>
    askAt((count * 1_000) / perSecond, queries[count % queries.length] ?? ''),
  );
  /* Between the others. */
  const unknown = Array.from({ length: seconds }, (_, count) =>
    askAt((count + 0.5 / perSecond) * 1_000, newQuery()),
  );
  const sorted = Float64Array.from(await Promise.all(known)).sort();
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  const newMaxMs = Math.max(...(await Promise.all(unknown)));
  return {
    requests: known.length + unknown.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    newMaxMs,
    errors,
  };
};

process.on('message', async (order: VictimOrder) => {
  process.send?.(await live(order));
});
process.once('disconnect', () => process.exit());
