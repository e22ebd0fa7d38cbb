// A gateway is measured only where it is right: its answers equal those of the first one. Errors count
// by their messages; paths and extensions are each gateway's own.
import { isDeepStrictEqual } from 'node:util';
import type { Answer, Peer } from './Peer.ts';

const comparable = ({ data, errors = [] }: Answer): object => ({
  data,
  errors: errors.map(({ message }) => message).sort(),
});

/** What each asked peer answered wrong, in the beginnings of both answers; undefined where right. */
export const checkAnswers = async (
  peers: readonly Peer[],
  bodies: readonly string[],
): Promise<Map<Peer, string>> => {
  const wrong = new Map<Peer, string>();
  const [reference, ...others] = peers;
  /* The first, one in the middle and the last stand for all. */
  const asked = new Set([bodies[0], bodies[bodies.length >> 1], bodies.at(-1)]);
  for (const body of asked) {
    if (!reference || body === undefined) break;
    const expected = await reference.ask(body);
    if (!expected.data) wrong.set(reference, `it answers ${beginning(expected)}`);
    for (const peer of others) {
      const answer = await peer.ask(body);
      if (isDeepStrictEqual(comparable(answer), comparable(expected))) continue;
      wrong.set(peer, `it answers ${beginning(answer)}, not ${beginning(expected)}`);
    }
  }
  return wrong;
};

const beginning = (answer: Answer): string => JSON.stringify(answer).slice(0, 300);
