// What resolvers need beside the database, made from the configuration when the process starts.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import type { SubgraphServices } from '@crm-graph/shared/subgraph/SubgraphContext';
import type { SigningKeys } from './SigningKeys.ts';

export interface AuthState {
  signingKeys: SigningKeys;
  allowSignUp: boolean;
}

const states = new WeakMap<SubgraphServices, AuthState>();

export const setAuthState = (services: SubgraphServices, state: AuthState): void => {
  states.set(services, state);
};

export const authStateOf = (services: SubgraphServices): AuthState => {
  const state = states.get(services);
  if (state) return state;
  throw new CrmError('INTERNAL_SERVER_ERROR', 'The auth subgraph has not been started');
};
