// Holds the rules before any fetch: finds an operation's guarded fields once, and decides per request
// which of them are denied.
import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql';
import { fragmentsOf } from '../../engine/document/fragments.ts';
import type { GatewayContext } from '../GatewayContext.ts';
import { deniedByArguments } from './deniedByArguments.ts';
import { type Denials, GuardedOperation } from './GuardedOperation.ts';
import { guardedFields } from './guardedFields.ts';
import type { Guards } from './guards.ts';
import { IdentityVerdicts, type Verdicts } from './IdentityVerdicts.ts';

export class Authorizer {
  readonly schema: GraphQLSchema;
  readonly guards: Guards;
  readonly #verdicts: IdentityVerdicts;
  readonly #prepared = new WeakMap<DocumentNode, Map<string, GuardedOperation>>();

  constructor(schema: GraphQLSchema, guards: Guards) {
    this.schema = schema;
    this.guards = guards;
    this.#verdicts = new IdentityVerdicts(guards.values());
  }

  /** The document must be valid and have the operation; it is prepared the first time it is seen. */
  prepare(document: DocumentNode, operationName: string | undefined): GuardedOperation {
    const byName = this.#prepared.get(document);
    const known = byName?.get(operationName ?? '');
    if (known) return known;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new TypeError('The document has no such operation');
    const fragments = fragmentsOf(document);
    const guarded = guardedFields(this.schema, operation, fragments, this.guards);
    const prepared = new GuardedOperation(operation, guarded);
    if (byName) byName.set(operationName ?? '', prepared);
    else this.#prepared.set(document, new Map([[operationName ?? '', prepared]]));
    return prepared;
  }

  /**
   * The denied fields with the reason of each; undefined when nothing is denied. Synchronous when the
   * identity has been seen and no rule of the operation reads arguments; then it is also the same
   * object for all callers who are refused the same. `coerced` are the variables as the schema understands them.
   */
  decide(
    prepared: GuardedOperation,
    coerced: Readonly<Record<string, unknown>>,
    context: GatewayContext,
  ): Denials | undefined | Promise<Denials | undefined> {
    if (prepared.guarded.length === 0) return undefined;
    const verdicts = this.#verdicts.of(context.identity);
    const decide = (known: Verdicts) => {
      if (prepared.byArguments.length === 0) return prepared.deniedByClaims(known);
      return deniedByArguments(prepared, known, coerced, context);
    };
    return verdicts instanceof Promise ? verdicts.then(decide) : decide(verdicts);
  }
}
