// The limit: the generic operations by hand, each with the fewest fetches and the least work that
// JavaScript can do for it. `node limit.ts PORT`, with the subgraphs' URLs as JSON in BENCH_URLS.
import { createServer } from 'node:http';
import { byHand } from './byHand.ts';
import { Fetches } from './Fetches.ts';

const fetches = new Fetches(JSON.parse(process.env.BENCH_URLS ?? '{}'));

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const body = Buffer.concat(chunks).toString();
    const { operationName, variables } = JSON.parse(body);
    const answer = byHand[operationName];
    const bytes = Buffer.from(
      answer ? JSON.stringify(await answer(fetches, variables)) : await fetches.text('deals', body),
    );
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytes.length,
    });
    response.end(bytes);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
