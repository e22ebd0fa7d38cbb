// A reference to auth's User; analytics knows the id alone.
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A person who works in the organization.' })
export class User {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}
