// Pulls what has changed since the last time, page by page, and ends: for a job that runs every few
// minutes. It keeps its cursor where watch.mjs keeps it; each goes on where the other stopped.
//   API_KEY=crm_… node examples/partner/pull.mjs
import { readCursor, saveCursor } from './cursorFile.mjs';

const { API_KEY: apiKey, GRAPH_URL = 'http://localhost:4000/graphql' } = process.env;
if (!apiKey) {
  console.error('Set API_KEY; `npm start` shows a partner key of the demo.');
  process.exit(1);
}

const query = `query ($after: String) {
  changes(log: DEALS, after: $after, first: 100) {
    cursor hasMore
    nodes { type entityId version deleted occurredAt changes { field from to } }
  }
}`;

const page = async (after) => {
  const response = await fetch(GRAPH_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query, variables: { after } }),
  });
  const { data, errors } = await response.json();
  if (data?.changes) return data.changes;
  console.error(errors?.[0]?.message, errors?.[0]?.extensions?.code);
  process.exit(1);
};

/** Your work: a tombstone (`deleted`) takes the record away, all else brings it up to date. */
const handle = (change) => console.log(JSON.stringify(change));

for (let more = true; more; ) {
  const { nodes, cursor, hasMore } = await page(readCursor() ?? 'beginning');
  for (const change of nodes) handle(change);
  saveCursor(cursor);
  more = hasMore;
}
