// A field that would be asked for without what it requires: the operation is refused instead.

export class UnmetRequirement extends Error {
  constructor(type: string | undefined, field: string | undefined) {
    super(`No plan was found that gives "${type}.${field}" what it requires`);
  }
}
