// Reads JSON bodies as bytes and parses them at once. Fastify's own parser decodes each chunk and looks
// for `__proto__` keys; GraphQL requests are read by key and never merged into anything.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { FastifyInstance } from 'fastify';

export const jsonBodies = (http: FastifyInstance): void => {
  http.removeContentTypeParser('application/json');
  http.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(body.toString()));
      } catch (cause) {
        done(new CrmError('BAD_REQUEST', 'The body is not valid JSON.', { cause }));
      }
    },
  );
};
