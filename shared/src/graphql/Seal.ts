// Opaque texts that clients carry and give back: a payload, signed together with what it was made for,
// so that one from elsewhere is refused instead of giving a wrong answer.
// const seal = new Seal(context.services.secret, 'list cursor v1', ['deals', organizationId, filter]);
// seal.open(seal.close(payload))
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { canonical } from './canonical.ts';

// 128 bits: nobody guesses that, and the texts stay short.
const macBytes = 16;
// Above what we make: the state of a live list of 100 has some 3,500.
const maxLength = 4_096;

const keys = new Map<string, Buffer>();

function keyOf(secret: string, purpose: string): Buffer {
  const name = `${purpose}\0${secret}`;
  let key = keys.get(name);
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', secret, '', `crm-graph ${purpose}`, 32));
    keys.set(name, key);
  }
  return key;
}

export class Seal {
  readonly #key: Buffer;
  readonly #binding: string;

  /** `purpose` tells kinds of texts apart: each has a key of its own. */
  constructor(secret: string, purpose: string, binding: readonly unknown[]) {
    this.#key = keyOf(secret, purpose);
    this.#binding = canonical(binding);
  }

  close(payload: Buffer): string {
    return Buffer.concat([this.#mac(payload), payload]).toString('base64url');
  }

  /** The payload; undefined if this seal did not close it. */
  open(text: string): Buffer | undefined {
    if (text.length > maxLength) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    const payload = bytes.subarray(macBytes);
    const mac = bytes.subarray(0, macBytes);
    const ours = mac.length === macBytes && timingSafeEqual(mac, this.#mac(payload));
    return ours ? payload : undefined;
  }

  #mac(payload: Buffer): Buffer {
    const hmac = createHmac('sha256', this.#key).update(this.#binding).update('\0').update(payload);
    return hmac.digest().subarray(0, macBytes);
  }
}
