// Asks auth who the administrators of an organization are.
import { mintServiceToken } from '@crm-graph/shared/identity/serviceToken';
import { fetch } from 'undici';
import { z } from 'zod';

const timeoutMs = 5_000;
const answerSchema = z.object({ administrators: z.array(z.uuid()) });

export async function administratorsOf(
  authUrl: string,
  secret: string,
  organizationId: string,
): Promise<string[]> {
  const response = await fetch(new URL('/internal/administrators', authUrl), {
    headers: { authorization: `Bearer ${mintServiceToken(secret, organizationId)}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  return answerSchema.parse(await response.json()).administrators;
}
