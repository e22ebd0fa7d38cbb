// npm run auth:rotate-keys: publishes a new signing key that takes over in two minutes, and deletes
// keys whose last token has expired. Running processes notice by themselves.

import { keyEncryptionKey, readConfig, subgraphConfig } from '@crm-graph/shared/config';
import { openDatabase } from '@crm-graph/shared/database/openDatabase';
import { decryptKey } from '@crm-graph/shared/keyEncryption';
import { z } from 'zod';
import { createSigningKey, lockSigningKeys } from './createSigningKey.ts';
import { publishedAheadMs, publishedKeysOf } from './keySchedule.ts';
import { SigningKey } from './SigningKey.ts';

const config = readConfig(
  z.object({
    DATABASE_URL: subgraphConfig.shape.DATABASE_URL,
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
  }),
);
const dataSource = await openDatabase({
  url: config.DATABASE_URL,
  schema: 'auth',
  entities: [SigningKey],
  poolSize: 1,
});
try {
  const activeFrom = new Date(Date.now() + publishedAheadMs);
  const { kid, deleted } = await dataSource.transaction(async (manager) => {
    await lockSigningKeys(manager);
    const keys = await manager.find(SigningKey);
    /* With another KEY_ENCRYPTION_KEY than that of the running processes, logins would fail. */
    for (const key of keys) decryptKey(key.privateKey, key.kid, config.KEY_ENCRYPTION_KEY);
    const needed = new Set(publishedKeysOf(keys, Date.now()));
    const obsolete = keys.filter((key) => !needed.has(key));
    if (obsolete.length > 0) await manager.remove(obsolete);
    return {
      kid: await createSigningKey(manager, config.KEY_ENCRYPTION_KEY, activeFrom),
      deleted: obsolete.length,
    };
  });
  console.log(`Key ${kid} is published and signs from ${activeFrom.toISOString()} on.`);
  console.log(`Obsolete keys deleted: ${deleted}.`);
} catch (error) {
  console.error(`No key was made: ${error instanceof Error ? error.message : String(error)}`);
  console.error('Is KEY_ENCRYPTION_KEY the one that the auth subgraph runs with?');
  process.exitCode = 1;
} finally {
  await dataSource.destroy();
}
