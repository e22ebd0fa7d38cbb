// The rules of a webhook's values.
import type { UserErrorInput } from '@crm-graph/shared/mutation/UserError';
import { validate as isUuid } from 'uuid';
import { problemOfUrl } from './checkUrl.ts';
import type { WebhookFilter } from './WebhookFilter.ts';

const maxDescriptionLength = 200;
const maxStatusLength = 100;

const idFields = [
  'pipelineId',
  'stageId',
  'ownerId',
  'assigneeId',
  'companyId',
  'contactId',
  'dealId',
] as const;

interface Values {
  url?: string | null | undefined;
  description?: string | null | undefined;
  filter?: WebhookFilter | null | undefined;
}

/** What is wrong with the values that are given. */
export function checkWebhook(
  { url, description, filter }: Values,
  allowLoopback: boolean,
): UserErrorInput[] {
  const problems: [field: string[], message: string | undefined | false][] = [
    [['url'], url != null && problemOfUrl(url, allowLoopback)],
    [['description'], description != null && problemOfText(description, maxDescriptionLength)],
    [
      ['filter', 'types'],
      filter?.types?.length === 0 && 'An empty list fits no event; leave it out for all.',
    ],
    [['filter', 'status'], filter?.status != null && problemOfText(filter.status, maxStatusLength)],
    ...idFields.map((field): [string[], string | false] => {
      const id = filter?.[field];
      return [['filter', field], id != null && !isUuid(id) && 'This is not an id.'];
    }),
  ];
  return problems.flatMap(([field, message]) =>
    message ? [{ code: 'INVALID' as const, field: ['input', ...field], message }] : [],
  );
}

function problemOfText(text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return `A text here has at most ${maxLength} characters.`;
  return text.includes('\0') ? 'A text cannot contain U+0000.' : undefined;
}

/** As it is stored: without what was left out. */
export function storedFilter(filter: WebhookFilter | null | undefined): WebhookFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value != null);
  return Object.fromEntries(given);
}
