// Sets what the input of a contact gives, and what follows from it: the full name, the primaries, the addresses to find it by.
import type { Contact, ContactEmail } from './Contact.ts';
import type { ContactFields } from './contactInputs.ts';

/** Absent values stay as they are. */
export function fillContact(contact: Contact, input: ContactFields): Contact {
  const { firstName, lastName, emails, phones, jobTitle, companyId, tags, externalId } = input;
  if (firstName !== undefined) contact.firstName = firstName?.trim() ?? null;
  if (lastName !== undefined) contact.lastName = lastName?.trim() ?? null;
  contact.name = [contact.firstName, contact.lastName].filter((part) => part !== null).join(' ');
  if (emails !== undefined) {
    contact.emails = withPrimary(emails ?? []).map(({ address, label, primary }) => {
      return { address: address.trim(), label: label ?? null, primary };
    });
    Object.assign(contact, emailColumns(contact.emails));
  }
  if (phones !== undefined) {
    contact.phones = withPrimary(phones ?? []).map(({ number, label, primary }) => {
      return { number: number.trim(), label: label ?? null, primary };
    });
  }
  if (jobTitle !== undefined) contact.jobTitle = jobTitle;
  if (companyId !== undefined) contact.companyId = companyId?.toLowerCase() ?? null;
  if (tags !== undefined) contact.tags = [...new Set((tags ?? []).map((tag) => tag.trim()))];
  if (externalId !== undefined) contact.externalId = externalId;
  return contact;
}

/** What columns beside `emails` say of them. */
export function emailColumns(
  emails: readonly ContactEmail[],
): Pick<Contact, 'emailAddresses' | 'primaryEmail'> {
  return {
    emailAddresses: emails.map(({ address }) => address.toLowerCase()),
    primaryEmail: emails.find(({ primary }) => primary)?.address.toLowerCase() ?? null,
  };
}

/** Exactly one is primary: the one that says so, else the first. */
function withPrimary<Way extends { primary?: boolean | null }>(ways: readonly Way[]) {
  const named = ways.findIndex(({ primary }) => primary);
  const chosen = Math.max(named, 0);
  return ways.map((way, index) => ({ ...way, primary: index === chosen }));
}
