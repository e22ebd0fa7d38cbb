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
      const code = errors?.[0]?.extensions?.code;
      if (code === 'CURSOR_EXPIRED' || code === 'INVALID_CURSOR') {
        console.error(errors[0].message, 'Read the deals anew, then delete the cursor file.');
        process.exit(1);
      }
      if (!data) throw new Error(JSON.stringify(errors));
      const { cursor, ...event } = data.dealEvents;
      handle(event);
      saveCursor(cursor);
      failures = 0;
    }
  } catch (error) {
    console.error('The connection ended:', error.reason || error.message || error);
    if (final.includes(error.code)) process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** Math.min(failures, 6)));
}
