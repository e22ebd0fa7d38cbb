// A place where a supergraph's SDL lies.

export interface SupergraphReader extends AsyncDisposable {
  /** For logs; without credentials. */
  readonly place: string;
  /**
   * The SDL, or undefined when it is known to be that of the read before. Rejects with
   * SupergraphUnavailable, or the signal's reason.
   */
  read(signal: AbortSignal): Promise<string | undefined>;
  /** Calls back whenever there may be something new, until it is disposed. */
  watch(mayHaveChanged: () => void): void;
}
