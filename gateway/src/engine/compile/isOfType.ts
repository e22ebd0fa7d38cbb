// Type conditions as the supergraph knows them: also of types and interfaces that clients do not see.

export interface IsOfType {
  /** Whether an object whose __typename is `typename` satisfies a condition on a type of this name. */
  (typename: unknown, condition: string): boolean;
  /** Whether a condition on a type of this name can hold for objects of other names. */
  isAbstract: (condition: string) => boolean;
}

/** By name of an interface or union, the types and interfaces it has. */
export type Subtypes = Readonly<Record<string, readonly string[]>>;

export const isOfTypeIn = (subtypes: Subtypes): IsOfType => {
  const byCondition = new Map(
    Object.entries(subtypes).map(([name, types]) => [name, new Set<unknown>(types)]),
  );
  const isOfType = (typename: unknown, condition: string): boolean =>
    typename === condition || (byCondition.get(condition)?.has(typename) ?? false);
  return Object.assign(isOfType, {
    isAbstract: (condition: string) => byCondition.has(condition),
  });
};
