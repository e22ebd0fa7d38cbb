// /health/live and /health/ready. The server listens only once the supergraph is loaded, so it is
// ready until it stops.
import type { IncomingMessage } from 'node:http';
import { defaultType } from '../edge/acceptedType.ts';
import type { Answer } from './Answer.ts';
import { notAllowed } from './HttpError.ts';

/** Undefined for another path. Throws HttpError for another method than GET or HEAD. */
export const healthAnswer = (
  path: string,
  { method }: IncomingMessage,
  isStopping: boolean,
): Answer | undefined => {
  const isReady = path === '/health/ready';
  if (!isReady && path !== '/health/live') return undefined;
  if (method !== 'GET' && method !== 'HEAD') {
    throw notAllowed('Health is asked for by GET.', 'GET, HEAD');
  }
  if (!isReady) return statusOf('live', 200);
  return isStopping ? statusOf('stopping', 503) : statusOf('ready', 200);
};

const statusOf = (word: string, status: number): Answer => ({
  status,
  type: defaultType,
  body: JSON.stringify({ status: word }),
});
