// The mutations of contacts: each names its work and shapes its payload, `mutate` does the rest.
import { Cost, weights } from '@crm-graph/shared/graphql/cost';
import { mutate } from '@crm-graph/shared/mutation/mutate';
import { mutateRecord } from '@crm-graph/shared/mutation/mutateRecord';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { bulkCreateContacts } from './bulkCreateContacts.ts';
import { bulkResults } from './bulkPayload.ts';
import { Contact } from './Contact.ts';
import {
  BulkContactsPayload,
  BulkCreateContactsInput,
  ContactPayload,
  CreateContactInput,
  DeleteContactInput,
  DeleteContactPayload,
  UpdateContactInput,
} from './contactInputs.ts';
import { createContact } from './createContact.ts';
import { deleteContact } from './deleteContact.ts';
import { contactById } from './loaders.ts';
import { updateContact } from './updateContact.ts';

@Resolver(() => Contact)
export class ContactMutationResolver {
  @Mutation(() => ContactPayload, { description: 'Creates a contact.' })
  async createContact(
    @Arg('input', () => CreateContactInput, { description: 'The contact.' })
    input: CreateContactInput,
    @Ctx() context: SubgraphContext,
  ): Promise<ContactPayload> {
    const { record: contact, ...rest } = await mutateRecord(
      context,
      'createContact',
      input,
      createContact,
      contactById,
    );
    return { contact, ...rest };
  }

  @Mutation(() => ContactPayload, { description: 'Changes a contact.' })
  async updateContact(
    @Arg('input', () => UpdateContactInput, { description: 'What to change.' })
    input: UpdateContactInput,
    @Ctx() context: SubgraphContext,
  ): Promise<ContactPayload> {
    const { record: contact, ...rest } = await mutateRecord(
      context,
      'updateContact',
      input,
      updateContact,
      contactById,
    );
    return { contact, ...rest };
  }

  @Mutation(() => DeleteContactPayload, {
    description:
      'Deletes a contact with its interactions; deals and tasks keep its id, which then leads to null.',
  })
  async deleteContact(
    @Arg('input', () => DeleteContactInput, { description: 'The contact.' })
    input: DeleteContactInput,
    @Ctx() context: SubgraphContext,
  ): Promise<DeleteContactPayload> {
    const { stored, cursor, userErrors } = await mutate(context, 'deleteContact', input, (scope) =>
      deleteContact(scope, input),
    );
    return { deletedId: stored ?? null, cursor: cursor ?? null, userErrors };
  }

  @Cost(weights.bulk)
  @Mutation(() => BulkContactsPayload, {
    description: 'Creates up to 1,000 contacts at once; each item has its own result.',
  })
  async bulkCreateContacts(
    @Arg('input', () => BulkCreateContactsInput, { description: 'The contacts.' })
    input: BulkCreateContactsInput,
    @Ctx() context: SubgraphContext,
  ): Promise<BulkContactsPayload> {
    const result = await mutate(context, 'bulkCreateContacts', input, (scope) =>
      bulkCreateContacts(scope, input),
    );
    const results = (await bulkResults(context, result, contactById)).map(
      ({ record: contact, ...rest }) => ({ contact, ...rest }),
    );
    return { results, cursor: result.cursor ?? null, userErrors: result.userErrors };
  }
}
