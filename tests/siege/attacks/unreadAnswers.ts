// Connections that hold what others need: answers that are never read, requests that never end.
import { type Attack, always, type Variant } from './Attack.ts';

/** Of the 20 interactions with 100 KB each: 2 MB. */
const large = '{ interactions(first: 100) { nodes { body } } }';

const variant = (name: string, other: Partial<Variant> = {}): Variant => ({
  name,
  from: 'a user',
  by: 'post, unread',
  connections: 40,
  request: always(large),
  ...other,
});

export const unreadAnswers: Attack = {
  name: 'unread-answers',
  about: 'answers that nobody reads, and requests that do not end',
  variants: [
    variant('five answers of 2 MB on each connection'),
    variant('many users', { from: 'many users', connections: 100 }),
    variant('small answers, anonymous', {
      from: 'nobody',
      request: always('{ __typename }'),
      connections: 200,
    }),
    variant('by WebSocket', { by: 'websocket, unread' }),
    variant('left at once', { by: 'post, leaving', connections: 20 }),
    variant('sockets left at once', { by: 'websocket, leaving', connections: 20 }),
    variant('a hundred requests at once on each connection', {
      from: 'nobody',
      by: 'post, pipelined',
      request: always('{ __typename }'),
    }),
    variant('bodies byte by byte', { from: 'nobody', by: 'slow body', connections: 500 }),
    variant('bodies without an end', {
      from: 'nobody',
      by: 'unfinished body',
      connections: 500,
    }),
    variant('messages without an end', {
      from: 'nobody',
      by: 'unfinished websocket message',
      connections: 500,
    }),
    variant('headers byte by byte', { from: 'nobody', by: 'slow headers', connections: 500 }),
    variant('sockets that say nothing', {
      from: 'nobody',
      by: 'silent websocket',
      connections: 1_000,
    }),
  ],
};
