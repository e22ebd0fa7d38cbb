// Cursors of lists: opaque, signed, and bound to the list, its filter, its order and the organization,
// so that one from elsewhere is refused instead of giving a wrong page.
// const codec = new CursorCodec(context.services.secret, ['deals', organizationId, filter, order]);
// codec.decode(codec.encode(['12.50', id]))
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { CrmError } from '../errors/CrmError.ts';

/** The values of an edge in the order's columns as Postgres writes them, the id last. */
export type CursorValues = readonly (string | null)[];

// 128 bits: nobody guesses that, and cursors stay short.
const macBytes = 16;
const maxCursorLength = 4_096;

const keys = new Map<string, Buffer>();

function keyOf(secret: string): Buffer {
  let key = keys.get(secret);
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', secret, '', 'crm-graph list cursor v1', 32));
    keys.set(secret, key);
  }
  return key;
}

/** JSON with sorted keys and without absent members: equal values give equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(
      Object.entries(member)
        .filter(([, inner]) => inner !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}

function isCursorValues(value: unknown): value is CursorValues {
  return Array.isArray(value) && value.every((part) => part === null || typeof part === 'string');
}

export class CursorCodec {
  readonly #key: Buffer;
  readonly #binding: string;

  constructor(secret: string, binding: readonly unknown[]) {
    this.#key = keyOf(secret);
    this.#binding = canonical(binding);
  }

  encode(values: CursorValues): string {
    const payload = Buffer.from(JSON.stringify(values));
    return Buffer.concat([this.#mac(payload), payload]).toString('base64url');
  }

  /** The values, or INVALID_CURSOR. */
  decode(cursor: string): CursorValues {
    if (cursor.length <= maxCursorLength) {
      const bytes = Buffer.from(cursor, 'base64url');
      const payload = bytes.subarray(macBytes);
      const mac = bytes.subarray(0, macBytes);
      if (mac.length === macBytes && timingSafeEqual(mac, this.#mac(payload))) {
        const values: unknown = JSON.parse(payload.toString());
        if (isCursorValues(values)) return values;
      }
    }
    throw new CrmError(
      'INVALID_CURSOR',
      'This cursor was not made by this list with this filter and order.',
    );
  }

  #mac(payload: Buffer): Buffer {
    const hmac = createHmac('sha256', this.#key).update(this.#binding).update('\0').update(payload);
    return hmac.digest().subarray(0, macBytes);
  }
}
