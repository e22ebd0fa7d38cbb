// The codes in what a client library reports, whatever it wraps errors in: a list of errors, one error, or an object
// that has them.

export const errorCodesOf = (failure: unknown): unknown[] => {
  if (Array.isArray(failure)) return failure.flatMap(errorCodesOf);
  if (typeof failure !== 'object' || failure === null) return [];
  const { extensions, errors, graphQLErrors } = failure as Record<string, unknown>;
  if (typeof extensions === 'object' && extensions !== null && 'code' in extensions) {
    return [extensions.code];
  }
  return errorCodesOf(errors ?? graphQLErrors);
};
