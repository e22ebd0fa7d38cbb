// A reference to the Product of the deals subgraph; analytics knows the id alone.
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'Something the organization sells.' })
export class Product {
  @Field(() => ID, { description: 'UUIDv7, unique within the organization.' })
  id!: string;
}
