// Enums of event types, as the graph writes them: DEAL_MOVED of DealMoved.
import { registerEnumType } from 'type-graphql';
import { enumValueOf } from './eventTypes.ts';

/** Registers the enum and returns it: by value, the name that the event has in the log. */
export function registerEventTypes<Type extends string>(
  types: readonly Type[],
  { name, description }: { name: string; description: string },
): Readonly<Record<string, Type>> {
  const values = Object.fromEntries(types.map((type) => [enumValueOf(type), type]));
  const valuesConfig = Object.fromEntries(
    types.map((type) => [enumValueOf(type), { description: sentenceOf(type) }]),
  );
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}

/** "An interaction was created." of InteractionCreated. */
const sentenceOf = (type: string): string => {
  const [entity = '', done = ''] = enumValueOf(type).toLowerCase().split('_');
  return `${/^[aeiou]/.test(entity) ? 'An' : 'A'} ${entity} was ${done}.`;
};
