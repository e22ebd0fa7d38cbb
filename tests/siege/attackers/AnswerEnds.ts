// What became of a request in a few words, such as "400 OPERATION_TOO_LARGE". Answers may have
// megabytes: a code is looked for at their two ends only, where errors are.

const lookBytes = 4_096;

const codePattern = /"code":\s*"([A-Z_]+)"/;

export class AnswerEnds {
  #head = '';
  #tail = '';
  bytes = 0;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#head.length < lookBytes) this.#head += chunk.toString('latin1', 0, lookBytes);
    this.#tail = (
      this.#tail + chunk.toString('latin1', Math.max(0, chunk.length - lookBytes))
    ).slice(-lookBytes);
  }

  /** The first error code, if any. */
  get code(): string | undefined {
    return (codePattern.exec(this.#head) ?? codePattern.exec(this.#tail))?.[1];
  }
}

export const outcomeOf = (status: number | string, code: string | undefined): string =>
  code === undefined ? String(status) : `${status} ${code}`;
