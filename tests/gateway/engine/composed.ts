// Supergraphs of subgraphs that are written where they are tested.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const directives = [
  '@key',
  '@external',
  '@requires',
  '@provides',
  '@override',
  '@shareable',
  '@inaccessible',
  '@interfaceObject',
  '@tag',
].map((name) => `"${name}"`);

/** Before a subgraph's own definitions. */
export const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${directives.join(', ')}])\n`;

/** Their URLs are http://<name>.test/graphql. */
export const composed = (subgraphs: Readonly<Record<string, string>>): string => {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://${name}.test/graphql`,
      typeDefs: parse(link + sdl),
    })),
  );
  if (!supergraphSdl) throw new TypeError(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};
