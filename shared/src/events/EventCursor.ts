// The opaque cursor a client resumes a log from. It is signed, so that a position cannot be guessed
// or carried to another log or organization.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { CrmError } from '../errors/CrmError.ts';

/** The cursor every reader may use without having been given one: before the first event. */
export const beginning = 'beginning';

export interface EventCursor {
  log: string;
  organizationId: string;
  position: number;
}

// Layout: version (1), organization (16), position (8), log name (rest), then the signature.
const version = 1;
const headBytes = 25;
// 128 bits of HMAC-SHA-256: short enough for a URL, beyond guessing.
const signatureBytes = 16;

const keys = new Map<string, Buffer>();

function keyFrom(secret: string): Buffer {
  let key = keys.get(secret);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', secret, '', 'crm-graph event cursor', 32));
    keys.set(secret, key);
  }
  return key;
}

function sign(secret: string, body: Buffer): Buffer {
  return createHmac('sha256', keyFrom(secret)).update(body).digest().subarray(0, signatureBytes);
}

function invalid(): CrmError {
  return new CrmError(
    'INVALID_CURSOR',
    'The event cursor is not one of this log and organization.',
  );
}

/** Makes the cursor of a position: what follows it is what a reader has not seen. */
export function encodeEventCursor(
  secret: string,
  log: string,
  organizationId: string,
  position: number,
): string {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(version, 0);
  head.write(organizationId.replaceAll('-', ''), 1, 16, 'hex');
  head.writeBigUInt64BE(BigInt(position), 17);
  const body = Buffer.concat([head, Buffer.from(log)]);
  return Buffer.concat([body, sign(secret, body)]).toString('base64url');
}

/** Reads a cursor; INVALID_CURSOR if this secret did not sign it. */
export function decodeEventCursor(secret: string, cursor: string): EventCursor {
  const bytes = Buffer.from(cursor, 'base64url');
  const end = bytes.length - signatureBytes;
  // Comparing the text again refuses the other spellings that base64url decodes to the same bytes.
  if (end <= headBytes || bytes.toString('base64url') !== cursor) throw invalid();
  const body = bytes.subarray(0, end);
  if (!timingSafeEqual(sign(secret, body), bytes.subarray(end))) throw invalid();
  if (body.readUInt8(0) !== version) throw invalid();
  const hex = body.toString('hex', 1, 17);
  return {
    log: body.toString('utf8', headBytes),
    organizationId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    position: Number(body.readBigUInt64BE(17)),
  };
}

/** The position a reader of this log and organization continues after; INVALID_CURSOR for any other cursor. */
export function positionOf(
  secret: string,
  cursor: string,
  expected: { log: string; organizationId: string },
): number {
  if (cursor === beginning) return 0;
  const { log, organizationId, position } = decodeEventCursor(secret, cursor);
  if (log !== expected.log || organizationId !== expected.organizationId) throw invalid();
  return position;
}
