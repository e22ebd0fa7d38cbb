// GraphiQL in the browser. Bundled by bundle.mjs beside it, so that it needs no internet.
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
const send = createGraphiQLFetcher({
  url: url.href,
  subscriptionUrl: socketUrl.href,
  enableIncrementalDelivery: false,
});

/** Of the last login in this tab of the browser. */
const tokenKey = 'crm-graph:access-token';

/** Once somebody has logged in here, requests carry that token unless the Headers tab has credentials. */
const fetcher: typeof send = async (params, options) => {
  const given = options?.headers ?? {};
  const hasOwn = Object.keys(given).some((name) =>
    /^(authorization|x-api-key|apikey)$/i.test(name),
  );
  const token = sessionStorage.getItem(tokenKey);
  const headers = hasOwn || !token ? given : { ...given, authorization: `Bearer ${token}` };
  const result = await send(params, { ...options, headers });
  if (result && typeof result === 'object' && !(Symbol.asyncIterator in result)) remember(result);
  return result;
};

const remember = (result: object): void => {
  const { data, errors } = result as {
    data?: Record<string, { accessToken?: unknown } | null> | null;
    errors?: { extensions?: { code?: string } }[];
  };
  const tokens = Object.values(data ?? {}).map((value) => value?.accessToken);
  const token = tokens.find((value) => typeof value === 'string');
  if (typeof token === 'string') sessionStorage.setItem(tokenKey, token);
  else if (!data && errors?.[0]?.extensions?.code === 'UNAUTHENTICATED') {
    sessionStorage.removeItem(tokenKey);
  }
};

const firstSteps = `# The CRM graph. Its documentation is behind the
# book at the top left.
#
# 1. Run "Login". This tab is then logged in for the
#    10 minutes that the access token lasts.
# 2. Run "Board".
# 3. Run "Watch", and change a deal elsewhere:
#    its events arrive live.
#
# Or put credentials into the Headers tab below:
#   { "authorization": "Bearer <accessToken>" }
#   { "x-api-key": "<key>" }

mutation Login {
  login(
    input: {
      email: "admin@acme.example"
      password: "demo-password"
    }
  ) {
    accessToken
    user { name role }
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
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders
    />,
  );
}
