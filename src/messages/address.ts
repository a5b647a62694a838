// Where a message may go: phone numbers and e-mail addresses as people type them, brought into one form, and their masks.

export type Address = { phone?: string; email?: string };

/**
 * A phone number in the form "+6281234567890", from what somebody typed ("0812-3456-7890"); undefined when it is none.
 * Numbers without a country are Indonesian.
 */
export function cleanPhone(text: string): string | undefined {
  const typed = text.trim().replaceAll(/[\s().-]/g, '');
  if (!/^\+?\d{8,16}$/.test(typed)) return undefined;
  const digits = typed.startsWith('+')
    ? typed.slice(1)
    : typed.startsWith('0')
      ? `62${typed.slice(1)}`
      : typed.startsWith('8')
        ? `62${typed}`
        : typed;
  return /^[1-9]\d{8,14}$/.test(digits) ? `+${digits}` : undefined;
}

/** An e-mail address in lower case; undefined when it is none. One address only: no list, no name, no line break. */
export function cleanEmail(text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  return typed.length <= 254 && /^[a-z0-9._%+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}$/.test(typed)
    ? typed
    : undefined;
}

/** Enough to know one's own, too little to call: "0812 **** 7890", "s***@desa.id". */
export function masked(channel: 'whatsapp' | 'sms' | 'email', address: Address): string {
  if (channel === 'email') return (address.email ?? '').replace(/^(.)[^@]*/, '$1***');
  const phone = address.phone ?? '';
  const local = phone.startsWith('+62') ? `0${phone.slice(3)}` : phone;
  return `${local.slice(0, 4)} **** ${local.slice(-3)}`;
}
