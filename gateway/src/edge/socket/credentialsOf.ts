// The credentials of a socket: connectionParams, which browsers can send, or the upgrade's headers.
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../../identity/Authenticator.ts';
import { headerCredentials } from '../../identity/headerCredentials.ts';

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
  return headerCredentials(headers);
};
