// Without rules, whoever reaches the server may do anything: so only this machine reaches it.
import { BlockList, isIP } from 'node:net';

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addAddress('::1', 'ipv6');

/**
 * The address to listen on for a host that is this machine and nothing else: 127.0.0.0/8, ::1 or
 * localhost. Undefined for any other. Names are not looked up: what they mean can change.
 */
export const loopbackAddress = (host: string): string | undefined => {
  if (host.toLowerCase() === 'localhost') return '127.0.0.1';
  const family = isIP(host);
  if (family === 0) return undefined;
  return addresses.check(host, family === 6 ? 'ipv6' : 'ipv4') ? host : undefined;
};
