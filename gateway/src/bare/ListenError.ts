// Why a server cannot listen where it was told to. The message is for whoever started it.

export class ListenError extends Error {
  /** LOOPBACK_ONLY, or the system's code (EADDRINUSE). */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.code = code;
  }
}
