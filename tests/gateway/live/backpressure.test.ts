// What may wait for a subscriber: one message may be larger than all that may wait, who does not read is sent away.
import type { Session } from '@crm-graph/gateway/live/sessions/Session';
import { sendTo, whenRead } from '@crm-graph/gateway/live/streams/backpressure';
import { SharedResult } from '@crm-graph/gateway/live/streams/SharedResult';
import type { Subscriber } from '@crm-graph/gateway/live/streams/Subscriber';

const maxWaiting = 1_000;

/** Of which nothing is read until the test does. */
class UnreadConnection implements Subscriber {
  waitingBytes = 0;
  readonly sent: number[] = [];
  readonly closings: string[] = [];
  hasEnded = false;
  readonly session: Session;

  constructor() {
    const connection = this;
    this.session = {
      get hasEnded() {
        return connection.hasEnded;
      },
      close: (code: string) => {
        connection.closings.push(code);
        connection.hasEnded = true;
      },
    } as Session;
  }

  send({ text }: SharedResult): void {
    this.sent.push(text.length);
    this.waitingBytes += text.length;
  }

  fail(): void {
    throw new TypeError('Nothing fails here');
  }

  /** A result of so many characters of data, and some around it. */
  take(characters: number): void {
    sendTo(this, new SharedResult({ data: { x: 'x'.repeat(characters) } }), maxWaiting);
  }
}

it('a message larger than what may wait is sent to a client that reads, again and again', () => {
  const connection = new UnreadConnection();
  for (let times = 0; times < 3; times++) {
    connection.take(5_000);
    connection.waitingBytes = 0;
  }
  expect([connection.sent.length, connection.closings]).toEqual([3, []]);
});

it('what follows a large message may wait behind it', () => {
  const connection = new UnreadConnection();
  connection.take(5_000);
  connection.take(100);
  expect([connection.sent.length, connection.closings]).toEqual([2, []]);
});

it('who reads nothing is sent away as soon as more waits than may, and is sent nothing more', () => {
  const connection = new UnreadConnection();
  for (let times = 0; times < 20 && !connection.hasEnded; times++) connection.take(300);
  expect(connection.closings).toEqual(['SLOW_CONSUMER']);
  expect(connection.waitingBytes).toBeLessThan(maxWaiting + 400);
});

it('who reads nothing of large messages is sent away after two', () => {
  const connection = new UnreadConnection();
  for (let times = 0; times < 20 && !connection.hasEnded; times++) connection.take(5_000);
  expect([connection.closings, connection.sent.length]).toEqual([['SLOW_CONSUMER'], 2]);
});

it('who catches up is waited for until it has read', async () => {
  const connection = new UnreadConnection();
  connection.take(900);
  let isRead = false;
  const waiting = whenRead(connection, 500).then(() => {
    isRead = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isRead).toBe(false);
  connection.waitingBytes = 0;
  await waiting;
  expect(connection.closings).toEqual([]);
});

it('who has gone is not waited for', async () => {
  const connection = new UnreadConnection();
  connection.take(900);
  connection.hasEnded = true;
  await whenRead(connection, 500);
  expect(connection.closings).toEqual([]);
});
