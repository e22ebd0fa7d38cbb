// Tokens with which the project's own processes speak to one another (HS256, shared secret).
import jsonwebtoken from 'jsonwebtoken';
import { audience, issuer } from './claims.ts';

/** Long enough for clocks that differ a little, short enough that a leaked one is of no use. */
export const serviceTokenSeconds = 60;

/** A fresh service token, for one organization or (undefined) for none. */
export const mintServiceToken = (secret: string, organizationId: string | undefined): string =>
  jsonwebtoken.sign(
    { kind: 'service', role: 'SERVICE', ...(organizationId ? { org: organizationId } : {}) },
    secret,
    { algorithm: 'HS256', expiresIn: serviceTokenSeconds, issuer, audience, subject: 'service' },
  );
