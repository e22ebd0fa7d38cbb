// The whole rule tree: root fields by name, and every other field by the type of thing it leads to.
// So a new field that leads to a contact is guarded like all others, without anyone thinking of it.
import { anyone, can } from '@crm-graph/shared/graphql/rules';
import { allow, type ShieldRule } from '@crm-graph/shared/graphql/shield';
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { RuleTree } from './guards.ts';
import { rootRules } from './rootRules.ts';
import { permissionOfType } from './typePermissions.ts';

/** Fields that are not as guarded as what they lead to. */
const exceptions: RuleTree = {
  /* Who has just logged in may see who that is. */
  Tokens: { user: anyone },
  SignUpPayload: { user: anyone },
};

export const ruleTree = (schema: GraphQLSchema): RuleTree => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType =>
      isObjectType(type) && !isIntrospectionType(type) && !(type.name in rootRules),
  );
  return {
    ...rootRules,
    ...Object.fromEntries(
      types.map((type) => [type.name, { ...fieldRules(type), ...exceptions[type.name] }]),
    ),
  };
};

/** Edges and connections are reached through a field that is guarded like their nodes. */
const fieldRules = (type: GraphQLObjectType): Record<string, ShieldRule> => {
  const rules: Record<string, ShieldRule> = { '*': allow };
  if (/(Connection|Edge)$/.test(type.name)) return rules;
  for (const [name, field] of Object.entries(type.getFields())) {
    const permission = permissionOfType(getNamedType(field.type).name);
    if (permission) rules[name] = can(permission);
  }
  return rules;
};
