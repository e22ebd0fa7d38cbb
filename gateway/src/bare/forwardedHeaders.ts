// Which headers of a client go on to the subgraphs, and on whose behalf a request is therefore made.
import type { IncomingHttpHeaders } from 'node:http';

/** Sent on always: they tie logs and traces together, and change no answer. */
export const tracingHeaders: readonly string[] = ['traceparent', 'tracestate', 'x-request-id'];

/** About a connection or a body, not about who asks: sent on they would break the subgraph's request. */
const ofConnection: ReadonlySet<string> = new Set([
  ...['accept-encoding', 'connection', 'content-encoding', 'content-length', 'content-type'],
  ...['expect', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  'upgrade',
]);

export interface Forwarded {
  /** By lower case name. */
  headers: Readonly<Record<string, string>>;
  /**
   * Equal for two requests only where each of the named headers is: then a subgraph cannot tell them
   * apart, and they may share an answer. Tracing has no part in it.
   */
  identity: string;
}

export const canBeForwarded = (name: string): boolean => {
  const isToken = /^[!#$%&'*+.^_`|~\w-]+$/.test(name);
  /* `constructor` would be found in any object. */
  return isToken && !ofConnection.has(name.toLowerCase()) && !(name in Object.prototype);
};

const nothing: Forwarded = { headers: {}, identity: '' };

/** `names` are those to send on besides tracing, in any case. */
export const forwardedHeaders = (
  names: readonly string[],
): ((given: IncomingHttpHeaders) => Forwarded) => {
  const named = [...new Set(names.map((name) => name.toLowerCase()))].filter(
    (name) => !tracingHeaders.includes(name),
  );
  const all = [...tracingHeaders, ...named];
  return (given) => {
    let headers: Record<string, string> | undefined;
    for (const name of all) {
      const value = given[name];
      if (value === undefined) continue;
      headers ??= {};
      headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
    return headers ? { headers, identity: identityOf(named, headers) } : nothing;
  };
};

/** No header's value has a line break in it; one that is not there differs from an empty one. */
const identityOf = (names: readonly string[], headers: Readonly<Record<string, string>>): string =>
  names
    .map((name) => headers[name])
    .map((value) => (value === undefined ? '' : `=${value}`))
    .join('\n');
