// GraphiQL in the browser. Bundled by src/explorer/bundleExplorer.ts, so that it needs no internet.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './explorer.css';

const workers: Record<string, string> = { json: 'json.worker.js', graphql: 'graphql.worker.js' };

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_id: string, label: string) =>
      new Worker(`/explorer/assets/${workers[label] ?? 'editor.worker.js'}`),
  },
});

const url = new URL('/graphql', location.href);
const socketUrl = new URL(url);
socketUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

/* The Headers tab is sent with every request, and as connectionParams of a subscription's socket. */
const fetcher = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socketUrl.href });

const firstSteps = `# The CRM graph. Everything is in the documentation on the left.
#
# 1. Run "Login". Copy the accessToken into the Headers tab below:
#      { "authorization": "Bearer <accessToken>" }
#    A partner's key goes there as { "x-api-key": "<key>" }.
# 2. Run "Board".
# 3. Run "Watch", and change a deal elsewhere: its events arrive live.

mutation Login {
  login(input: { email: "admin@acme.example", password: "demo-password" }) {
    accessToken
  }
}

query Board {
  deals(first: 10) {
    totalCount
    nodes {
      id
      title
      amount { amount currency }
      stage { name kind }
      company { name }
      owner { name }
    }
  }
}

subscription Watch {
  dealEvents {
    cursor
    type
    changes { field from to }
    deal { title stage { name } owner { name } }
  }
}
`;

const container = document.getElementById('explorer');
if (container) {
  createRoot(container).render(
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN]}
      defaultQuery={firstSteps}
      defaultHeaders={'{\n  "authorization": "Bearer "\n}'}
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders
    />,
  );
}
