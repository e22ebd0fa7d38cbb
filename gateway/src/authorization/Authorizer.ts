// Holds the rules before any fetch: prepares a document once, decides per request which of its
// guarded fields are denied, and knows the operation without them.
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  isNonNullType,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayContext } from '../GatewayContext.ts';
import { collectFields } from './collectFields.ts';
import { type Fragments, fragmentsOf, type GuardedField, guardedFields } from './guardedFields.ts';
import type { Guards } from './guards.ts';
import type { Denials } from './nullDenied.ts';
import { pruneOperation } from './pruneOperation.ts';

export interface PreparedOperation {
  operation: OperationDefinitionNode;
  fragments: Fragments;
  guarded: GuardedField[];
  pruned: Map<string, PrunedOperation>;
}

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
  readonly #prepared = new WeakMap<DocumentNode, Map<string, PreparedOperation>>();

  constructor(
    readonly schema: GraphQLSchema,
    readonly guards: Guards,
  ) {}

  /** The document must be valid and have the operation; it is prepared the first time it is seen. */
  prepare(document: DocumentNode, operationName: string | undefined): PreparedOperation {
    const byName = this.#prepared.get(document) ?? new Map<string, PreparedOperation>();
    this.#prepared.set(document, byName);
    const known = byName.get(operationName ?? '');
    if (known) return known;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new TypeError('The document has no such operation');
    const fragments = fragmentsOf(document);
    const guarded = guardedFields(this.schema, operation, fragments, this.guards);
    const prepared = { operation, fragments, guarded, pruned: new Map() };
    byName.set(operationName ?? '', prepared);
    return prepared;
  }

  /** The denied fields with the reason of each. Variables are coerced ones. */
  async denials(
    { guarded }: PreparedOperation,
    variables: Record<string, unknown>,
    context: GatewayContext,
  ): Promise<Denials> {
    const denials = new Map<FieldNode, GraphQLError>();
    await Promise.all(
      guarded.map(async ({ node, definition, guards }) => {
        const args = getArgumentValues(definition, node, variables);
        for (const guard of guards) {
          const error = await guard(args, context);
          if (error) denials.set(node, error);
        }
      }),
    );
    return denials;
  }

  /** True when a denied root field may not be null: then there is no data, and nothing is executed. */
  deniesAll(
    { operation, fragments }: PreparedOperation,
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

  prune(prepared: PreparedOperation, denials: Denials): PrunedOperation {
    const key = createHash('sha256')
      .update(prepared.guarded.map(({ node }) => (denials.has(node) ? '1' : '0')).join(''))
      .digest('hex');
    const known = prepared.pruned.get(key);
    if (known) return known;
    const { operation, fragments } = prepared;
    const document = pruneOperation(this.schema, operation, fragments, new Set(denials.keys()));
    const pruned = {
      document,
      operation: document && (getOperationAST(document) ?? undefined),
      key,
    };
    const [oldest] = prepared.pruned.keys();
    if (oldest !== undefined && prepared.pruned.size >= prunedPerOperation) {
      prepared.pruned.delete(oldest);
    }
    prepared.pruned.set(key, pruned);
    return pruned;
  }
}
