// One result of a subscription, serialized once for all its subscribers. The transports keep what
// they make of it here, too: their bytes are the same for everybody but for a WebSocket's id.
import type { FormattedExecutionResult } from 'graphql';

export class SharedResult {
  /** The result as JSON. */
  readonly text: string;
  /** The event's place in the log. */
  readonly cursor: string | undefined;
  readonly #encoded = new Map<(result: SharedResult) => string, Buffer>();

  constructor(result: FormattedExecutionResult, cursor?: string) {
    this.text = JSON.stringify(result);
    this.cursor = cursor;
  }

  /** What a transport writes for it, made the first time it is asked for. */
  encoded(encode: (result: SharedResult) => string): Buffer {
    const known = this.#encoded.get(encode);
    if (known) return known;
    const bytes = Buffer.from(encode(this));
    this.#encoded.set(encode, bytes);
    return bytes;
  }
}
