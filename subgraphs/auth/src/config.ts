// What this process is told by its environment; read in main.ts only.

import { keyEncryptionKey, subgraphConfig } from '@crm-graph/shared/config';
import { z } from 'zod';

export const authConfig = subgraphConfig.extend({
  KEY_ENCRYPTION_KEY: keyEncryptionKey,
  ALLOW_SIGN_UP: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('true or false: whether anybody may create an organization'),
});
export type AuthConfig = z.output<typeof authConfig>;
