// The error of a field at which a fault was injected: what it says follows from the place, and its
// extensions come in the forms that subgraphs use.
import { GraphQLError } from 'graphql';
import type { FieldFault, FieldPlace } from './Faults.ts';
import { hash } from './Random.ts';

export class FieldError extends GraphQLError {
  constructor(
    { subgraph, type, identity, field }: Omit<FieldPlace, 'isKey'>,
    fault: Exclude<FieldFault, 'null'>,
  ) {
    const place = `${subgraph} ${type}.${field} of ${identity}`;
    const forms: Record<string, unknown>[] = [
      {},
      { code: 'NO_LUCK' },
      { code: 'NO_LUCK', details: { place, list: [1, null] } },
      { constructor: 'a key that objects inherit' },
    ];
    super(`Fault at ${place}`, {
      extensions: {
        ...forms[hash(place) % forms.length],
        ...(fault === 'missing' && { fault }),
      },
    });
  }
}
