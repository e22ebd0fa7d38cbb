// Descriptions that the inputs of the three kinds share.
export const texts = {
  id: 'A UUIDv7 of your making; made when absent.',
  externalId: 'The id in another system; unique.',
  idempotencyKey: 'Up to 200 characters. A retry with the same key and input is carried out once.',
  expectedVersion: 'The version last seen; CONFLICT if it has changed since.',
  ownerAtCreation: 'Who looks after it; you when absent, nobody when null.',
  index: 'Place of the item in the input, from 0.',
  itemErrors: 'What was wrong with this item.',
  items: '1 to 1,000; each stands alone.',
};

export const optional = (description: string) => ({ nullable: true, description });
