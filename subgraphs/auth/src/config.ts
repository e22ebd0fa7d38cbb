// What this process is told by its environment; read in main.ts only.

import { subgraphConfig } from '@crm-graph/shared/config';
import { z } from 'zod';

const keyBytes = 32;

/** AES-256 key under which private signing keys are stored. */
export const keyEncryptionKey = z
  .base64()
  .describe('32 random bytes in base64, as `openssl rand -base64 32` prints them')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === keyBytes, `must be ${keyBytes} bytes in base64`);

export const authConfig = subgraphConfig.extend({
  KEY_ENCRYPTION_KEY: keyEncryptionKey,
  ALLOW_SIGN_UP: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('true or false: whether anybody may create an organization'),
});
export type AuthConfig = z.output<typeof authConfig>;
