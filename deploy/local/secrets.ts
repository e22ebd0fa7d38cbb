// The secrets of a local installation: made once, kept in DATA_DIR, readable by this user only.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartUpError } from './StartUpError.ts';

const secretsSchema = z.object({
  internalSecret: z.string().min(32),
  keyEncryptionKey: z.base64(),
  superuserPassword: z.string(),
  ownerPassword: z.string(),
  redisPassword: z.string(),
  rolePasswords: z.object({
    auth: z.string(),
    contacts: z.string(),
    deals: z.string(),
    tasks: z.string(),
    analytics: z.string(),
  }),
});

export type Secrets = z.output<typeof secretsSchema>;

const password = () => randomBytes(24).toString('base64url');

function newSecrets(): Secrets {
  return {
    internalSecret: randomBytes(32).toString('base64url'),
    keyEncryptionKey: randomBytes(32).toString('base64'),
    superuserPassword: password(),
    ownerPassword: password(),
    redisPassword: password(),
    rolePasswords: {
      auth: password(),
      contacts: password(),
      deals: password(),
      tasks: password(),
      analytics: password(),
    },
  };
}

/** Reads DATA_DIR/secrets.json, or makes it. A damaged file is reported, never replaced. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartUpError(`cannot read ${file}: ${error.message}`);
  });
  if (text === undefined) {
    const secrets = newSecrets();
    await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return secrets;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    throw new StartUpError(
      `${file} is damaged. Without its secrets the data of this folder cannot be used: ` +
        'put the file back, or start with another DATA_DIR.',
    );
  }
}
