// A graph of a few fields, for what HTTP does around it.
import { buildSchema, GraphQLError } from 'graphql';

export const sampleSchema = buildSchema(`
  type Query {
    hello(name: String! = "you"): String!
    broken: String
    required: String!
    "Answers when it is released."
    held: String
  }
  type Mutation { count: Int! }
  type Subscription { counted: Int! }
`);

const failing = (message: string, extensions?: object) => () => {
  throw new GraphQLError(message, { extensions: { ...extensions } });
};

export const sampleRoot = () => {
  const waiting = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    hello: ({ name }: { name: string }) => `Hello ${name}`,
    broken: failing('It is broken.'),
    required: failing('It is gone.', { code: 'NOT_FOUND' }),
    counted: 0,
    count() {
      this.counted++;
      return this.counted;
    },
    /** Resolves when one has begun to wait. */
    waiting: waiting.promise,
    release: () => released.resolve(),
    held: async () => {
      waiting.resolve();
      await released.promise;
      return 'released';
    },
  };
};
