// Free loopback ports, and a clear answer when the one that was asked for is taken.
import { createServer, type Server } from 'node:net';
import { StartUpError } from './StartUpError.ts';

async function listen(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, resolve);
  });
  return server;
}

async function portOf(server: Server): Promise<number> {
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * Below what Linux and macOS give to outgoing connections: while a process restarts, no connection
 * may be made from its port, nor one that is tried over and over meet itself there.
 */
const range = { from: 20_000, to: 32_000 };

async function listenAnywhere(host: string): Promise<Server> {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    try {
      return await listen(port, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** `count` different free ports; all are held until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => listenAnywhere('127.0.0.1')),
  );
  return Promise.all(servers.map(portOf));
}

/** The port itself when it is free (a free one for 0); else says so. */
export async function claimPort(port: number, host: string): Promise<number> {
  try {
    return await portOf(await (port === 0 ? listenAnywhere(host) : listen(port, host)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartUpError(
        `Port ${port} is taken by another program. Take another one: PORT=${port + 1} npm start`,
      );
    }
    if (code === 'EACCES') {
      throw new StartUpError(`Port ${port} needs rights this user does not have: try PORT=4000`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartUpError(`HOST: ${host} is not an address of this machine`);
    }
    throw error;
  }
}
