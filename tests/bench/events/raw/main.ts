// The least that a server in Node can do to fan out: `ws`, no checks, and for each subscriber a text
// that is ready but for the subscription's id.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BroadcastOrder, RawOrder } from './messages.ts';

interface Subscriber {
  socket: WebSocket;
  /** A Next message up to its payload. */
  head: string;
}

/** What may wait for a socket before the next event is sent. */
const mostWaitingBytes = 65_536;

const subscribers = new Map<WebSocket, Subscriber>();

const listen = (): Promise<number> =>
  new Promise((resolve) => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      backlog: 1_024,
      perMessageDeflate: false,
      handleProtocols: () => 'graphql-transport-ws',
    });
    server.on('connection', (socket) => {
      socket.on('close', () => subscribers.delete(socket));
      socket.on('message', (data) => {
        const { type, id } = JSON.parse(String(data));
        if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
        const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
        if (type === 'subscribe') subscribers.set(socket, { socket, head });
      });
    });
    server.on('listening', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

const broadcast = async ({ broadcast: { payload, events } }: BroadcastOrder): Promise<boolean> => {
  const all = [...subscribers.values()];
  for (let event = 0; event < events; event++) {
    for (const { socket, head } of all) socket.send(`${head}${payload}}`);
    await turn();
    while (all.some(({ socket }) => socket.bufferedAmount > mostWaitingBytes)) await sleep(1);
  }
  return true;
};

process.on('message', async (order: RawOrder) => {
  process.send?.('listen' in order ? await listen() : await broadcast(order));
});
process.once('disconnect', () => process.exit());
