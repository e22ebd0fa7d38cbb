// The credentials of a socket: connectionParams, which browsers can send, or the upgrade's headers.
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../../identity/Authenticator.ts';

export const credentialsOf = (
  connectionParams: Readonly<Record<string, unknown>> | undefined,
  headers: IncomingHttpHeaders,
): Credentials => {
  const given = new Map(
    Object.entries(connectionParams ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const text = (...names: string[]): string | undefined =>
    names
      .map((name) => given.get(name) ?? undefined)
      .find((value): value is string => typeof value === 'string' && value !== '');
  const sent: Credentials = {
    authorization: text('authorization'),
    apiKey: text('apikey', 'x-api-key'),
  };
  if (sent.authorization !== undefined || sent.apiKey !== undefined) return sent;
  const header = headers['x-api-key'];
  return {
    authorization: headers.authorization,
    apiKey: Array.isArray(header) ? header[0] : header,
  };
};
