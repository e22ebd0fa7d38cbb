// The key set that auth publishes, and its rotation by the command, beside running processes.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { nodeBinary, root } from '../runningStack.ts';
import { graphql, login, newOrganization, stack } from '../stack.ts';
import { headerOf } from './accounts.ts';

const run = promisify(execFile);

const keySet = async (): Promise<{ kid: string }[]> => {
  const response = await fetch(`${stack().subgraphUrls.auth}/.well-known/jwks.json`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { keys: { kid: string }[] }).keys;
};

const rotate = (encryptionKey: string) =>
  run(nodeBinary, [join(root, 'subgraphs/auth/dist/rotateKeys.js')], {
    env: {
      ...process.env,
      DATABASE_URL: stack().subgraphDatabaseUrls.auth,
      KEY_ENCRYPTION_KEY: encryptionKey,
    },
  });

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Did not happen in 15 s');
};

describe('signing keys', () => {
  test('only public halves are published', async () => {
    for (const key of await keySet()) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ alg: 'ES256', crv: 'P-256', kty: 'EC', use: 'sig' });
    }
  });

  test('the command with another encryption key makes nothing and says why', async () => {
    const other = Buffer.alloc(32, 1).toString('base64');
    const before = await keySet();
    await expect(rotate(other)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KEY_ENCRYPTION_KEY'),
    });
    expect(await keySet()).toEqual(before);
  });

  test('a new key is published first, signs later, and old tokens stay valid', async () => {
    const { email, password, token } = await newOrganization();
    const oldKid = headerOf(token).kid;
    const secrets = JSON.parse(readFileSync(join(stack().dataDir, 'secrets.json'), 'utf8')) as {
      keyEncryptionKey: string;
    };
    const { stdout } = await rotate(secrets.keyEncryptionKey);
    const newKid = /Key (\S+) is published/.exec(stdout)?.[1];
    expect(newKid).toBeTruthy();
    await until(async () => (await keySet()).some(({ kid }) => kid === newKid));
    expect(headerOf((await login(email, password)).accessToken).kid).toBe(oldKid);

    const client = new Client(stack().subgraphDatabaseUrls.auth);
    await client.connect();
    await client.query('UPDATE auth.signing_key SET active_from = now() WHERE kid = $1', [newKid]);
    await client.end();
    let latest = '';
    await until(async () => {
      latest = (await login(email, password)).accessToken;
      return headerOf(latest).kid === newKid;
    });
    for (const each of [token, latest]) {
      const { data } = await graphql('{ me { email } }', {}, { token: each });
      expect(data).toEqual({ me: { email } });
    }
    expect((await keySet()).map(({ kid }) => kid)).toContain(oldKid);
  }, 60_000);
});
