// Receives webhooks: checks the signature (Standard Webhooks), answers at once, and deals with each
// event once, though it may be sent more often.
//   WEBHOOK_SECRET=whsec_… PORT=4400 node examples/partner/receive.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { WEBHOOK_SECRET, PORT = '4400' } = process.env;
if (!WEBHOOK_SECRET) {
  console.error('Set WEBHOOK_SECRET; createWebhook shows it once.');
  process.exit(1);
}
const webhook = new Webhook(WEBHOOK_SECRET);

/** Ids of what was dealt with. Keep them where they outlast a crash, for as long as retries last. */
const seen = new Set();

/** Your work. */
const handle = ({ type, data }) => console.log(JSON.stringify({ type, ...data }));

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // The signature is of the bytes as they came: parse them afterwards, not before.
    const message = webhook.verify(Buffer.concat(chunks).toString(), request.headers);
    const id = request.headers['webhook-id'];
    if (!seen.has(id)) handle(message);
    seen.add(id);
    response.writeHead(204).end();
  } catch (error) {
    console.error('Refused:', error.message);
    response.writeHead(401).end();
  }
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.error(`Listening on http://127.0.0.1:${server.address().port}`);
});
