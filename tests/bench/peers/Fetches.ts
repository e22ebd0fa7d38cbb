// Requests to the subgraphs for code written by hand.
import { Pool } from 'undici';

/** What a subgraph knows of an entity. */
// biome-ignore lint/suspicious/noExplicitAny: code written by hand knows what it has asked for
export type Found = any;

export class Fetches {
  readonly #pools: Readonly<Record<string, Pool>>;

  /** Takes base URLs by subgraph. */
  constructor(urls: Readonly<Record<string, string>>) {
    this.#pools = Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [name, new Pool(url, { connections: 32 })]),
    );
  }

  /** The answer to a body, as it comes. */
  async text(subgraph: string, body: string): Promise<string> {
    const pool = this.#pools[subgraph];
    if (!pool) throw new TypeError(`There is no subgraph ${subgraph}`);
    const headers = { 'content-type': 'application/json' };
    const response = await pool.request({ path: '/graphql', method: 'POST', headers, body });
    return response.body.text();
  }

  async ask(subgraph: string, query: string, variables?: object): Promise<Found> {
    return JSON.parse(await this.text(subgraph, JSON.stringify({ query, variables })));
  }

  /** Puts the fields of a selection into entities, each fetched once; resolves to the errors. */
  async fill(
    subgraph: string,
    type: string,
    selection: string,
    entities: readonly Found[],
    /** Fields to be sent besides the id. */
    required: readonly string[] = [],
  ): Promise<Found[] | undefined> {
    const places = new Map<string, number>();
    const r: object[] = [];
    for (const entity of entities) {
      if (places.has(entity.id)) continue;
      places.set(entity.id, r.length);
      const representation: Found = { __typename: type, id: entity.id };
      for (const field of required) representation[field] = entity[field];
      r.push(representation);
    }
    const query = `query($r:[_Any!]!){_entities(representations:$r){...on ${type}{${selection}}}}`;
    const { data, errors } = await this.ask(subgraph, query, { r });
    for (const entity of entities) {
      Object.assign(entity, data._entities[places.get(entity.id) ?? 0]);
    }
    return errors;
  }
}
