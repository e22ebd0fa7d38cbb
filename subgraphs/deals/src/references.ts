// Entities of other subgraphs that deals refers to or extends. Here they are only an id;
// whether the record exists is for its own subgraph to say.
import { Directive, Field, ID, ObjectType } from 'type-graphql';

const idDescription = { description: 'The id.' };

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person who uses the CRM.' })
export class User {
  @Field(() => ID, idDescription)
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'An organization that may buy.' })
export class Company {
  @Field(() => ID, idDescription)
  id!: string;
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person at a company.' })
export class Contact {
  @Field(() => ID, idDescription)
  id!: string;
}

/** The reference to another subgraph's entity; null when there is no id. */
export function reference<Entity extends { id: string }>(
  type: new () => Entity,
  id: string | null,
): Entity | null {
  return id === null ? null : Object.assign(new type(), { id });
}
