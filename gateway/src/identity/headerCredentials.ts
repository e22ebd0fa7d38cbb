// The credentials in a request's headers, of HTTP or of a socket's upgrade.
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './Authenticator.ts';

export const headerCredentials = (headers: IncomingHttpHeaders): Credentials => {
  const apiKey = headers['x-api-key'];
  return {
    authorization: headers.authorization,
    apiKey: Array.isArray(apiKey) ? apiKey[0] : apiKey,
  };
};
