// One id and one trace for a request through all processes: the caller's where they are sane, new ones where not.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const sane = /^[\w-]{8,64}$/;
const traceContext = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export const requestIdOf = ({ 'x-request-id': given }: IncomingHttpHeaders): string =>
  typeof given === 'string' && sane.test(given) ? given : randomUUID();

/** W3C trace context. A new one is not sampled: it only ties log lines together. */
export const traceparentOf = ({ traceparent: given }: IncomingHttpHeaders): string => {
  if (typeof given === 'string' && traceContext.test(given)) return given;
  /* Node keeps random bytes for UUIDs in store, which makes them ten times cheaper than others. */
  const id = randomUUID().replaceAll('-', '');
  return `00-${id}-${id.slice(16)}-00`;
};

export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
