// Holds the rules before any fetch: prepares a document once, decides per request which of its
// guarded fields are denied, and knows the operation without them.
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isNonNullType,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../GatewayContext.ts';
import { collectFields } from './collectFields.ts';
import { type Coerced, deniedByArguments } from './deniedByArguments.ts';
import { type Denials, GuardedOperation } from './GuardedOperation.ts';
import { fragmentsOf, guardedFields } from './guardedFields.ts';
import type { Guards } from './guards.ts';
import { IdentityVerdicts, type Verdicts } from './IdentityVerdicts.ts';
import { pruneOperation } from './pruneOperation.ts';

export interface PrunedOperation {
  /** Undefined when nothing is left. */
  document: DocumentNode | undefined;
  operation: OperationDefinitionNode | undefined;
  /** Differs for each set of denied fields: the key of another query plan. */
  key: string;
}

/** Roles and scopes make few sets of denied fields; beyond this the oldest goes. */
const prunedPerOperation = 32;

export class Authorizer {
  readonly schema: GraphQLSchema;
  readonly guards: Guards;
  readonly #verdicts: IdentityVerdicts;
  readonly #prepared = new WeakMap<DocumentNode, Map<string, GuardedOperation>>();
  readonly #pruned = new WeakMap<GuardedOperation, Map<string, PrunedOperation>>();

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
    const prepared = new GuardedOperation({ operation, fragments, guarded });
    if (byName) byName.set(operationName ?? '', prepared);
    else this.#prepared.set(document, new Map([[operationName ?? '', prepared]]));
    return prepared;
  }

  /**
   * The denied fields with the reason of each; undefined when nothing is denied. Synchronous when the
   * identity has been seen and no rule of the operation reads arguments; then it is also the same
   * object for all callers who are refused the same. `variables` are as the client sent them.
   */
  decide(
    prepared: GuardedOperation,
    variables: Readonly<Record<string, unknown>> | undefined,
    context: GatewayContext,
  ): Denials | undefined | Promise<Denials | undefined> {
    return this.#decide(prepared, context, () =>
      getVariableValues(this.schema, prepared.operation.variableDefinitions ?? [], variables ?? {}),
    );
  }

  /** As `decide`, with variables that are coerced. */
  async denials(
    prepared: GuardedOperation,
    variables: Record<string, unknown>,
    context: GatewayContext,
  ): Promise<Denials> {
    return (await this.#decide(prepared, context, () => ({ coerced: variables }))) ?? new Map();
  }

  #decide(
    prepared: GuardedOperation,
    context: GatewayContext,
    coerce: () => Coerced,
  ): Denials | undefined | Promise<Denials | undefined> {
    if (prepared.guarded.length === 0) return undefined;
    const verdicts = this.#verdicts.of(context.identity);
    const decide = (known: Verdicts) =>
      prepared.byArguments.length === 0
        ? prepared.deniedByClaims(known)
        : deniedByArguments(prepared, known, coerce(), context);
    return verdicts instanceof Promise ? verdicts.then(decide) : decide(verdicts);
  }

  /** True when a denied root field may not be null: then there is no data, and nothing is executed. */
  deniesAll(
    { operation, fragments }: GuardedOperation,
    variables: Record<string, unknown>,
    denials: Denials,
  ): boolean {
    const root = this.schema.getRootType(operation.operation);
    if (!root) return true;
    const fields = collectFields(
      { schema: this.schema, fragments, variables },
      [operation.selectionSet],
      root,
    );
    return [...fields.values()].flat().some((node) => {
      const definition = denials.has(node) && root.getFields()[node.name.value];
      return definition && isNonNullType(definition.type);
    });
  }

  prune(prepared: GuardedOperation, denials: Denials): PrunedOperation {
    const key = createHash('sha256')
      .update(prepared.guarded.map(({ node }) => (denials.has(node) ? '1' : '0')).join(''))
      .digest('hex');
    const byKey = this.#pruned.get(prepared) ?? new Map<string, PrunedOperation>();
    this.#pruned.set(prepared, byKey);
    const known = byKey.get(key);
    if (known) return known;
    const { operation, fragments } = prepared;
    const document = pruneOperation(this.schema, operation, fragments, new Set(denials.keys()));
    const pruned = {
      document,
      operation: document && (getOperationAST(document) ?? undefined),
      key,
    };
    const [oldest] = byKey.keys();
    if (oldest !== undefined && byKey.size >= prunedPerOperation) byKey.delete(oldest);
    byKey.set(key, pruned);
    return pruned;
  }
}
