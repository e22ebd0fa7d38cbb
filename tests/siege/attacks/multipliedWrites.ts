// One list of new records in the variables, and many mutations that take it: a body of 60 KB writes
// as many rows as it has aliases, a thousand times over.
import { type Attack, always, type Variant } from './Attack.ts';

const aliases = 150;

const repeated = (mutation: string, type: string): string =>
  `mutation ($input: ${type}!) { ${Array.from(
    { length: aliases },
    (_, index) => `a${index}: ${mutation}(input: $input) { cursor }`,
  ).join(' ')} }`;

const items = (item: object) => ({ input: { items: Array.from({ length: 1_000 }, () => item) } });

const variant = (name: string, request: Variant['request']): Variant => ({
  name,
  from: 'a user',
  by: 'post',
  connections: 4,
  request,
});

export const multipliedWrites: Attack = {
  name: 'multiplied-writes',
  about: 'many mutations of a thousand records in one document',
  variants: [
    variant(
      'contacts',
      always(repeated('bulkCreateContacts', 'BulkCreateContactsInput'), items({ firstName: 'a' })),
    ),
    variant(
      'companies',
      always(repeated('bulkCreateCompanies', 'BulkCreateCompaniesInput'), items({ name: 'a' })),
    ),
    variant(
      'tasks',
      always(repeated('bulkCreateTasks', 'BulkCreateTasksInput'), items({ title: 'a' })),
    ),
  ],
};
