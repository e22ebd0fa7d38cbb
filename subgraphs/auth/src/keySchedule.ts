// When a signing key is published and when it signs. Pure, so that the overlap can be tested.

/** How long an access token lives. */
export const accessTokenMs = 10 * 60_000;
/** How late auth itself may notice a change of its keys; it reads them every few seconds. */
export const keysCachedMs = 30_000;
/**
 * A new key is published this long before it signs. Verifiers read the key set again after 60 s,
 * so none of them meets a token of a key that it does not know.
 */
export const publishedAheadMs = 2 * 60_000;

interface Scheduled {
  activeFrom: Date;
}

const newestFirst = <Key extends Scheduled>(keys: readonly Key[]): Key[] =>
  [...keys].sort((a, b) => b.activeFrom.getTime() - a.activeFrom.getTime());

/** The key that signs: the newest that is active. */
export const signingKeyOf = <Key extends Scheduled>(
  keys: readonly Key[],
  now: number,
): Key | undefined => newestFirst(keys).find(({ activeFrom }) => activeFrom.getTime() <= now);

/** The keys a verifier has to know: those to come, and each until its last token has expired. */
export const publishedKeysOf = <Key extends Scheduled>(
  keys: readonly Key[],
  now: number,
): Key[] => {
  const ordered = newestFirst(keys);
  return ordered.filter((_key, index) => {
    const successor = ordered[index - 1];
    if (!successor) return true;
    return successor.activeFrom.getTime() + keysCachedMs + accessTokenMs > now;
  });
};
