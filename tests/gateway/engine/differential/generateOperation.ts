// Random valid operations: for a schema and a seed, always the same one.
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { ArgumentValues } from './ArgumentValues.ts';
import type { TestOperation } from './Executor.ts';
import { Random } from './Random.ts';
import { ResponseKeys } from './ResponseKeys.ts';

/** What a test may want to see in the operations that are generated. */
export type Feature =
  | 'mutation'
  | 'named fragment'
  | 'inline fragment'
  | 'bare inline fragment'
  | 'abstract condition'
  | 'alias'
  | 'repeated field'
  | 'condition'
  | 'condition by variable'
  | 'arguments'
  | 'variables'
  | 'introspection'
  | 'typename'
  | 'second operation'
  | 'risky aliases';

export interface GeneratedOperation extends TestOperation {
  features: ReadonlySet<Feature>;
}

/** Selections in one operation; lists in lists make responses long enough with these. */
const maxSelections = 40;
const maxDepth = 7;
const maxListDepth = 3;

export const generateOperation = (schema: GraphQLSchema, seed: number): GeneratedOperation =>
  new OperationGenerator(schema, new Random(seed)).generate();

interface Place {
  depth: number;
  /** Lists above, which multiply. */
  lists: number;
}

interface Fragment {
  name: string;
  on: GraphQLNamedType;
  text: string;
  /** Of the deepest place at which it was made: it is spread no deeper. */
  place: Place;
}

class OperationGenerator {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #keys: ResponseKeys;
  readonly #values: ArgumentValues;
  readonly #features = new Set<Feature>();
  readonly #fragments: Fragment[] = [];
  readonly #fieldNames: readonly string[];
  #budget: number;

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
    const isRisky = random.chance(0.1);
    if (isRisky) this.#features.add('risky aliases');
    this.#keys = new ResponseKeys(random, isRisky);
    this.#values = new ArgumentValues(random);
    this.#budget = 4 + random.below(maxSelections);
    this.#fieldNames = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__'))
      .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []));
  }

  generate(): GeneratedOperation {
    const random = this.#random;
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation && random.chance(0.6);
    const root = isMutation ? mutation : this.#schema.getQueryType();
    if (!root) throw new TypeError('The schema has no query type');
    if (isMutation) this.#features.add('mutation');
    const selection = this.#selectionSet(root, { depth: 0, lists: 0 });
    const hasSecond = random.chance(0.05);
    const name = hasSecond || random.chance(0.5) ? 'Generated' : '';
    const kind = isMutation ? 'mutation' : 'query';
    const operation = `${kind} ${name}${this.#values.definitions} ${selection}`;
    const second = hasSecond ? ['query Other { __typename }'] : [];
    if (hasSecond) this.#features.add('second operation');
    if (this.#values.definitions) this.#features.add('variables');
    const fragments = this.#fragments.map(
      ({ name, on, text }) => `fragment ${name} on ${on.name} ${text}`,
    );
    return {
      query: [operation, ...second, ...fragments].join('\n'),
      variables: this.#values.values,
      operationName: hasSecond ? name : undefined,
      features: this.#features,
    };
  }

  #selectionSet(type: GraphQLCompositeType, place: Place): string {
    const random = this.#random;
    const count = 1 + random.below(place.depth === 0 ? 5 : 4);
    const selections: string[] = [];
    for (let index = 0; index < count && this.#budget > 0; index++) {
      selections.push(this.#selection(type, place));
    }
    const filled = selections.filter((selection) => selection !== '');
    return `{ ${filled.length > 0 ? filled.join(' ') : this.#cheap(type)} }`;
  }

  #selection(type: GraphQLCompositeType, place: Place): string {
    const random = this.#random;
    this.#budget--;
    const chance = random.next();
    const isRoot = place.depth === 0;
    if (chance < 0.07) return this.#typename();
    if (isRoot && chance < 0.1 && type === this.#schema.getQueryType())
      return this.#introspection();
    if (chance < 0.16) return this.#bareFragment(type, place);
    if (chance < (isAbstractType(type) ? 0.5 : 0.24)) return this.#inlineFragment(type, place);
    if (chance < (isAbstractType(type) ? 0.65 : 0.36)) return this.#spread(type, place);
    return this.#field(type, place) ?? this.#inlineFragment(type, place);
  }

  #field(type: GraphQLCompositeType, place: Place): string | undefined {
    const random = this.#random;
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    const fields = Object.values(type.getFields()).filter(
      (field) => !isCompositeType(getNamedType(field.type)) || this.#mayDescend(field, place),
    );
    const composites = fields.filter((field) => isCompositeType(getNamedType(field.type)));
    if (fields.length === 0) return this.#typename();
    const isDeep = composites.length > 0 && random.chance(place.depth === 0 ? 0.8 : 0.5);
    const field = random.pick(isDeep ? composites : fields);
    const head = this.#head(type, field);
    const text = `${head}${this.#directives()}${this.#inner(field, place)}`;
    if (!isCompositeType(getNamedType(field.type)) || !random.chance(0.2)) return text;
    /* The same field again with another selection, to be merged. */
    this.#features.add('repeated field');
    return `${text} ${head}${this.#directives()}${this.#inner(field, place)}`;
  }

  #mayDescend({ type }: GraphQLField<unknown, unknown>, { depth, lists }: Place): boolean {
    return depth < maxDepth && this.#budget > 1 && lists + listDepth(type) <= maxListDepth;
  }

  /** The key, the name and the arguments. */
  #head(parent: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): string {
    const args = this.#values.argumentsOf(field.args);
    if (args) this.#features.add('arguments');
    const selected = { parent, name: field.name, args, type: field.type };
    const key = this.#keys.keyFor(selected, this.#fieldNames);
    if (key === field.name) return `${field.name}${args}`;
    this.#features.add('alias');
    return `${key}: ${field.name}${args}`;
  }

  #inner({ type }: GraphQLField<unknown, unknown>, { depth, lists }: Place): string {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return '';
    return ` ${this.#selectionSet(named, { depth: depth + 1, lists: lists + listDepth(type) })}`;
  }

  #bareFragment(type: GraphQLCompositeType, { depth, lists }: Place): string {
    if (depth >= maxDepth) return this.#typename();
    this.#features.add('bare inline fragment');
    const inner = this.#selectionSet(type, { depth: depth + 1, lists });
    return `...${this.#directives()} ${inner}`;
  }

  #inlineFragment(type: GraphQLCompositeType, { depth, lists }: Place): string {
    if (depth >= maxDepth) return this.#typename();
    this.#features.add('inline fragment');
    const condition = this.#condition(type);
    const inner = this.#selectionSet(condition, { depth: depth + 1, lists });
    return `... on ${condition.name}${this.#directives()} ${inner}`;
  }

  #spread(type: GraphQLCompositeType, place: Place): string {
    if (place.depth >= maxDepth) return this.#typename();
    const random = this.#random;
    this.#features.add('named fragment');
    const condition = this.#condition(type);
    const known = this.#fragments.filter(
      (one) =>
        one.on === condition && place.depth <= one.place.depth && place.lists <= one.place.lists,
    );
    if (known.length > 0 && random.chance(0.6)) {
      return `...${random.pick(known).name}${this.#directives()}`;
    }
    const { depth, lists } = place;
    const text = this.#selectionSet(condition, { depth: depth + 1, lists });
    /* Added when it is complete, so that none spreads itself. */
    const name = `F${this.#fragments.length}`;
    this.#fragments.push({ name, on: condition, text, place });
    return `...${name}${this.#directives()}`;
  }

  /** A type that objects of this type may have. */
  #condition(type: GraphQLCompositeType): GraphQLCompositeType {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const random = this.#random;
    if (random.chance(isAbstractType(type) ? 0.65 : 0.4)) return random.pick(possible);
    const abstract = Object.values(this.#schema.getTypeMap()).filter(
      (one) =>
        isAbstractType(one) && possible.some((object) => this.#schema.isSubType(one, object)),
    ) as GraphQLCompositeType[];
    const condition = random.pick([type, ...abstract]);
    if (isAbstractType(condition)) this.#features.add('abstract condition');
    return condition;
  }

  #typename(): string {
    this.#features.add('typename');
    return this.#random.chance(0.3)
      ? `t${this.#random.below(2)}: __typename`
      : `__typename${this.#directives()}`;
  }

  /** Once under each key: see stockDiffers.test.ts. */
  #introspection(): string {
    if (this.#features.has('introspection')) return '__typename';
    this.#features.add('introspection');
    const names = Object.keys(this.#schema.getTypeMap());
    return this.#random.chance(0.5)
      ? '__schema { queryType { name } directives { name args { name } } }'
      : `__type(name: "${this.#random.pick([...names, 'Nothing'])}") { kind name fields { name type { name } } }`;
  }

  #directives(): string {
    const random = this.#random;
    if (!random.chance(0.09)) return '';
    this.#features.add('condition');
    const names = random.chance(0.1) ? ['skip', 'include'] : [random.pick(['skip', 'include'])];
    return names
      .map((name) => {
        const value = this.#values.condition();
        if (value.startsWith('$')) this.#features.add('condition by variable');
        return ` @${name}(if: ${value})`;
      })
      .join('');
  }

  /** Something to fill an empty selection with. */
  #cheap(type: GraphQLCompositeType): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const leaf = Object.values(type.getFields()).find(
      (field) => field.args.length === 0 && !isCompositeType(getNamedType(field.type)),
    );
    return leaf ? this.#head(type, leaf) : '__typename';
  }
}

const listDepth = (type: GraphQLOutputType): number => {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
};
