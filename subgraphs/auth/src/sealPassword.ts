// The hash of a mutation's input is stored with its idempotency key. A password in it must not be
// guessable from that, so it takes part as a keyed hash that only this installation can compute.
import { createHmac } from 'node:crypto';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';

export const sealPassword = <Input extends { password?: string | null }>(
  { secret }: SubgraphServices,
  input: Input,
): Input =>
  input.password == null
    ? input
    : {
        ...input,
        password: createHmac('sha256', secret)
          .update(`password:${input.password}`)
          .digest('base64url'),
      };
