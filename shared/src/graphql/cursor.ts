// Cursors of lists: opaque, signed, and bound to the list, its filter, its order and the organization.
// const codec = new CursorCodec(context.services.secret, ['deals', organizationId, filter, order]);
// codec.decode(codec.encode(['12.50', id]))
import { CrmError } from '../errors/CrmError.ts';
import { Seal } from './Seal.ts';

/** The values of an edge in the order's columns as Postgres writes them, the id last. */
export type CursorValues = readonly (string | null)[];

function isCursorValues(value: unknown): value is CursorValues {
  return Array.isArray(value) && value.every((part) => part === null || typeof part === 'string');
}

export class CursorCodec {
  readonly #seal: Seal;

  constructor(secret: string, binding: readonly unknown[]) {
    this.#seal = new Seal(secret, 'list cursor v1', binding);
  }

  encode(values: CursorValues): string {
    return this.#seal.close(Buffer.from(JSON.stringify(values)));
  }

  /** The values, or INVALID_CURSOR. */
  decode(cursor: string): CursorValues {
    const payload = this.#seal.open(cursor);
    const values: unknown = payload && JSON.parse(payload.toString());
    if (isCursorValues(values)) return values;
    throw new CrmError(
      'INVALID_CURSOR',
      'This cursor was not made by this list with this filter and order.',
    );
  }
}
