// What a graph shows to whom before any rule of a field is asked: in production nobody without credentials gets further
// than logging in, and introspection is for those it is switched on for.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { denied } from '@crm-graph/shared/graphql/rules';
import type { Identity } from '@crm-graph/shared/identity/Identity';
import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';
import { fragmentsOf } from '../engine/document/fragments.ts';
import { rootFieldNames } from './rootFieldNames.ts';

export interface OpennessOptions {
  mode: 'development' | 'production';
  introspection: 'off' | 'authenticated' | 'on';
}

/** How one comes by credentials. */
const waysIn: ReadonlySet<string> = new Set(['login', 'signUp', 'refreshToken', '__typename']);

const introspections: ReadonlySet<string> = new Set(['__schema', '__type']);

/** What it takes to log in is far below; so nobody has long documents parsed just to be told to. */
const maxStrangersCharacters = 5_000;

/** Whatever an operation of a document asks for. */
interface Asked {
  introspects: boolean;
  /** Nothing but introspection. */
  onlyIntrospects: boolean;
  /** Nothing but what leads to credentials. */
  onlyLogsIn: boolean;
}

export class Openness {
  readonly #options: OpennessOptions;
  readonly #asked = new WeakMap<DocumentNode, Asked>();

  constructor(options: OpennessOptions) {
    this.#options = options;
  }

  /** Whether somebody may ask for nothing but what leads to credentials. */
  isClosedTo(identity: Identity | undefined): boolean {
    return !identity && this.#options.mode === 'production';
  }

  /** Of a text that is not parsed yet. Throws UNAUTHENTICATED. */
  checkText(query: string, identity: Identity | undefined): void {
    if (!this.isClosedTo(identity) || query.length <= maxStrangersCharacters) return;
    throw denied('authenticated', identity);
  }

  /** Of a document that is parsed, but not yet valid. Throws UNAUTHENTICATED or FORBIDDEN. */
  check(document: DocumentNode, identity: Identity | undefined): void {
    const { mode, introspection } = this.#options;
    const asked = this.#asked.get(document) ?? this.#look(document);
    if (asked.introspects && introspection === 'off') {
      throw new CrmError('FORBIDDEN', 'Introspection is switched off here.');
    }
    if (identity) return;
    if (asked.introspects && introspection === 'authenticated')
      throw denied('introspection', identity);
    const isOpen = asked.onlyLogsIn || (asked.onlyIntrospects && introspection === 'on');
    if (mode === 'production' && !isOpen) throw denied('authenticated', identity);
  }

  #look(document: DocumentNode): Asked {
    const fragments = fragmentsOf(document);
    const operations = document.definitions.filter(
      (definition): definition is OperationDefinitionNode =>
        definition.kind === Kind.OPERATION_DEFINITION,
    );
    const names = operations.flatMap((operation) => [...rootFieldNames(operation, fragments)]);
    const asked = {
      introspects: names.some((name) => introspections.has(name)),
      onlyIntrospects: names.every((name) => introspections.has(name) || name === '__typename'),
      onlyLogsIn:
        operations.every(({ operation }) => operation === 'mutation') &&
        names.every((name) => waysIn.has(name)),
    };
    this.#asked.set(document, asked);
    return asked;
  }
}
