// A field of an operation as its cost sees it.

/** A request's variables as their types read them. */
export type CostVariables = Readonly<Record<string, unknown>>;

export interface CostNode {
  /** Its response key. */
  key: string;
  /** Of one object of it, without what is selected on it. */
  own: number;
  /** How many there may be in each object above. */
  size: Size;
  /** What is selected on it, for each type that its objects may have. */
  children: readonly (readonly CostNode[])[];
  /** The whole cost, where no variable changes it. */
  constant?: number | undefined;
}

export type Size = number | ((variables: CostVariables) => number);
