// The shield rules that gateway and subgraphs share. Each has a name that says what it asks for;
// the name travels in the error's `extensions.rule`, so a client can tell why it was refused.
import { CrmError } from '../errors/CrmError.ts';
import type { PublicLog } from '../events/eventTypes.ts';
import type { Identity, Permission } from '../identity/Identity.ts';
import { claimsRule, rule, type ShieldRule } from './shield.ts';

/** What a rule reads of the request's context, in the gateway and in subgraphs. */
export interface RuleContext {
  identity?: Identity | undefined;
}

/** The error of a rule that did not hold: who is nobody has to log in, who is somebody may not. */
export const denied = (ruleName: string, identity: Identity | undefined): CrmError =>
  identity
    ? new CrmError('FORBIDDEN', `Not allowed: this needs "${ruleName}"`, {
        extensions: { rule: ruleName },
      })
    : new CrmError('UNAUTHENTICATED', 'Log in first: no access token or API key was sent', {
        extensions: { rule: ruleName },
      });

/** A named rule over the identity alone: `holds` is asked once per identity, not once per field. */
export const identityRule = (name: string, holds: (identity: Identity) => boolean): ShieldRule =>
  claimsRule(name, (identity) => (identity && holds(identity) ? true : denied(name, identity)));

const byPermission = new Map<Permission, ShieldRule>();

/** Holds when the identity has the permission, by its role or by its API key's scopes. */
export const can = (permission: Permission): ShieldRule => {
  const known = byPermission.get(permission);
  if (known) return known;
  const made = identityRule(`can ${permission}`, ({ permissions }) => permissions.has(permission));
  byPermission.set(permission, made);
  return made;
};

/** To follow what happens to records one must be allowed to see them, too. */
const mayFollow = (read: Permission, identity: Identity | undefined): true | Error =>
  (identity?.permissions.has('events:read') && identity.permissions.has(read)) ||
  denied(`can events:read and ${read}`, identity);

const canFollow = (read: Permission): ShieldRule =>
  claimsRule(`can events:read and ${read}`, (identity) => mayFollow(read, identity));

export const canFollowDeals: ShieldRule = canFollow('deals:read');
export const canFollowContacts: ShieldRule = canFollow('contacts:read');
export const canFollowTasks: ShieldRule = canFollow('tasks:read');

const readPermissions: Readonly<Record<PublicLog, Permission>> = {
  deals: 'deals:read',
  contacts: 'contacts:read',
  tasks: 'tasks:read',
};

/** Whether an identity may follow a log; the error that says what it lacks otherwise. */
export const mayFollowLog = (log: PublicLog, identity: Identity | undefined): true | Error =>
  mayFollow(readPermissions[log], identity);

/** Holds for who may follow the log that the argument `log` names, an EventLog. */
export const canFollowLog: ShieldRule = rule('can follow the log', { cache: 'no_cache' })(
  (_parent: unknown, { log }: { log: unknown }, { identity }: RuleContext) => {
    // The gateway has the enum's name here, a subgraph its value.
    const name = String(log).toLowerCase() as PublicLog;
    return name in readPermissions ? mayFollowLog(name, identity) : denied('deny', identity);
  },
);

/** Holds for every verified identity. */
export const authenticated: ShieldRule = identityRule('authenticated', () => true);

/** Holds for a person who logged in: not for API keys and not for other services. */
export const person: ShieldRule = identityRule('person', ({ kind }) => kind === 'user');

/** Holds for everybody, also without a token. */
export const anyone: ShieldRule = claimsRule('anyone', () => true);
