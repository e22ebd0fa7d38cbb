// API keys (crm_…) and refresh tokens (crmr_…): prefix, base64url of organization and record id,
// and a random secret. They say whose they are, so that row-level security applies to their lookup.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';

export type TokenPrefix = 'crm' | 'crmr';

export interface OpaqueToken {
  organizationId: string;
  id: string;
  secret: string;
}

const uuidBytes = 16;
const secretBytes = 32;
/* Base64url without padding: 32 bytes are 43 characters, and may contain `_` themselves. */
const form = /^(crmr?)_([\w-]{43})_([\w-]{43})$/;

export const newSecret = (): string => randomBytes(secretBytes).toString('base64url');

export const writeToken = (
  prefix: TokenPrefix,
  { organizationId, id, secret }: OpaqueToken,
): string => {
  const ids = Buffer.concat([parse(organizationId), parse(id)]).toString('base64url');
  return `${prefix}_${ids}_${secret}`;
};

/** Undefined when the text is no token of this kind. */
export const readToken = (prefix: TokenPrefix, text: string): OpaqueToken | undefined => {
  const [, found, ids, secret] = form.exec(text) ?? [];
  if (found !== prefix || ids === undefined || secret === undefined) return undefined;
  const bytes = Buffer.from(ids, 'base64url');
  try {
    return {
      organizationId: stringify(bytes.subarray(0, uuidBytes)),
      id: stringify(bytes.subarray(uuidBytes)),
      secret,
    };
  } catch {
    return undefined;
  }
};

/** What is stored of a secret. */
export const hashOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

export const isSecret = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
