// Why the protocol itself ends a socket (graphql-ws, PROTOCOL.md): the client broke its rules, so there is no coded
// error behind it. All other reasons are in the table of codes.
import type { CloseReason } from '@crm-graph/shared/errors/errorCodes';

export const protocolClosings = {
  unauthorized: { code: 4401, reason: 'Unauthorized: subscribe after connection_ack' },
  subprotocol: { code: 4406, reason: 'Subprotocol not acceptable: offer graphql-transport-ws' },
  tooMuchBeforeAck: { code: 1009, reason: 'More than 64 KiB before connection_ack' },
  initTimeout: { code: 4408, reason: 'Connection initialisation timeout' },
  tooManyInits: { code: 4429, reason: 'Too many initialisation requests' },
} as const satisfies Record<string, CloseReason>;

/** `reason` says what is wrong, in a sentence. */
export const invalidMessage = (reason: string): CloseReason => ({
  code: 4400,
  reason: limited(`Invalid message. ${reason}`, maxReasonBytes),
});

export const subscriberExists = (id: string): CloseReason => ({
  code: 4409,
  reason: `Subscriber for ${limited(id, maxReasonBytes - besidesId)} already exists`,
});

/** What a close frame has room for beside its code (RFC 6455, 5.5). */
const maxReasonBytes = 123;
const besidesId = 'Subscriber for  already exists'.length;
const ellipsis = '…';

/** Cut between characters, so that it stays UTF-8. */
const limited = (text: string, maxBytes: number): string => {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const kept = bytes.subarray(0, maxBytes - Buffer.byteLength(ellipsis));
  return `${new TextDecoder().decode(kept, { stream: true })}${ellipsis}`;
};
