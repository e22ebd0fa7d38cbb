// Reads a GraphQL request from HTTP: POST with JSON, GET with a query string, and nothing else (GraphQL over HTTP,
// 5 Request). No cookie authenticates anything here, so a page of another origin gains nothing by having a browser
// send a GET, and no header is asked for against that; a POST must be JSON, for which browsers ask first.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { type GraphRequest, requestOfBody, requestOfSearch } from './graphRequest.ts';
import { readBody } from './readBody.ts';

/**
 * Throws, or rejects with, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, BAD_REQUEST. Never settles
 * when the client goes away before the end of its body.
 */
export const readRequest = (
  request: IncomingMessage,
  maxBodyBytes: number,
): GraphRequest | Promise<GraphRequest> => {
  const { method, headers, url = '' } = request;
  if (method === 'POST') {
    requireJson(headers);
    return readBody(request, maxBodyBytes).then(requestOfBody);
  }
  if (method !== 'GET') throw notAllowed('The graph is asked by GET and POST.', 'GET, POST');
  const searchAt = url.indexOf('?');
  return requestOfSearch(searchAt < 0 ? '' : url.slice(searchAt + 1));
};

/** What only reads may come by GET, where proxies and browsers repeat it. */
export const requireMethod = (
  method: string | undefined,
  kind: 'query' | 'mutation' | 'subscription',
): void => {
  if (method === 'GET' && kind === 'mutation') throw notAllowed('Send mutations by POST.', 'POST');
};

/** `allow` is the header that goes with it (RFC 9110, 15.5.6). */
const notAllowed = (message: string, allow: string): CrmError =>
  new CrmError('METHOD_NOT_ALLOWED', message, { headers: { allow } });

const json = 'application/json';

const requireJson = (headers: IncomingHttpHeaders): void => {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  if (type !== json && !isJson(type)) {
    throw unsupported(`Send the body as \`content-type: ${json}\`, in UTF-8.`);
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupported('Send the body without `content-encoding`: compressed ones are not read.');
  }
};

const isJson = (type: string | undefined): boolean => {
  if (type === undefined || (type.split(';')[0] ?? '').trim().toLowerCase() !== json) return false;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8';
  return /^utf-?8$/i.test(charset);
};

const unsupported = (message: string): CrmError => new CrmError('UNSUPPORTED_MEDIA_TYPE', message);
