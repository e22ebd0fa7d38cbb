// Requests over HTTP, one at a time on each connection; answers are read to their end, or left.
import { Agent, type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import type { GraphqlRequest } from '../../attacks/Attack.ts';
import { AnswerEnds, outcomeOf } from '../AnswerEnds.ts';
import type { Assault } from '../Assault.ts';

export interface ExchangeOptions {
  method: 'GET' | 'POST';
  accept?: string;
  /** Milliseconds after which request `index` is left, with its connection. */
  leaveAfterMs?: (index: number) => number;
}

export const exchange =
  (options: ExchangeOptions) =>
  async (assault: Assault): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: assault.variant.connections });
    await assault.onEachConnection(async (connection) => {
      const { request, index } = assault.next();
      const call = begin(assault, { ...options, request, connection, agent });
      const leaving =
        options.leaveAfterMs &&
        setTimeout(() => call.destroy(new Error('left')), options.leaveAfterMs(index));
      try {
        await readAnswer(call, assault);
      } finally {
        clearTimeout(leaving);
      }
    });
    agent.destroy();
  };

interface Call extends ExchangeOptions {
  request: GraphqlRequest;
  connection: number;
  agent: Agent;
}

const begin = (assault: Assault, call: Call): ClientRequest => {
  const { request, method, accept = 'application/json', connection, agent } = call;
  const url = new URL(assault.url);
  const headers = { ...assault.credentialsOf(connection), accept };
  const { signal } = assault;
  if (method === 'GET') {
    for (const [name, value] of Object.entries(request)) {
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    /* What Apollo Server asks of a GET that could be a page's; anybody may say it. */
    const preflight = { 'apollo-require-preflight': 'true' };
    return send(url, { method, agent, signal, headers: { ...headers, ...preflight } }).end();
  }
  const body = assault.bodyOf(request);
  const content = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return send(url, { method, agent, signal, headers: { ...headers, ...content } }).end(body);
};

const readAnswer = async (call: ClientRequest, { tally }: Assault): Promise<void> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve);
    call.on('error', reject);
  });
  const ends = new AnswerEnds();
  try {
    for await (const chunk of response) ends.add(chunk as Buffer);
    tally.count(outcomeOf(response.statusCode ?? 0, ends.code));
  } finally {
    tally.read(ends.bytes);
  }
};
