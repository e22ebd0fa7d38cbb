// Runs one load with autocannon: `node autocannonProcess.ts FILE`. Times are taken per request, as
// autocannon's own histogram counts whole milliseconds.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import type { Load } from './Load.ts';

const [file = ''] = process.argv.slice(2);
const { url, requests, seconds, connections }: Load = JSON.parse(readFileSync(file, 'utf8'));

const all = requests.map((request) => ({ method: 'POST' as const, ...request }));
let clients = 0;
const times: number[] = [];
const started = performance.now();
const instance = autocannon(
  {
    url,
    connections,
    duration: seconds,
    timeout: 30,
    /* Each connection begins elsewhere: what is in flight at once differs where requests do. */
    setupClient: (client) => {
      const first = clients++ % all.length;
      client.setRequests([...all.slice(first), ...all.slice(0, first)]);
    },
  },
  (error, result) => {
    if (error) throw error;
    const sorted = Float64Array.from(times).sort();
    const percentile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    const figures = {
      requests: times.length,
      rps: (times.length / (performance.now() - started)) * 1000,
      p50Ms: percentile(0.5),
      p99Ms: percentile(0.99),
      failed: result.non2xx + result.errors,
    };
    console.log(`RESULT ${JSON.stringify(figures)}`);
  },
);
instance.on('response', (_client, _status, _bytes, responseTime) => times.push(responseTime));
