// Watches deal events and resumes after a lost connection: no event is missed, none comes twice.
//   API_KEY=crm_… node examples/watch-deals.mjs        from now on
//   API_KEY=… AFTER=<cursor>|beginning node examples/…  from a cursor on
//   TOKEN=<access token> works as well. GRAPH_URL is ws://localhost:4000/graphql unless given.
import { createClient } from 'graphql-ws';

const { API_KEY: apiKey, TOKEN, GRAPH_URL: url = 'ws://localhost:4000/graphql' } = process.env;
if (!apiKey && !TOKEN) {
  console.error('Set API_KEY (npm start shows the partner key) or TOKEN (an access token).');
  process.exit(1);
}
let after = process.env.AFTER;

const client = createClient({
  url,
  connectionParams: apiKey ? { apiKey } : { authorization: `Bearer ${TOKEN}` },
  // This script resumes by itself, since only it knows the last cursor.
  retryAttempts: 0,
});

const query = `subscription ($after: String) {
  dealEvents(after: $after) {
    cursor type occurredAt actor { name } changes { field from to }
    deal { title amount { amount currency } stage { name } contact { name } owner { name } }
  }
}`;

for (let failures = 0; failures < 10; failures++) {
  try {
    for await (const { data, errors } of client.iterate({ query, variables: { after } })) {
      if (errors) console.error(JSON.stringify(errors));
      if (!data) continue;
      const { cursor, ...event } = data.dealEvents;
      console.log(JSON.stringify(event));
      after = cursor;
      failures = 0;
    }
  } catch (error) {
    console.error('the connection ended:', error.reason || error.code || error);
    if ([4400, 4401, 4403].includes(error.code)) process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** Math.min(failures, 5)));
}
