// Companies as clients read them.
import { connectionLoader } from '@crm-graph/shared/graphql/connectionLoader';
import type { ConnectionOf } from '@crm-graph/shared/graphql/connectionOf';
import { paginate } from '@crm-graph/shared/graphql/paginate';
import type { SubgraphContext } from '@crm-graph/shared/subgraph/SubgraphContext';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Company } from './Company.ts';
import type { Contact } from './Contact.ts';
import { CompaniesArgs, CompanyConnection, companyList } from './companyList.ts';
import { ContactConnection, ContactsArgs, contactList } from './contactList.ts';
import { companyById } from './loaders.ts';
import { User, userReference } from './references.ts';

const subsidiariesOfCompany = connectionLoader({ ...companyList, parentColumn: 'parentId' });
const contactsOfCompany = connectionLoader({ ...contactList, parentColumn: 'companyId' });

@Resolver(() => Company)
export class CompanyResolver {
  @Query(() => CompanyConnection, { description: 'Companies of the organization.' })
  companies(
    @Args(() => CompaniesArgs) args: CompaniesArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Company> {
    return paginate(context, { ...companyList, ...args });
  }

  @Query(() => Company, { nullable: true, description: 'A company; null when there is none.' })
  async company(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<Company | undefined> {
    return companyById(context).load(id);
  }

  @FieldResolver(() => Company, { nullable: true, description: 'The company it is part of.' })
  async parent(@Root() company: Company, @Ctx() context: SubgraphContext) {
    return company.parentId === null ? null : companyById(context).load(company.parentId);
  }

  @FieldResolver(() => CompanyConnection, { description: 'Companies that are part of it.' })
  subsidiaries(
    @Root() company: Company,
    @Args(() => CompaniesArgs) args: CompaniesArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Company> {
    return subsidiariesOfCompany(context, company.id, args);
  }

  @FieldResolver(() => ContactConnection, { description: 'Persons at the company.' })
  contacts(
    @Root() company: Company,
    @Args(() => ContactsArgs) args: ContactsArgs,
    @Ctx() context: SubgraphContext,
  ): ConnectionOf<Contact> {
    return contactsOfCompany(context, company.id, args);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who looks after it.' })
  owner(@Root() company: Company): User | null {
    return userReference(company.ownerId);
  }
}
