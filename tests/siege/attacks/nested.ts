// Selections below selections: 'deals.company.deals' as { deals(…) { nodes { company { deals(…) … } } } }.

/** Fields that are pages of records; all others lead to one record. */
const pages = new Set([
  ...['companies', 'contacts', 'deals', 'interactions', 'subsidiaries', 'tasks', 'users'],
]);

export interface NestedOptions {
  /** Of each page; empty for the graph's default. */
  args?: string;
  /** What is selected at the end. */
  leaf?: string;
  /** What holds the records of a page. */
  around?: 'nodes' | 'edges';
}

/** The selection set of a path, with its braces. */
export const nested = (path: string, options: NestedOptions = {}): string => {
  const { args = '(first: 100)', leaf = 'id', around = 'nodes' } = options;
  const [open, close] = around === 'nodes' ? ['{nodes{', '}}'] : ['{edges{node{', '}}}'];
  const below = path
    .split('.')
    .reduceRight(
      (inner, name) =>
        pages.has(name) ? `${name}${args}${open}${inner}${close}` : `${name}{${inner}}`,
      leaf,
    );
  return `{${below}}`;
};
