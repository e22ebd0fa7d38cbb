// The Company of the contacts subgraph, which changes refer to. Here it is only an id.
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'An organization that may buy.' })
export class Company {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}
