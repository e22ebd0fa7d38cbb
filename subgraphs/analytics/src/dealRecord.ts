// The part of a deal event's record that figures are made of. It is checked: a record of another shape
// stops the reading with an error instead of becoming a wrong figure.
import { z } from 'zod';

const decimal = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d+(\.\d+)?$/));
const day = z.iso.date();

export const dealRecord = z.object({
  id: z.uuid(),
  amount: decimal.nullish(),
  currency: z.string().nullish(),
  pipelineId: z.uuid(),
  stageKind: z.enum(['OPEN', 'WON', 'LOST']),
  ownerId: z.uuid().nullish(),
  openedOn: day.nullish(),
  actualCloseDate: day.nullish(),
  products: z
    .array(
      z.object({
        productId: z.uuid(),
        quantity: decimal,
        unitPrice: decimal,
        /** Absent: the deal's. */
        currency: z.string().nullish(),
      }),
    )
    .default([]),
});

export type DealRecord = z.output<typeof dealRecord>;
