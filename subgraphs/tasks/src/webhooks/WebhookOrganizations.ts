// Which organizations have webhooks, as this process knows it: all others cost nothing per event.

export class WebhookOrganizations {
  readonly #changed: (organizationId: string) => void;
  readonly #known = new Set<string>();
  #ready = Promise.withResolvers<void>();

  /** `changed` is told of each organization that has its first webhook, or none any more. */
  constructor(changed: (organizationId: string) => void) {
    this.#changed = changed;
  }

  /** Waits until they have been read for the first time. */
  async has(organizationId: string): Promise<boolean> {
    await this.#ready.promise;
    return this.#known.has(organizationId);
  }

  knows(organizationId: string): boolean {
    return this.#known.has(organizationId);
  }

  /** Nobody need wait any longer. */
  close(): void {
    this.#ready.resolve();
  }

  set(organizationIds: readonly string[]): void {
    const current = new Set(organizationIds);
    const changes = current.symmetricDifference(this.#known);
    for (const organizationId of changes) {
      if (current.has(organizationId)) this.#known.add(organizationId);
      else this.#known.delete(organizationId);
    }
    this.#ready.resolve();
    for (const organizationId of changes) this.#changed(organizationId);
  }
}
