// Everything that is held about a person, as one document that people and machines read (UU 27/2022 Pasal 7 and 13). Pure.
// Data of others in the same case (witnesses, family) is left out: it is theirs to ask for. See docs/decisions/0035-*.md.
import type { Answers } from '#src/catalogue/condition.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import type { Service, Step } from '#src/catalogue/service.ts';

export const FORMAT = 'pendopo-data-pribadi/1';

export type CopiedAnswer = { step: string; field: string; label: string; value: unknown; text: string };
export type CopiedCase = {
  number: string;
  service: { id: string; name: string };
  agency: { id: string; name: string };
  channel: string;
  village: { code: string; name: string };
  submittedAt: string;
  dueAt: string;
  endedAt?: string;
  status: string;
  /** true: destroyed at its time or on request; nothing but the outer facts is left. */
  erased: boolean;
  answers: CopiedAnswer[];
  /** Titles of steps about other people, which are not copied. */
  withheld: string[];
  files: { requirement: string; kind: string; superseded: boolean }[];
  documents: { product: string; number: string; code: string; issuedAt: string; revokedAt?: string }[];
  history: { at: string; type: string; who: string; channel: string; purpose?: string; note?: string }[];
  keptFor: { filesMonths: number; answersMonths: number; verified: boolean };
};

export type Copy = {
  format: typeof FORMAT;
  madeAt: string;
  controller: string;
  about: string;
  applications: CopiedCase[];
  requests: { number: string; right: string; askedAt: string; status: string }[];
  consents: { purpose: string; version: number; given: boolean; at: string }[];
};

/**
 * The fields of a step (or of one item of a repeated step) that are the applicant's own. A step that names nobody is, and so is
 * the one that asks who applies. Where one person is named, all of the step is that person's; where several are, only what names
 * the applicant. The NIK decides where it is known, for two people may share a name.
 */
export function ownFields(service: Service, step: Step, item: Answers, answers: Answers): string[] {
  const fields = Object.entries(step.properties).filter(([id]) => item[id] !== undefined);
  const all = fields.map(([id]) => id);
  const applicant = new Set(Object.values(service.applicant));
  const names = fields.filter(([, field]) => field.format === 'name').map(([id]) => id);
  const niks = fields.filter(([, field]) => field.format === 'nik').map(([id]) => id);
  if (names.length + niks.length === 0 || (!step.repeat && all.some((id) => applicant.has(id)))) return all;
  const mine = (key: string | undefined, given: unknown) =>
    key !== undefined && given !== '' && given !== undefined && given === answers[key];
  const myNik = niks.filter((id) => mine(service.applicant.nik, item[id]));
  const myName = names.filter((id) => mine(service.applicant.name, item[id]));
  const me = niks.length > 0 ? myNik.length > 0 : myName.length > 0;
  if (!me) return [];
  return names.length > 1 || niks.length > 1 ? [...myName, ...myNik] : all;
}

/** The answers that are the applicant's own, in words, and the titles of the steps of which something is left out. */
export function ownAnswers(
  service: Service,
  answers: Answers,
  villageName: (code: string) => string | undefined,
): { answers: CopiedAnswer[]; withheld: string[] } {
  const copied: CopiedAnswer[] = [];
  const withheld: string[] = [];
  for (const step of service.form) {
    const items = step.repeat ? ((answers[step.id] as Answers[] | undefined) ?? []) : [answers];
    let left = false;
    for (const item of items) {
      const own = new Set(ownFields(service, step, item, answers));
      for (const [id, field] of Object.entries(step.properties)) {
        const value = item[id];
        if (value === undefined) continue;
        if (!own.has(id)) left = true;
        else
          copied.push({
            step: step.title,
            field: id,
            label: field.title,
            value,
            text: formatAnswer(field, value, villageName),
          });
      }
    }
    if (left) withheld.push(step.title);
  }
  return { answers: copied, withheld };
}

export const ABOUT =
  'Semua data tentang Anda yang kami simpan pada permohonan di bawah ini. Data orang lain pada permohonan yang sama (misalnya saksi atau keluarga) tidak disalin: mereka memintanya sendiri. Foto dan dokumen yang Anda unggah dapat dibuka di halaman permohonannya.';
