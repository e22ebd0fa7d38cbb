// Watches deal events live and loses none: the cursor of the last event that was dealt with is kept
// in a file, and the next start, after whatever happened, goes on behind it.
//   API_KEY=crm_… node examples/partner/watch.mjs
//   GRAPH_URL=http://localhost:4000/graphql  CURSOR_FILE=cursor.txt  are the defaults
import { createClient } from 'graphql-ws';
import { readCursor, saveCursor } from './cursorFile.mjs';

const { API_KEY: apiKey, GRAPH_URL = 'http://localhost:4000/graphql' } = process.env;
if (!apiKey) {
  console.error('Set API_KEY; `npm start` shows a partner key of the demo.');
  process.exit(1);
}

const query = `subscription ($after: String) {
  dealEvents(after: $after) {
    cursor type occurredAt actor { name } changes { field from to }
    deal { id title amount { amount currency } stage { name } contact { name } owner { name } }
  }
}`;

/** Your work. It may be called twice for an event if you crash between it and saving the cursor. */
const handle = (event) => console.log(JSON.stringify(event));

/** Close codes after which trying again is pointless: wrong request, bad key, too many messages. */
const final = [4400, 4401, 4429];

/** Codes of errors after which this cursor leads nowhere any more. */
const lost = ['CURSOR_EXPIRED', 'INVALID_CURSOR'];

// This loop resumes by itself, since only it knows the last cursor; hence no retries of the client's.
const client = createClient({
  url: GRAPH_URL.replace(/^http/, 'ws'),
  connectionParams: { apiKey },
  retryAttempts: 0,
});

for (let failures = 0; ; failures++) {
  try {
    const variables = { after: readCursor() };
    for await (const { data, errors } of client.iterate({ query, variables })) {
      if (!data) throw new Error(JSON.stringify(errors));
      const { cursor, ...event } = data.dealEvents;
      handle(event);
      saveCursor(cursor);
      failures = 0;
    }
  } catch (error) {
    // A close event ends the connection; a list of GraphQL errors only ends the subscription.
    const [failure] = Array.isArray(error) ? error : [];
    if (lost.includes(failure?.extensions?.code)) {
      console.error(failure.message, 'Read the deals anew, then delete the cursor file.');
      process.exit(1);
    }
    console.error('Interrupted:', failure?.message || error.reason || error.message || error);
    if (final.includes(error.code)) process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** Math.min(failures, 6)));
}
