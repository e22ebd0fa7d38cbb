// Entities of other subgraphs that contacts refers to or extends. Here they are only an id;
// whether the record exists is for its own subgraph to say.
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person who uses the CRM.' })
export class User {
  @Field(() => ID, { description: 'The id.' })
  id!: string;
}

/** The user with this id; null when there is no id. */
export function userReference(id: string | null): User | null {
  return id === null ? null : Object.assign(new User(), { id });
}
