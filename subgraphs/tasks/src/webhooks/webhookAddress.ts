// Which addresses a webhook may lead to: public ones only, whatever name or spelling stands for them.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IPv4 address written as IPv6 counts as what it is. */
export function isAllowedAddress(address: string, allowLoopback: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'loopback') return allowLoopback;
  if (range !== 'unicast') return false;
  // All of IPv6 that is routed publicly is in 2000::/3; what is outside may be anybody's own.
  return !(parsed instanceof ipaddr.IPv6) || (parsed.parts[0] ?? 0) >> 13 === 1;
}

/** The host of a URL without the brackets around IPv6 and without a final dot. */
export const bareHost = (hostname: string): string =>
  hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');

/** RFC 6761: these names mean this machine, whoever is asked. */
export const isLocalhost = (host: string): boolean => /^(.+\.)?localhost$/i.test(host);

/** Whether a host is an address, which needs no resolving. */
export const isAddress = (host: string): boolean => isIP(host) !== 0;
