// How a resident is reached: a mobile phone or an e-mail address, each written in one way only so that it is found again. Pure.
import { cleanEmail, cleanPhone } from '#src/messages/address.ts';

export type ContactKind = 'phone' | 'email';
export type Contact = { kind: ContactKind; value: string };

/** What somebody typed as a contact; undefined when it is neither. "0812 3456 7890" and "+62 812-3456-7890" are the same. */
export function readContact(typed: string): Contact | undefined {
  const text = typed.normalize('NFKC').trim();
  if (text.includes('@')) {
    const email = cleanEmail(text);
    return email && !email.includes('..') ? { kind: 'email', value: email } : undefined;
  }
  const phone = cleanPhone(text.replaceAll(/[\s().-]/g, '').replace(/^(?:\+?62|0062)0?(?=8)/, '0'));
  // in Indonesia only mobile numbers take messages
  return phone && (!phone.startsWith('+62') || /^\+628\d{8,11}$/.test(phone))
    ? { kind: 'phone', value: phone }
    : undefined;
}

/** Enough to know one's own contact again, too little for a stranger: "08**-****-7890", "s***@contoh.id". */
export function maskContact({ kind, value }: Contact): string {
  if (kind === 'email') return `${value[0]}***${value.slice(value.lastIndexOf('@'))}`;
  return `${local(value).slice(0, 2)}**-****-${value.slice(-4)}`;
}

/** As its owner would write it. */
export const showContact = ({ kind, value }: Contact): string => (kind === 'email' ? value : local(value));

const local = (phone: string): string => phone.replace(/^\+62/, '0');

export const CONTACT_WORDS: Record<ContactKind, string> = { phone: 'Nomor HP', email: 'Email' };
