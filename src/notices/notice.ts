// Which news a resident is told, with which words: pure.
import type { Answers } from '#src/catalogue/condition.ts';
import type { Service } from '#src/catalogue/service.ts';

export type News =
  | 'permohonan-diterima'
  | 'perlu-perbaikan'
  | 'kedaluwarsa-dekat'
  | 'disetujui-terbit'
  | 'ditolak'
  | 'kedaluwarsa';

export type Address = { phone?: string; email?: string };

/** Where the applicant said that she can be reached: the phone of the form, and its first e-mail field. */
export function addressIn(service: Service, answers: Answers): Address {
  const text = (id: string | undefined): string | undefined => {
    const value = id === undefined ? undefined : answers[id];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const fields = service.form.filter((step) => !step.repeat).flatMap((step) => Object.entries(step.properties));
  const phone = text(service.applicant.phone);
  const email = text(fields.find(([id, field]) => field.format === 'email' && text(id))?.[0]);
  return { ...(phone && { phone }), ...(email && { email }) };
}

/** What a message about a case may say: number, name of the service, a day, a link. Never a name, NIK or reason. */
export function valuesOf(
  news: News,
  about: { number: string; service: string; due: string; limit: string | undefined },
): Record<string, string> {
  const { number, service, due, limit } = about;
  const values = { nomor: number, layanan: service, tautan: `/lacak/${number}` };
  switch (news) {
    case 'permohonan-diterima':
      return { ...values, janji: due };
    case 'perlu-perbaikan':
    case 'kedaluwarsa-dekat':
      return { ...values, batas: limit ?? 'secepatnya' };
    case 'disetujui-terbit':
    case 'ditolak':
    case 'kedaluwarsa':
      return values;
  }
}

/** Whether a product of ours will tell when it is ready; else the end of the case itself does. */
export const issuesPaper = (service: Service): boolean =>
  service.products.some((product) => product.document && product.kind !== 'external');
