// A response that stays open, read as text while it comes.

export interface OpenOptions {
  url: string;
  accept: string;
  /** A body of POST; undefined: GET. */
  body?: { query: string; variables?: object; operationName?: string };
  headers?: Record<string, string>;
}

export class StreamReader implements Disposable {
  readonly response: Response;
  /** All so far. */
  text = '';
  readonly #ended: Promise<void>;
  readonly #controller: AbortController;
  #wake: () => void = () => undefined;
  #isOver = false;

  private constructor(response: Response, controller: AbortController) {
    this.response = response;
    this.#controller = controller;
    this.#ended = this.#read();
  }

  static async open({ url, accept, body, headers }: OpenOptions): Promise<StreamReader> {
    const controller = new AbortController();
    const response = await fetch(url, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { accept, ...(body && { 'content-type': 'application/json' }), ...headers },
      signal: controller.signal,
    });
    return new StreamReader(response, controller);
  }

  /** Waits until the text has something; fails when it ends without. */
  async until(wanted: RegExp): Promise<string> {
    while (!wanted.test(this.text)) {
      if (this.#isOver) throw new Error(`It ended without ${wanted}: ${this.text.slice(-2_000)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.text;
  }

  /** All of it, when the server has ended it. */
  async whole(): Promise<string> {
    await this.#ended;
    return this.text;
  }

  /** Leaves. */
  [Symbol.dispose](): void {
    this.#controller.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? []) {
        this.text += decoder.decode(chunk, { stream: true });
        this.#wake();
      }
    } catch {
      /* The test has left. */
    }
    this.#isOver = true;
    this.#wake();
  }
}
