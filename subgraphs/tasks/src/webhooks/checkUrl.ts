// The rules of a webhook's URL that can be checked without asking anybody. Where its name leads to is
// checked at each request.
import { bareHost, isAddress, isAllowedAddress, isLocalhost } from './webhookAddress.ts';

const maxLength = 2_048;

/** What is wrong with the URL; undefined if nothing is. */
export function problemOfUrl(text: string, allowLoopback: boolean): string | undefined {
  if (text.length > maxLength) return `A URL has at most ${maxLength} characters.`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'This is not a URL.';
  // The parser has brought all spellings of an address (0x7f.1, 2130706433) into one.
  const host = bareHost(url.hostname);
  const isLoopback = isLocalhost(host) || (isAddress(host) && isOnlyLoopback(host));
  const mayBeHttp = allowLoopback && isLoopback;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBeHttp)) {
    return 'The URL of a webhook begins with https://.';
  }
  if (url.username || url.password) return 'A URL here cannot contain a user or a password.';
  if (isLoopback ? !allowLoopback : isAddress(host) && !isAllowedAddress(host, false)) {
    return 'The URL leads to an address that is not public.';
  }
  return undefined;
}

const isOnlyLoopback = (address: string): boolean =>
  isAllowedAddress(address, true) && !isAllowedAddress(address, false);
