// What a request says its content is: whether we read it, and whether a page of another origin could
// have made a browser send it unasked (CSRF).
import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, HttpError } from './HttpError.ts';

const json = 'application/json';

/** Browsers send these for any page, without asking the server first (fetch.spec.whatwg.org). */
const unasked = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** A browser asks first where a page sets one of these; Apollo's clients do. */
const askedFor = ['apollo-require-preflight', 'x-apollo-operation-name'];

/** Throws HttpError 415 unless the body is JSON in UTF-8. No browser sends that unasked. */
export const requireJson = (headers: IncomingHttpHeaders): void => {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  if (type !== json && !isJson(type)) {
    throw unsupported(`Send the body as ${json}, in UTF-8.`);
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw unsupported('Compressed bodies are not supported.');
  }
};

/**
 * For a request without body. Throws HttpError: 400 where a browser may have sent it unasked, 415
 * where it has another content type than JSON.
 */
export const requireAskedFor = (headers: IncomingHttpHeaders): void => {
  const { 'content-type': type } = headers;
  if ((type === undefined || unasked.includes(mediaType(type))) && !askedFor.some(isSetIn(headers)))
    throw badRequest(
      `This may be a cross-site request forgery. Send a content-type of ${json}, or one of the headers ${askedFor.join(', ')}.`,
    );
  if (type !== undefined && mediaType(type) !== json) {
    throw unsupported(`A GET has no content type but ${json}.`);
  }
};

const isSetIn =
  (headers: IncomingHttpHeaders) =>
  (name: string): boolean =>
    Boolean(headers[name]);

const isJson = (type: string | undefined): boolean => {
  if (type === undefined || mediaType(type) !== json) return false;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8';
  return /^utf-?8$/i.test(charset);
};

const mediaType = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase();

const unsupported = (message: string): HttpError => new HttpError({ status: 415, message });
