// Multipart HTTP as Apollo specifies it for subscriptions, with a reader of our own: nothing between
// the bytes and the check.
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { boundaryOf, MultipartReader } from './MultipartReader.ts';
import { type Connection, type Result, reasonOf, type Transport } from './Transport.ts';

interface Part {
  payload?: Result | null;
  errors?: readonly { message: string }[];
}

export const multipart: Transport = async (connection) => {
  try {
    const response = await respond(connection);
    const boundary = boundaryOf(response.headers['content-type'] ?? '');
    if (response.statusCode !== 200 || boundary === undefined) {
      return `HTTP ${response.statusCode}: ${(await text(response)).slice(0, 300)}`;
    }
    connection.opened();
    return await read(response, boundary, connection.received);
  } catch (error) {
    return connection.signal.aborted ? 'stopped' : reasonOf(error);
  }
};

const respond = ({ url, apiKey, query, variables, signal }: Connection) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'multipart/mixed;subscriptionSpec="1.0", application/json',
      'x-api-key': apiKey,
    };
    const sent = request(url, { method: 'POST', headers, agent: false, signal }, resolve);
    sent.on('error', reject);
    sent.end(JSON.stringify({ query, variables }));
  });

const read = async (
  response: IncomingMessage,
  boundary: string,
  received: (result: Result) => void,
): Promise<string> => {
  const reader = new MultipartReader(boundary);
  response.setEncoding('utf8');
  for await (const chunk of response) {
    for (const body of reader.read(chunk as string)) {
      const { payload, errors } = JSON.parse(body) as Part;
      if (payload) received(payload);
      if (errors) return reasonOf(errors);
    }
    if (reader.hasEnded) return 'completed';
  }
  return 'ended without its last boundary';
};
