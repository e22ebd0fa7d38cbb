// The gateway's configuration: every variable, its default and what is expected of it.
import { processConfig } from '@crm-graph/shared/config';
import { z } from 'zod';

const baseUrl = (name: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe(`the base URL of the ${name} subgraph, http://host:port`);

/** A count or a number of milliseconds or bytes, with a default. */
const amount = (value: number, description: string) =>
  z.coerce.number().int().min(1).default(value).describe(description);

/** A switch that is on or off by the mode where it is not set. */
const onOff = (description: string) =>
  z.enum(['on', 'off']).optional().describe(`on or off: ${description}`);

export const gatewayConfig = processConfig.extend({
  GRAPH_MODE: z
    .enum(['development', 'production'])
    .default('production')
    .describe('production, or development, which shows everybody more'),
  INTROSPECTION: z
    .enum(['off', 'authenticated', 'on'])
    .optional()
    .describe('off, authenticated or on: who may ask for the schema'),
  EXPLORER: onOff('whether /explorer and the Sandbox page are served'),
  HEALTH_DETAILS: onOff('whether /health tells of each dependency'),
  SUPERGRAPH: z
    .string()
    .default('schema/supergraph.graphql')
    .describe('the path or the http(s) URL of the supergraph; changes are taken up'),
  AUTH_URL: baseUrl('auth'),
  CONTACTS_URL: baseUrl('contacts'),
  DEALS_URL: baseUrl('deals'),
  TASKS_URL: baseUrl('tasks'),
  ANALYTICS_URL: baseUrl('analytics'),
  REQUEST_TIMEOUT_MS: amount(30_000, 'milliseconds that one operation may take'),
  SUBGRAPH_TIMEOUT_MS: amount(
    10_000,
    'milliseconds that a subgraph may take for one request of an operation, retries included',
  ),
  MAX_BODY_BYTES: amount(2 * 1024 * 1024, 'bytes that a request body may have'),
  MAX_SOCKET_BUFFER_BYTES: amount(1024 * 1024, 'bytes that may wait for one slow subscriber'),
  /** A widget is one; a page has a dozen. */
  MAX_SOCKET_OPERATIONS: amount(100, 'operations at once on one socket'),
  /** An idle one takes some 20 KB. */
  MAX_CONNECTIONS_PER_CALLER: amount(2_000, 'sockets and streams of one key or user'),
  MAX_CONNECTIONS_PER_ORGANIZATION: amount(20_000, 'sockets and streams of one organization'),
  SOCKET_INIT_TIMEOUT_MS: amount(3_000, 'milliseconds within which a socket says who it is'),
  SOCKET_IDLE_TIMEOUT_MS: amount(600_000, 'milliseconds a socket may have no operation'),
  /** Proxies cut connections that are silent for a minute. */
  HEARTBEAT_MS: amount(20_000, 'milliseconds between signs of life on sockets and streams'),
  /** The board of a CRM costs some 500; a page of 100 with 100 below each some 20,000. */
  MAX_COST: amount(
    50_000,
    'what one operation may cost, page sizes multiplied: see docs/limits.md',
  ),
  /** A document of 10,000 tokens is some 60 KB: ten times what the largest screens ask. */
  MAX_TOKENS: amount(10_000, 'tokens that a document may have'),
  /** Introspection as GraphiQL sends it is 15 deep. */
  MAX_DEPTH: amount(25, 'levels of fields that an operation may have'),
  MAX_ALIASES: amount(200, 'aliases that an operation may have, its fragments counted where used'),
  /** Fields counted where fragments are used: what a small document can unfold to. */
  MAX_FIELDS: amount(5_000, 'fields that an operation may have, its fragments counted where used'),
});

export type GatewayConfig = z.output<typeof gatewayConfig>;

/** What is shown to whom, by the mode where nothing else is said. */
export const opennessOf = (config: GatewayConfig) => {
  const isOpen = config.GRAPH_MODE === 'development';
  const isOn = (given: 'on' | 'off' | undefined): boolean => (given ? given === 'on' : isOpen);
  return {
    mode: config.GRAPH_MODE,
    introspection: config.INTROSPECTION ?? (isOpen ? 'on' : 'authenticated'),
    suggestions: isOpen,
    pages: isOn(config.EXPLORER),
    healthDetails: isOn(config.HEALTH_DETAILS),
  } as const;
};

export const subgraphNames = ['auth', 'contacts', 'deals', 'tasks', 'analytics'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** Base URL of each subgraph. */
export const subgraphUrls = (config: GatewayConfig): Record<SubgraphName, string> => ({
  auth: config.AUTH_URL,
  contacts: config.CONTACTS_URL,
  deals: config.DEALS_URL,
  tasks: config.TASKS_URL,
  analytics: config.ANALYTICS_URL,
});
