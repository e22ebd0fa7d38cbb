// The subgraphs that own a schema, in the order their migrations run.
export const subgraphNames = ['auth', 'contacts', 'deals', 'tasks', 'analytics'] as const;

export type SubgraphName = (typeof subgraphNames)[number];
