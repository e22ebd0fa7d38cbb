// Takes a multipart body apart while it arrives: each part's body as soon as its boundary is there.

/** Of a content-type header; undefined if it is not multipart/mixed. */
export const boundaryOf = (contentType: string): string | undefined => {
  if (!/^multipart\/mixed\s*;/i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
};

export class MultipartReader {
  readonly #delimiter: string;
  /** What is not yet a part. The first delimiter needs no line end before it. */
  #rest = '\r\n';
  #searched = 0;
  #isPreamble = true;

  constructor(boundary: string) {
    this.#delimiter = `\r\n--${boundary}`;
  }

  /** Whether the last boundary has come: two more dashes follow it. */
  get hasEnded(): boolean {
    return !this.#isPreamble && this.#rest.startsWith('--');
  }

  /** The bodies of the parts that `chunk` completes. */
  *read(chunk: string): Generator<string, void> {
    this.#rest += chunk;
    while (!this.hasEnded) {
      const at = this.#rest.indexOf(this.#delimiter, this.#searched);
      this.#searched = Math.max(0, this.#rest.length - this.#delimiter.length);
      if (at < 0) return;
      const part = this.#rest.slice(0, at);
      this.#rest = this.#rest.slice(at + this.#delimiter.length);
      this.#searched = 0;
      if (!this.#isPreamble) yield part.slice(part.indexOf('\r\n\r\n') + 4);
      this.#isPreamble = false;
    }
  }
}
