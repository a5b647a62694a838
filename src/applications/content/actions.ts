// What an application holds: answers checked and sealed, evidence that belongs to the applicant, corrections.
import type { KeyObject } from 'node:crypto';
import { localDate } from '#platform/calendar.ts';
import type { Ctx } from '#platform/context.ts';
import { blindIndex, newDataKey, openDataKey, seal, sealJson, unseal, unsealJson } from '#platform/crypto.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { isVillage } from '#src/areas/actions.ts';
import type { Answers } from '#src/catalogue/condition.ts';
import { requiredDocuments, validateAnswers } from '#src/catalogue/form.ts';
import type { Service } from '#src/catalogue/service.ts';
import { mayChange } from '../decide.ts';
import { kinds } from '../problems.ts';
import { type Evidence, evidenceOf, ownedFiles, type StoredApplication } from '../store.ts';

/** An uploaded file and what it proves; a bare file id takes the next requirement that has none. */
export type GivenDocument = string | { file: string; requirement: string; option?: string };

/** What a resident sends to mend a case. */
export type Mending = { answers?: Answers | undefined; documents?: GivenDocument[] | undefined; owners?: string[] };

export function caseKey(ctx: Pick<Ctx, 'keys'>, stored: StoredApplication): KeyObject {
  if (!stored.key) throw new Problem(kinds.erased);
  return openDataKey(ctx.keys, stored.key);
}

export const openAnswers = (ctx: Pick<Ctx, 'keys'>, stored: StoredApplication): Answers =>
  unsealJson(caseKey(ctx, stored), stored.answers);
/** What stands where something was, after it was destroyed. */
export const ERASED = '(dimusnahkan)';

export const openLabel = (ctx: Pick<Ctx, 'keys'>, sealed: { label: Buffer; key: Buffer | null }): string =>
  sealed.key ? unseal(openDataKey(ctx.keys, sealed.key), sealed.label).toString() : ERASED;

/** The keyed hash under which a NIK is found. */
export const nikIndex = (ctx: Pick<Ctx, 'keys'>, nik: string): Buffer => blindIndex(ctx.keys, 'nik', nik);

/** The answers as they may be kept. Throws Problem invalid with one error a field. */
async function checkedAnswers(ctx: Ctx, service: Service, answers: unknown): Promise<Answers> {
  const { issues, clean } = validateAnswers(service, answers, localDate(ctx.calendar, ctx.now));
  const village = clean[service.applicant.village];
  if (issues.length === 0 && typeof village === 'string' && !(await isVillage(ctx, village))) {
    issues.push({
      path: service.applicant.village,
      field: service.applicant.village,
      message: 'Pilih desa atau kelurahan dari daftar.',
    });
  }
  if (issues.length > 0)
    throw new Problem(
      PROBLEMS.invalid,
      undefined,
      issues.map(({ path, message }) => ({ path: `answers.${path}`, message })),
    );
  return clean;
}

/** Which file proves which requirement; each must belong to one of `owners`. Throws Problem invalid. */
async function checkedEvidence(
  ctx: Ctx,
  service: Service,
  answers: Answers,
  documents: GivenDocument[],
  owners: string[],
): Promise<Evidence[]> {
  if (documents.length === 0) return [];
  const required = requiredDocuments(service, answers, localDate(ctx.calendar, ctx.now));
  const evidence: Evidence[] = [];
  const errors: { path: string; message: string }[] = [];
  documents.forEach((document, index) => {
    const named =
      typeof document === 'string' ? undefined : required.find((one) => one.requirement.id === document.requirement);
    const free = required.find((one) => !evidence.some((taken) => taken.requirement === one.requirement.id));
    const wanted = typeof document === 'string' ? free : named;
    const file = typeof document === 'string' ? document : document.file;
    if (!wanted) errors.push({ path: `documents.${index}`, message: 'Berkas ini tidak diminta untuk permohonan ini.' });
    else {
      const option = (typeof document === 'object' && document.option) || (wanted.options[0]?.id ?? '');
      if (!wanted.options.some((one) => one.id === option))
        errors.push({ path: `documents.${index}`, message: `Pilihan "${option}" tidak ada untuk syarat ini.` });
      evidence.push({ requirement: wanted.requirement.id, option, file });
    }
  });
  const owned = await ownedFiles(
    ctx,
    evidence.map((one) => one.file),
    owners,
  );
  documents.forEach((document, index) => {
    if (!owned.has(typeof document === 'string' ? document : document.file))
      errors.push({ path: `documents.${index}`, message: 'Berkas ini tidak ditemukan. Unggah lagi.' });
  });
  if (errors.length > 0) throw new Problem(PROBLEMS.invalid, undefined, errors);
  return evidence;
}

/** Answers and evidence of a new application. Throws Problem invalid. */
export async function checkedContent(
  ctx: Ctx,
  service: Service,
  given: { answers: unknown; documents?: GivenDocument[]; owners?: string[] },
): Promise<{ answers: Answers; evidence: Evidence[] }> {
  const answers = await checkedAnswers(ctx, service, given.answers);
  return { answers, evidence: await checkedEvidence(ctx, service, answers, given.documents ?? [], given.owners ?? []) };
}

/** Seals answers and name under the case's key, a fresh one for a new case. */
export function sealAnswers(ctx: Ctx, service: Service, answers: Answers, wrapped?: Buffer) {
  const key = wrapped ? { plain: openDataKey(ctx.keys, wrapped), wrapped } : newDataKey(ctx.keys);
  const nik = service.applicant.nik && answers[service.applicant.nik];
  return {
    label: seal(key.plain, String(answers[service.applicant.name] ?? '')),
    answers: sealJson(key.plain, answers),
    key: key.wrapped,
    nikHash: typeof nik === 'string' ? nikIndex(ctx, nik) : null,
  };
}

/** A corrected content: only what was asked for may change; everything else stays as it was submitted. */
export async function mend(ctx: Ctx, service: Service, stored: StoredApplication, act: Mending) {
  const { application } = stored;
  const changes = act.answers ?? {};
  const unasked = mayChange(application, changes);
  if (unasked)
    throw new Problem(PROBLEMS.invalid, undefined, [
      { path: `answers.${unasked}`, message: 'Isian ini tidak diminta untuk diperbaiki.' },
    ]);
  const answers = await checkedAnswers(ctx, service, { ...openAnswers(ctx, stored), ...changes });
  const evidence = await checkedEvidence(ctx, service, answers, act.documents ?? [], act.owners ?? []);
  if (!stored.key) throw new Problem(kinds.erased);
  return {
    sealed: sealAnswers(ctx, service, answers, stored.key),
    evidence,
    changed: [...Object.keys(changes), ...evidence.map((one) => one.requirement)],
  };
}

/** Free text as it is kept: no control characters, at most 2,000 characters. */
export const cleanNote = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .trim()
    .slice(0, 2000);

/** The files that an application holds as evidence, also those replaced since. */
export const evidenceFiles = async (ctx: Pick<Ctx, 'db'>, application: string): Promise<Set<string>> =>
  new Set((await evidenceOf(ctx, application)).map((one) => one.file));
