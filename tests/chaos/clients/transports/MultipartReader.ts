// Takes a multipart body apart while it arrives: each part's body as soon as its boundary is there.

/** Of a content-type header; undefined if it is not multipart/mixed. */
export const boundaryOf = (contentType: string): string | undefined => {
  if (!/^multipart\/mixed\s*;/i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
};

export class MultipartReader {
  readonly #delimiter: string;
  /** The first delimiter needs no line end before it. */
  #rest = '\r\n';
  #preamble = true;
  #hasEnded = false;

  constructor(boundary: string) {
    this.#delimiter = `\r\n--${boundary}`;
  }

  /** Whether the last boundary has come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The bodies of the parts that `chunk` completes. */
  *read(chunk: string): Generator<string, void> {
    let from = Math.max(0, this.#rest.length - this.#delimiter.length);
    this.#rest += chunk;
    while (!this.#hasEnded) {
      const at = this.#rest.indexOf(this.#delimiter, from);
      const next = at + this.#delimiter.length;
      // The two characters behind a delimiter tell whether it is the last one.
      if (at < 0 || this.#rest.length < next + 2) return;
      const part = this.#rest.slice(0, at);
      this.#hasEnded = this.#rest.startsWith('--', next);
      this.#rest = this.#rest.slice(next);
      from = 0;
      if (!this.#preamble) yield part.slice(part.indexOf('\r\n\r\n') + 4);
      this.#preamble = false;
    }
  }
}
