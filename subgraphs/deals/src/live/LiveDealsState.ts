// What is kept of a live list between its updates: which deals in which version. Clients and the
// gateway carry it as a text that only this organization's list of the same arguments accepts.
import { CrmError } from '@crm-graph/shared/errors/CrmError';
import { Seal } from '@crm-graph/shared/graphql/Seal';
import type { Deal } from '../Deal.ts';

/** Equal only while the deal has not changed. */
export interface DealVersion {
  id: string;
  version: number;
  /** Tells a deal from an earlier one, since deleted, of the same id. */
  createdAtMs: number;
}

export interface LiveDealsState {
  /** Every event up to this position of the log is in the list. */
  position: number;
  /** A deal that matches but is not in the list; null when the list is all that match. */
  beyond: string | null;
  deals: readonly DealVersion[];
}

export const versionOf = ({ id, version, createdAt }: Deal): DealVersion => ({
  id,
  version,
  createdAtMs: createdAt.getTime(),
});

export const isSameVersion = (one: DealVersion, other: DealVersion | undefined): boolean =>
  one.id === other?.id && one.version === other.version && one.createdAtMs === other.createdAtMs;

// Layout: position (8), the deal beyond (16, zeros for none), then id (16), version (4), time (6) of each.
const idBytes = 16;
const headBytes = 8 + idBytes;
const dealBytes = idBytes + 4 + 6;
const none = '00000000-0000-0000-0000-000000000000';

const writeId = (bytes: Buffer, at: number, id: string) =>
  bytes.write(id.replaceAll('-', ''), at, idBytes, 'hex');

const readId = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + idBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

export class LiveDealsStateCodec {
  readonly #seal: Seal;

  /** `binding`: the organization and the arguments of the list. */
  constructor(secret: string, binding: readonly unknown[]) {
    this.#seal = new Seal(secret, 'live list state v1', binding);
  }

  encode({ position, beyond, deals }: LiveDealsState): string {
    const bytes = Buffer.alloc(headBytes + deals.length * dealBytes);
    bytes.writeBigUInt64BE(BigInt(position), 0);
    writeId(bytes, 8, beyond ?? none);
    for (const [index, { id, version, createdAtMs }] of deals.entries()) {
      const at = headBytes + index * dealBytes;
      writeId(bytes, at, id);
      bytes.writeUInt32BE(version, at + idBytes);
      bytes.writeUIntBE(createdAtMs, at + idBytes + 4, 6);
    }
    return this.#seal.close(bytes);
  }

  /** The state, or INVALID_CURSOR. */
  decode(text: string): LiveDealsState {
    const bytes = this.#seal.open(text);
    if (!bytes) {
      throw new CrmError(
        'INVALID_CURSOR',
        'This state is not one of a live list with this filter, order and size.',
      );
    }
    const beyond = readId(bytes, 8);
    return {
      position: Number(bytes.readBigUInt64BE(0)),
      beyond: beyond === none ? null : beyond,
      deals: Array.from({ length: (bytes.length - headBytes) / dealBytes }, (_, index) => {
        const at = headBytes + index * dealBytes;
        return {
          id: readId(bytes, at),
          version: bytes.readUInt32BE(at + idBytes),
          createdAtMs: bytes.readUIntBE(at + idBytes + 4, 6),
        };
      }),
    };
  }
}
