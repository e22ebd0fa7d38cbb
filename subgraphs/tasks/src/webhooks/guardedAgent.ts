// The HTTP client that requests to customers' endpoints are made with. A name is resolved once, all its
// addresses are checked, and the connection is made to one of these: there is no second look-up that
// could give another answer.
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { bareHost, isAddress, isAllowedAddress, isLocalhost } from './webhookAddress.ts';

export type Resolve = (host: string) => Promise<string[]>;

export interface GuardedAgentOptions {
  /** In development: endpoints on this machine. */
  allowLoopback: boolean;
  /** To connect. */
  timeoutMs: number;
  /** The addresses of a name. @default the DNS servers of the system */
  resolve?: Resolve;
}

export class ForbiddenAddressError extends Error {
  constructor() {
    super('The host leads to an address that is not public.');
    this.name = 'ForbiddenAddressError';
  }
}

/**
 * Asks DNS servers, those of the system unless others are given. Not getaddrinfo: its few threads serve
 * the whole process, and a slow name server of one customer would keep them from all others.
 */
export function dnsResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (host) => {
    if (isLocalhost(host)) return ['127.0.0.1', '::1'];
    const [four, six] = await Promise.allSettled([
      resolver.resolve4(host),
      resolver.resolve6(host),
    ]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [four, six].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
  };
}

export function guardedAgent(options: GuardedAgentOptions): Agent {
  const { allowLoopback, timeoutMs, resolve = dnsResolve() } = options;

  const checkedAddresses = async (host: string) => {
    const addresses = await resolve(bareHost(host));
    if (!addresses.every((address) => isAllowedAddress(address, allowLoopback))) {
      throw new ForbiddenAddressError();
    }
    return addresses.map((address) => ({ address, family: isIP(address) }));
  };
  const lookup: LookupFunction = (host, { all }, callback) => {
    checkedAddresses(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) callback(new ForbiddenAddressError(), []);
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };

  const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup });
  return new Agent({
    allowH2: false,
    connect: (target, callback) => {
      // Addresses are connected to without a look-up.
      const host = bareHost(target.hostname);
      if (isAddress(host) && !isAllowedAddress(host, allowLoopback)) {
        callback(new ForbiddenAddressError(), null);
      } else connect(target, callback);
    },
  });
}
