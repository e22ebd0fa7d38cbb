// Composes the subgraphs' SDL into the supergraph that the gateway serves, and the API that clients see.
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';

export interface ComposedSchema {
  /** With the directives that the planner reads. */
  supergraph: string;
  /** What clients see. */
  api: string;
}

/** Throws with every problem when the subgraphs do not fit together. */
export const composeSupergraph = (sdlByName: Readonly<Record<string, string>>): ComposedSchema => {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(sdlByName).map(([name, sdl]) => ({
      name,
      /* Where the gateway asks comes from its configuration. */
      url: `http://${name}.subgraph.invalid/graphql`,
      typeDefs: parse(sdl),
    })),
  );
  if (!supergraphSdl) {
    const problems = (errors ?? []).map(({ message }) => `  - ${message}`).join('\n');
    throw new TypeError(`The subgraphs do not compose:\n${problems}`);
  }
  const api = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  return {
    supergraph: `${supergraphSdl.trim()}\n`,
    api: `${printSchema(lexicographicSortSchema(api)).trim()}\n`,
  };
};
