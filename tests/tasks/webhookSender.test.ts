// One request to an endpoint: what is sent, what counts as delivered, and where it must never lead to.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { problemOfUrl } from '@crm-graph/tasks/webhooks/checkUrl';
import { dnsResolve } from '@crm-graph/tasks/webhooks/guardedAgent';
import {
  isSuccess,
  WebhookSender,
  type WebhookSenderOptions,
} from '@crm-graph/tasks/webhooks/WebhookSender';
import { newSecret, writeSecret } from '@crm-graph/tasks/webhooks/webhookSecret';
import { isSignedWith, WebhookReceiver } from './WebhookReceiver.ts';

let receiver: WebhookReceiver;
const disposed: AsyncDisposable[] = [];

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  disposed.push(receiver);
});
afterEach(async () => {
  for (const part of disposed.splice(0)) await part[Symbol.asyncDispose]();
});

function sender(options: Partial<WebhookSenderOptions> = {}): WebhookSender {
  const made = new WebhookSender({ allowLoopback: true, timeoutMs: 5_000, ...options });
  disposed.push(made);
  return made;
}

const message = { id: '01a2', body: '{"type":"DEAL_MOVED","data":{"title":"Ünïcode"}}' };

describe('what is sent', () => {
  test('verifies with each of the secrets, and with no other', async () => {
    const secrets = [newSecret(), newSecret()];
    const attempt = await sender().send(receiver.url, message, secrets);
    expect(attempt).toMatchObject({ statusCode: 200, error: null });
    expect(isSuccess(attempt)).toBe(true);
    const [received] = receiver.received;
    if (!received) throw new Error('nothing was received');
    expect(received.body).toBe(message.body);
    expect(received.headers['webhook-id']).toBe('01a2');
    expect(received.headers['content-type']).toBe('application/json');
    for (const secret of secrets) expect(isSignedWith(writeSecret(secret), received)).toBe(true);
    expect(isSignedWith(writeSecret(newSecret()), received)).toBe(false);
    const changed = { ...received, body: received.body.replace('MOVED', 'DELETED') };
    expect(isSignedWith(writeSecret(secrets[0] ?? newSecret()), changed)).toBe(false);
  });
});

describe('what counts as delivered', () => {
  test.each([
    [204, true],
    [299, true],
    [400, false],
    [410, false],
    [500, false],
  ])('an answer with %s: %s', async (status, delivered) => {
    receiver.answer = () => status;
    const attempt = await sender().send(receiver.url, message, [newSecret()]);
    expect(attempt.statusCode).toBe(status);
    expect(isSuccess(attempt)).toBe(delivered);
  });

  test('a redirect is not followed and is a failure', async () => {
    const other = await WebhookReceiver.start();
    disposed.push(other);
    receiver.answer = (_received, response) => {
      response.writeHead(307, { location: other.url }).end();
      return undefined;
    };
    const attempt = await sender().send(receiver.url, message, [newSecret()]);
    expect(attempt).toMatchObject({ statusCode: 307, error: null });
    expect(isSuccess(attempt)).toBe(false);
    expect(other.received).toEqual([]);
  });

  test('an endpoint that does not answer in time has failed', async () => {
    receiver.answer = () => undefined;
    const attempt = await sender({ timeoutMs: 200 }).send(receiver.url, message, [newSecret()]);
    expect(attempt).toMatchObject({ statusCode: null, error: 'No full answer within 0.2 s.' });
    expect(attempt.latencyMs).toBeGreaterThanOrEqual(150);
    expect(attempt.latencyMs).toBeLessThan(3_000);
  });

  test('an answer that drips on for longer than the time has failed', async () => {
    receiver.answer = (_received, response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(dripping));
      return undefined;
    };
    const attempt = await sender({ timeoutMs: 300 }).send(receiver.url, message, [newSecret()]);
    expect(attempt).toMatchObject({ statusCode: 200, error: 'No full answer within 0.3 s.' });
    expect(isSuccess(attempt)).toBe(false);
  });

  test('of an endless answer only its beginning is read', async () => {
    let written = 0;
    let closed = false;
    receiver.answer = (_received, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(16 * 1024);
      const pour = () => {
        while (!closed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', pour).once('close', () => {
        closed = true;
      });
      pour();
      return undefined;
    };
    const attempt = await sender().send(receiver.url, message, [newSecret()]);
    expect(isSuccess(attempt)).toBe(true);
    // What is under way in the buffers of both sides comes on top of the 64 KiB.
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('nobody listening, and a name that does not exist', async () => {
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    const refused = await sender().send(url, message, [newSecret()]);
    expect(refused).toMatchObject({ statusCode: null, error: 'The request failed: ECONNREFUSED.' });
    const resolve = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
    const unknown = sender({ resolve }).send('https://nowhere.example/', message, [newSecret()]);
    expect(await unknown).toMatchObject({ error: 'The request failed: ENOTFOUND.' });
  });
});

/** A DNS server on loopback that knows these IPv4 addresses; `asked` has a name for A and for AAAA. */
async function nameServer(addresses: Record<string, string>) {
  const asked: string[] = [];
  const socket = createSocket('udp4', (query, { port, address }) => {
    // RFC 1035: a header of 12 bytes, then labels with their lengths up to an empty one, type, class.
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const known = addresses[labels.join('.')];
    asked.push(labels.join('.'));
    const isA = query.readUInt16BE(at + 1) === 1;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
    header.fill(0, 6);
    header.writeUInt16BE(known && isA ? 1 : 0, 6);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    const bytes = Buffer.from((known ?? '').split('.').map(Number));
    const answer = known && isA ? [header, question, record, bytes] : [header, question];
    socket.send(Buffer.concat(answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  disposed.push({
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  });
  return { asked, address: `127.0.0.1:${socket.address().port}` };
}

const forbidden = 'The host leads to an address that is not public.';

describe('where requests never lead to', () => {
  const literals = [
    '169.254.169.254',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '017700000001',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
    '[fd00::1]',
    '[ff02::1]',
    '224.0.0.1',
    '255.255.255.255',
  ];

  test.each(literals)('%s, written so in the URL', async (host) => {
    const url = `http://${host}:${receiver.port}/`;
    const attempt = await sender({ allowLoopback: false }).send(url, message, [newSecret()]);
    expect(attempt).toMatchObject({ statusCode: null, error: forbidden });
    expect(receiver.received).toEqual([]);
    expect(problemOfUrl(`https://${host}/`, false)).toBe(
      'The URL leads to an address that is not public.',
    );
  });

  test.each([
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['10.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['fd00::1']],
    // One of several is enough: who owns the name chooses which is answered first.
    [['93.184.215.14', '127.0.0.1']],
  ])('a name that resolves to %j', async (addresses) => {
    const resolve = async () => addresses;
    const url = `http://private.example:${receiver.port}/`;
    const guarded = sender({ allowLoopback: false, resolve });
    expect(await guarded.send(url, message, [newSecret()])).toMatchObject({
      statusCode: null,
      error: forbidden,
    });
    expect(receiver.received).toEqual([]);
  });

  test('the name of this machine, unless it is allowed', async () => {
    for (const name of ['localhost', 'a.localhost', 'localhost.']) {
      const url = `http://${name}:${receiver.port}/`;
      const refused = await sender({ allowLoopback: false }).send(url, message, [newSecret()]);
      expect(refused.error).toBe(forbidden);
      expect((await sender().send(url, message, [newSecret()])).statusCode).toBe(200);
    }
    expect(receiver.received).toHaveLength(3);
  });

  test('private addresses where loopback is allowed', async () => {
    for (const host of ['169.254.169.254', '10.0.0.1', '[fd00::1]']) {
      expect(await sender().send(`http://${host}/`, message, [newSecret()])).toMatchObject({
        error: forbidden,
      });
    }
  });

  test('a name is resolved once: what it would be the second time does not matter', async () => {
    let looked = 0;
    const resolve = async () => (looked++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']);
    const url = `http://rebinding.example:${receiver.port}/`;
    const attempt = await sender({ resolve }).send(url, message, [newSecret()]);
    expect(attempt.statusCode).toBe(200);
    expect(looked).toBe(1);
  });

  test('a name for which a DNS server gives a private address, though it has answered for others', async () => {
    const names = await nameServer({ 'inside.example': '10.0.0.1', 'here.example': '127.0.0.1' });
    const guarded = sender({ resolve: dnsResolve([names.address]) });
    const ask = (host: string) =>
      guarded.send(`http://${host}:${receiver.port}/`, message, [newSecret()]);
    expect(await ask('here.example')).toMatchObject({ statusCode: 200 });
    expect(await ask('inside.example')).toMatchObject({ error: forbidden });
    expect(await ask('nowhere.example')).toMatchObject({
      error: 'The request failed: ENOTFOUND.',
    });
    expect(names.asked.filter((host) => host === 'here.example')).toHaveLength(2);
  });

  test('a TLS endpoint is asked for the certificate of its name', async () => {
    const hello = Promise.withResolvers<Buffer>();
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        hello.resolve(Buffer.from(data));
        socket.destroy();
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const resolve = async () => ['127.0.0.1'];
    await sender({ resolve }).send(`https://named.example:${port}/`, message, [newSecret()]);
    // The server name is readable in the first message of a TLS connection.
    expect((await hello.promise).includes('named.example')).toBe(true);
    server.close();
  });
});

describe('URLs that are refused at once', () => {
  test.each([
    ['http://example.com/', 'begins with https'],
    ['ftp://example.com/', 'begins with https'],
    ['https://user:password@example.com/', 'user or a password'],
    ['https://user@example.com/', 'user or a password'],

    ['example.com/hook', 'not a URL'],
    ['', 'not a URL'],
    ['https://localhost/', 'not public'],
    ['http://localhost/', 'begins with https'],
  ])('%s', (url, problem) => {
    expect(problemOfUrl(url, false)).toContain(problem);
  });

  test('one that is too long', () => {
    expect(problemOfUrl(`https://example.com/${'x'.repeat(2_048)}`, false)).toContain(
      'at most 2048',
    );
  });

  test('and those that are taken', () => {
    expect(problemOfUrl('https://example.com/hook?tenant=1', false)).toBeUndefined();
    expect(problemOfUrl('https://[2606:4700::1111]/hook', false)).toBeUndefined();
    expect(problemOfUrl('http://localhost:9000/hook', true)).toBeUndefined();
    expect(problemOfUrl('http://127.0.0.1:9000/hook', true)).toBeUndefined();
    expect(problemOfUrl('http://10.0.0.1:9000/hook', true)).toContain('begins with https');
  });
});
