// The headers of a message by the Standard Webhooks convention.
import { createHmac } from 'node:crypto';

export interface Message {
  /** The same for every try, so that a receiver can tell what it has seen. */
  id: string;
  body: string;
}

/** One signature for each secret: a receiver takes the message if it knows one of them. */
export function signedHeaders(
  { id, body }: Message,
  secrets: readonly Buffer[],
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'CRM-Graph-Webhooks/1.0',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
