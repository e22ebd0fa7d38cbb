// The arguments of `npm run engine`: what each gives, and what is said where one is wrong.
import { parseArguments, UsageError, usage } from '@crm-graph/gateway/bare/cli';

const needed = ['--supergraph', 'x.graphql', '--port', '4000'];

it('a supergraph and a port are enough', () => {
  expect(parseArguments(needed)).toEqual({
    supergraph: 'x.graphql',
    port: 4000,
    host: '127.0.0.1',
    timeoutMs: 30_000,
    subgraphTimeoutMs: 10_000,
    maxBodyBytes: 2 * 1024 * 1024,
    pollMs: 10_000,
    forwardHeaders: [],
    logLevel: 'info',
  });
});

it('each option is read', () => {
  const more =
    '--host ::1 --timeout-ms 1 --subgraph-timeout-ms 4 --max-body-bytes 2 --poll-ms 30 --log-level warn';
  const headers = ['--forward-header', 'Authorization', '--forward-header=x-tenant'];
  expect(parseArguments([...needed, ...more.split(' '), ...headers])).toEqual({
    supergraph: 'x.graphql',
    port: 4000,
    host: '::1',
    timeoutMs: 1,
    subgraphTimeoutMs: 4,
    maxBodyBytes: 2,
    pollMs: 30,
    forwardHeaders: ['Authorization', 'x-tenant'],
    logLevel: 'warn',
  });
});

it('help goes before everything', () => {
  expect(parseArguments(['--help'])).toBeUndefined();
  expect(parseArguments(['--host', '0.0.0.0', '--help'])).toBeUndefined();
});

it.each<[string, string]>([
  ['--port 1', '--supergraph is missing: a file or a URL.'],
  ['--supergraph x', '--port is missing.'],
  ['--supergraph x --port', "Option '--port <value>' argument missing"],
  ['--supergraph x --port 65536', '--port 65536 is not a whole number from 0 to 65535.'],
  ['--supergraph x --port 1.5', '--port 1.5 is not a whole number from 0 to 65535.'],
  ['--supergraph x --port 0x10', '--port 0x10 is not a whole number from 0 to 65535.'],
  ['--supergraph x --port 1 --timeout-ms 0', '--timeout-ms 0 is not a whole number from 1'],
  ['--supergraph x --port 1 --timeout-ms 3000000000', '--timeout-ms 3000000000 is not a whole'],
  ['--supergraph x --port 1 --max-body-bytes -1', 'argument is ambiguous'],
  ['--supergraph x --port 1 --poll-ms many', '--poll-ms many is not a whole number'],
  ['--supergraph x --port 1 --log-level loud', '--log-level loud is none of error, warn'],
  ['--supergraph x --port 1 --forward-header host', '--forward-header: "host" cannot be sent on.'],
  ['--supergraph x --port 1 --forward-header a:b', '--forward-header: "a:b" cannot be sent on.'],
  ['--supergraph x --port 1 --verbose', "Unknown option '--verbose'"],
  ['x.graphql', "Unexpected argument 'x.graphql'"],
])('%s is refused', (args, message) => {
  const parse = () => parseArguments(args.split(' '));
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});

it.each([
  '0.0.0.0',
  '::',
  '192.168.1.1',
  '128.0.0.1',
  'example.com',
  '127.1',
  '::ffff:1.2.3.4',
  '',
])('the host "%s" is refused, since it is not loopback', (host) => {
  const parse = () => parseArguments([...needed, '--host', host]);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow('is served on loopback only');
});

it('the help names each option that there is, with its default', () => {
  const named = [...usage.matchAll(/^ {2}(--[\w-]+)( \S+)?/gm)].map(([, name]) => name ?? '');
  expect(named).toHaveLength(10);
  for (const name of named) {
    const parse = () => parseArguments([name, 'x']);
    let message = '';
    try {
      parse();
    } catch (error) {
      message = String(error);
    }
    expect(message).not.toContain('Unknown option');
  }
  const { timeoutMs, subgraphTimeoutMs, maxBodyBytes, pollMs, host, logLevel } =
    parseArguments(needed) ?? {};
  for (const value of [timeoutMs, subgraphTimeoutMs, maxBodyBytes, pollMs, host, logLevel]) {
    expect(usage).toContain(`(${value})`);
  }
});
