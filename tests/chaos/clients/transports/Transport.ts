// What the transports have in common: one connection with one subscription, from its opening to its end.

export interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly { message: string }[];
}

export interface Connection {
  /** The graph's address over HTTP. */
  url: string;
  apiKey: string;
  query: string;
  variables: Record<string, unknown>;
  /** The gateway has taken the connection. */
  opened: () => void;
  received: (result: Result) => void;
  signal: AbortSignal;
}

/** Resolves to why the connection ended; it never throws. */
export type Transport = (connection: Connection) => Promise<string>;

export const transportNames = ['ws', 'sse', 'multipart'] as const;
export type TransportName = (typeof transportNames)[number];

/** Of whatever a client library ends a subscription with. */
export const reasonOf = (end: unknown): string => {
  if (Array.isArray(end)) return end.map(reasonOf).join('; ');
  if (typeof end !== 'object' || end === null) return String(end);
  const { code, message, reason, cause, extensions } = end as Record<string, unknown>;
  const inner = (cause ?? extensions) as { code?: unknown; message?: unknown } | undefined;
  const parts = [code, reason, message, inner?.code ?? inner?.message];
  return parts.filter((part) => part !== undefined && part !== '').join(' ') || 'an unknown end';
};
