// How each way of an attack is driven.
import type { Way } from '../../attacks/Attack.ts';
import type { Assault } from '../Assault.ts';
import { exchange } from './exchange.ts';
import { hold, pipelined, slowBody, slowHeaders, unfinishedBody, unread } from './hold.ts';
import {
  completingSockets,
  leavingSockets,
  silentSockets,
  talkingSockets,
  unfinishedMessages,
  unreadSockets,
} from './webSocket.ts';

/** At every stage of a request: 1 to 200 ms after it was sent. */
const leaveAfterMs = (index: number): number => 1 + ((index * 37) % 200);

export const drivers: Readonly<Record<Way, (assault: Assault) => Promise<void>>> = {
  post: exchange({ method: 'POST' }),
  get: exchange({ method: 'GET' }),
  sse: exchange({ method: 'POST', accept: 'text/event-stream' }),
  websocket: talkingSockets,
  'post, leaving': exchange({ method: 'POST', leaveAfterMs }),
  'websocket, leaving': leavingSockets(leaveAfterMs),
  'websocket, completing': completingSockets,
  'post, unread': hold(unread),
  'post, pipelined': hold(pipelined),
  'websocket, unread': unreadSockets,
  'slow body': hold(slowBody),
  'slow headers': hold(slowHeaders),
  'unfinished body': hold(unfinishedBody),
  'unfinished websocket message': unfinishedMessages,
  'silent websocket': silentSockets,
};
