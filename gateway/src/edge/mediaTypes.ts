// What a client's `accept` lets an answer be (RFC 9110, 12.5.1; GraphQL over HTTP, 6.1): one answer as JSON of either
// kind, a stream, a page. Decided once per header: clients send few different ones.
import { multipart, type StreamFormat, serverSentEvents } from './answer/streamFormats.ts';

export type JsonType = 'application/json' | 'application/graphql-response+json';

export interface Accepted {
  /** Of one answer; undefined where neither is acceptable. */
  json: JsonType | undefined;
  /** Only where a client names it: any type at all asks for no stream. */
  stream: StreamFormat | undefined;
  /** Whether it prefers a page: a browser's address bar. */
  html: boolean;
}

interface Range {
  type: string;
  parameters: ReadonlyMap<string, string>;
  quality: number;
}

/** A stream of made-up headers must not fill the memory. */
const maxKnown = 100;
const maxHeaderLength = 1_000;
const known = new Map<string, Accepted>();

const anything: Accepted = { json: 'application/json', stream: undefined, html: false };

/** A header of more than 1,000 characters counts as any type at all. */
export const acceptedBy = (accept: string | undefined): Accepted => {
  if (!accept || accept.length > maxHeaderLength) return anything;
  const before = known.get(accept);
  if (before) return before;
  const accepted = read(rangesOf(accept).filter(isSpoken));
  if (known.size >= maxKnown) known.clear();
  known.set(accept, accepted);
  return accepted;
};

const read = (ranges: readonly Range[]): Accepted => {
  const plain = weigh(ranges, 'application/json');
  const typed = weigh(ranges, 'application/graphql-response+json');
  const page = weigh(ranges, 'text/html');
  const json = isBefore(typed, plain) ? 'application/graphql-response+json' : 'application/json';
  const best = json === 'application/json' ? plain : typed;
  const events = weigh(ranges, 'text/event-stream');
  const parts = weigh(ranges, 'multipart/mixed');
  return {
    json: best.quality > 0 ? json : undefined,
    stream: streamOf(events, parts),
    html: page.isNamed && isBefore(page, best),
  };
};

const streamOf = (events: Weight, parts: Weight): StreamFormat | undefined => {
  const takesEvents = events.isNamed && events.quality > 0;
  const takesParts = parts.isNamed && parts.quality > 0;
  if (takesEvents && !(takesParts && isBefore(parts, events))) return serverSentEvents;
  return takesParts ? multipart : undefined;
};

/**
 * Whether a range's parameters are those of what is answered. Apollo's multipart protocol for subscriptions has one
 * version, other multipart protocols are not spoken; all is UTF-8.
 */
const isSpoken = ({ type, parameters }: Range): boolean => {
  if (type === 'multipart/mixed') return parameters.get('subscriptionspec') === '1.0';
  return /^utf-?8$/i.test(parameters.get('charset') ?? 'utf-8');
};

interface Weight {
  /** 0 where it is not acceptable. */
  quality: number;
  /** Whether the type itself is named, and not only a wildcard that it falls under. */
  isNamed: boolean;
  /** Its range's place in the header. */
  place: number;
}

/** By the most specific range that it falls under. */
const weigh = (ranges: readonly Range[], type: string): Weight => {
  const wildcard = `${type.slice(0, type.indexOf('/'))}/*`;
  for (const pattern of [type, wildcard, '*/*']) {
    const place = ranges.findIndex((range) => range.type === pattern);
    const range = ranges[place];
    if (range) return { quality: range.quality, isNamed: pattern === type, place };
  }
  return { quality: 0, isNamed: false, place: -1 };
};

/** Whether a client would rather have the first one: of equal ones, what is named first. */
const isBefore = (one: Weight, other: Weight): boolean => {
  if (one.quality !== other.quality) return one.quality > other.quality;
  if (one.isNamed !== other.isNamed) return one.isNamed;
  return one.isNamed && one.place < other.place;
};

const rangesOf = (accept: string): Range[] =>
  accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';');
    const given = new Map(parameters.map(parameterOf));
    const quality = Number(given.get('q') ?? 1);
    return {
      type: type.trim().toLowerCase(),
      parameters: given,
      quality: quality >= 0 && quality <= 1 ? quality : 0,
    };
  });

const parameterOf = (parameter: string): [name: string, value: string] => {
  const [name = '', value = ''] = parameter.split('=');
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
};
