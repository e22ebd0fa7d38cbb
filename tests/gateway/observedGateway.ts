// A gateway process of its own in front of the running subgraphs, with a proxy before each: tests
// see what a subgraph was asked, and can take it away or slow it down.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { cleanEnv, nodeBinary, root } from '../runningStack.ts';
import { stack } from '../stack.ts';

export interface SubgraphRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Of POST /graphql. */
  query: string | undefined;
}

interface Proxy {
  server: Server;
  agent: Agent;
  requests: SubgraphRequest[];
  /** `held`: what comes is passed on when it is normal again. */
  mode: 'normal' | 'down' | 'slow' | 'held';
  release: (() => void)[];
}

export interface ObservedGateway extends AsyncDisposable {
  url: string;
  socketUrl: string;
  process: ChildProcess;
  /** Log lines so far. */
  log: Record<string, unknown>[];
  /** What each subgraph was asked over GraphQL since the last call. */
  takeRequests(): Record<string, SubgraphRequest[]>;
  set(subgraph: string, mode: Proxy['mode']): void;
}

export const observedGateway = async (
  env: Record<string, string> = {},
): Promise<ObservedGateway> => {
  const { subgraphUrls, redisUrl, internalSecret } = stack();
  const proxies = new Map<string, Proxy>();
  const urls: Record<string, string> = {};
  for (const [name, target] of Object.entries(subgraphUrls)) {
    const proxy = await startProxy(target);
    proxies.set(name, proxy);
    urls[name] = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
  }
  const child = spawn(nodeBinary, ['gateway/dist/main.js'], {
    cwd: root,
    env: cleanEnv({
      PORT: '0',
      GRAPH_MODE: 'development',
      REDIS_URL: redisUrl,
      INTERNAL_SECRET: internalSecret,
      JWKS_URL: `${subgraphUrls.auth}/.well-known/jwks.json`,
      ...Object.fromEntries(
        Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
      ),
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = line.startsWith('{') ? JSON.parse(line) : { message: line };
      log.push(entry);
      if (entry.message === 'listening') resolve(entry.url);
    });
    child.once('close', () => {
      reject(new Error(`The gateway did not start: ${JSON.stringify(log)} ${stderr}`));
    });
  });

  return {
    url: `${url}/graphql`,
    socketUrl: `${url.replace('http', 'ws')}/graphql`,
    process: child,
    log,
    takeRequests: () =>
      Object.fromEntries([...proxies].map(([name, proxy]) => [name, proxy.requests.splice(0)])),
    set: (subgraph, mode) => {
      const proxy = proxies.get(subgraph);
      if (!proxy) return;
      proxy.mode = mode;
      for (const release of proxy.release.splice(0)) release();
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      for (const { server, agent } of proxies.values()) {
        agent.destroy();
        server.closeAllConnections();
        server.close();
      }
    },
  };
};

const startProxy = async (target: string): Promise<Proxy> => {
  const agent = new Agent({ keepAlive: true });
  const proxy: Proxy = {
    requests: [],
    mode: 'normal',
    release: [],
    server: createServer(),
    agent,
  };
  proxy.server.on('request', async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (incoming.url === '/graphql') {
      const { query } = JSON.parse(body.toString() || '{}');
      proxy.requests.push({ path: incoming.url, headers: incoming.headers, query });
    }
    if (proxy.mode === 'down') {
      incoming.socket.destroy();
      return;
    }
    if (proxy.mode === 'slow') return;
    if (proxy.mode === 'held') await new Promise<void>((resolve) => proxy.release.push(resolve));
    const forwarded = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: incoming.headers, agent },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      },
    );
    forwarded.on('error', () => incoming.socket.destroy());
    forwarded.end(body);
  });
  proxy.server.listen(0, '127.0.0.1');
  await once(proxy.server, 'listening');
  return proxy;
};
