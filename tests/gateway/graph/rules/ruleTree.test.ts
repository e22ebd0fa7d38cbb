// The rule tree against the API as it is: nothing is left to the fallback.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootRules } from '@crm-graph/gateway/graph/rules/rootRules';
import { ruleTree } from '@crm-graph/gateway/graph/rules/ruleTree';
import { typePermissions } from '@crm-graph/gateway/graph/rules/typePermissions';
import { buildSchema, getNamedType, isIntrospectionType, isObjectType } from 'graphql';
import { root } from '../../../runningStack.ts';

const api = buildSchema(readFileSync(join(root, 'schema/api.graphql'), 'utf8'));

describe('the rule tree', () => {
  it.each(['Query', 'Mutation', 'Subscription'] as const)('names every field of %s', (type) => {
    const object = api.getType(type);
    const fields = isObjectType(object) ? Object.keys(object.getFields()) : [];
    expect(Object.keys(rootRules[type]).sort()).toEqual(fields.sort());
  });

  it('has a rule for every other field, by name or by *', () => {
    const tree = ruleTree(api);
    const types = Object.values(api.getTypeMap()).filter(
      (type) => isObjectType(type) && !isIntrospectionType(type) && !(type.name in rootRules),
    );
    expect(types.filter(({ name }) => tree[name]?.['*'] === undefined)).toEqual([]);
  });

  it('guards every field that leads to a guarded type', () => {
    const tree = ruleTree(api);
    const open: string[] = [];
    for (const type of Object.values(api.getTypeMap())) {
      if (!isObjectType(type) || isIntrospectionType(type) || /(Connection|Edge)$/.test(type.name))
        continue;
      for (const field of Object.values(type.getFields())) {
        const target = getNamedType(field.type).name.replace(/(Connection|Edge)$/, '');
        if (target in typePermissions && tree[type.name]?.[field.name] === undefined) {
          open.push(`${type.name}.${field.name}`);
        }
      }
    }
    expect(open).toEqual([]);
  });

  it('speaks of types that exist', () => {
    expect(Object.keys(typePermissions).filter((name) => !api.getType(name))).toEqual([]);
  });
});
