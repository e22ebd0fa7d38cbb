// Several subgraphs composed into one graph, made for the differential test.
import { composeServices } from '@apollo/composition';
import { parseSubgraph, type SubgraphDefinition, TestSubgraph } from './TestSubgraph.ts';
import { World } from './World.ts';

export interface SupergraphDefinition {
  name: string;
  subgraphs: readonly SubgraphDefinition[];
  /** Interfaces that are entities, each with its types, which share its identities. */
  families?: Readonly<Record<string, readonly string[]>>;
}

export class TestSupergraph {
  readonly name: string;
  readonly sdl: string;
  readonly world: World;
  readonly subgraphs: ReadonlyMap<string, TestSubgraph>;

  /** Throws with composition's messages when the subgraphs do not fit. */
  constructor({ name, subgraphs, families }: SupergraphDefinition) {
    const schemas = subgraphs.map(({ sdl }) => parseSubgraph(sdl));
    const world = new World(schemas, families);
    this.name = name;
    this.world = world;
    this.subgraphs = new Map(
      subgraphs.map((definition) => [definition.name, new TestSubgraph(definition, world)]),
    );
    const { supergraphSdl, errors } = composeServices(
      [...this.subgraphs.values()].map(({ name, typeDefs }) => ({
        name,
        typeDefs,
        url: `http://${name}.invalid/graphql`,
      })),
    );
    if (!supergraphSdl) {
      throw new TypeError(`${name}: ${errors?.map(({ message }) => message).join('\n')}`);
    }
    this.sdl = supergraphSdl;
  }

  /** Throws for a name that no subgraph has. */
  subgraph(name: string): TestSubgraph {
    const found = this.subgraphs.get(name);
    if (!found) throw new TypeError(`${this.name} has no subgraph ${name}`);
    return found;
  }
}
