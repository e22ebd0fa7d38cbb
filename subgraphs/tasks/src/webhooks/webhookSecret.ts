// The secrets that messages are signed with: 32 random bytes, stored encrypted, shown once.
import { randomBytes } from 'node:crypto';
import { decryptKey, encryptKey } from '@crm-graph/shared/keyEncryption';
import type { Webhook } from './Webhook.ts';

const secretBytes = 32;
/** How long the old secret signs beside the new one, so that receivers can change in between. */
export const overlapMs = 24 * 60 * 60 * 1000;

type Owner = Pick<Webhook, 'organizationId' | 'id'>;

export const newSecret = (): Buffer => randomBytes(secretBytes);

/** As the Standard Webhooks libraries take it. */
export const writeSecret = (secret: Buffer): string => `whsec_${secret.toString('base64')}`;

const nameOf = ({ organizationId, id }: Owner) => `webhook secret ${organizationId} ${id}`;

export const sealSecret = (secret: Buffer, of: Owner, encryptionKey: Buffer): Buffer =>
  encryptKey(secret, nameOf(of), encryptionKey);

/** The secrets that sign now: one, or two for a day after a rotation. */
export function signingSecrets(
  webhook: Owner & Pick<Webhook, 'secret' | 'previousSecret' | 'previousSecretUntil'>,
  encryptionKey: Buffer,
  now: Date,
): Buffer[] {
  const { secret, previousSecret, previousSecretUntil } = webhook;
  const isCurrent = previousSecretUntil !== null && previousSecretUntil > now;
  const sealed = previousSecret && isCurrent ? [secret, previousSecret] : [secret];
  return sealed.map((one) => decryptKey(one, nameOf(webhook), encryptionKey));
}
