// What the engine refuses, each with one sentence that says what to do next.
import { PROBLEMS, Problem, type ProblemKind } from '#platform/problem.ts';
import type { Refusal } from './decide.ts';

export const kinds = {
  movedOn: {
    code: 'moved-on',
    status: 409,
    title:
      'Permohonan ini baru saja ditindak petugas lain atau berubah keadaannya. Muat ulang untuk melihat keadaan terbaru; tindakan Anda tidak tersimpan.',
  },
  taken: { code: 'taken', status: 409, title: 'Berkas ini sudah diambil petugas lain. Muat ulang halamannya.' },
  noSuchAction: {
    code: 'no-such-action',
    status: 409,
    title: 'Tindakan ini tidak ada pada tahap sekarang. Muat ulang untuk melihat pilihan yang ada.',
  },
  ended: { code: 'ended', status: 409, title: 'Permohonan ini sudah selesai, sehingga tidak bisa ditindak lagi.' },
  tooLate: {
    code: 'too-late',
    status: 409,
    title: 'Batas waktunya sudah lewat. Anda dapat mengajukan permohonan baru.',
  },
  opinionsOpen: {
    code: 'opinions-open',
    status: 409,
    title: 'Masih ada pendapat instansi lain yang ditunggu. Tunggu jawabannya atau tarik kembali pertanyaannya.',
  },
  opinionKnown: {
    code: 'opinion-known',
    status: 409,
    title: 'Instansi itu sudah diminta pendapatnya dan belum menjawab.',
  },
  erased: { code: 'erased', status: 410, title: 'Isi permohonan ini sudah dimusnahkan sesuai jadwal retensi.' },
  unknownService: {
    code: 'unknown-service',
    status: 404,
    title: 'Layanan ini tidak ada atau tidak lagi dibuka. Cari lagi di daftar layanan.',
  },
} satisfies Record<string, ProblemKind>;

/** The Problem for a core refusal; the missing input is named as a field error. */
export function refusalProblem(refusal: Refusal): Problem {
  switch (refusal.refused) {
    case 'moved-on':
      return new Problem(kinds.movedOn);
    case 'no-such-action':
      return new Problem(kinds.noSuchAction);
    case 'ended':
      return new Problem(kinds.ended);
    case 'too-late':
      return new Problem(kinds.tooLate);
    case 'opinions-open':
      return new Problem(kinds.opinionsOpen);
    case 'opinion-known':
      return new Problem(kinds.opinionKnown);
    case 'reason-needed':
      return missing('reason', 'Pilih alasannya.');
    case 'note-needed':
      return missing('note', 'Tulis penjelasan singkat untuk pemohon.');
    case 'name-what-to-mend':
      return missing('fields', 'Pilih isian atau berkas yang harus diperbaiki.');
    case 'unknown-field':
      return missing('fields', `Isian atau berkas "${refusal.field}" tidak ada pada layanan ini.`);
  }
}

const missing = (path: string, message: string): Problem =>
  new Problem(PROBLEMS.invalid, undefined, [{ path, message }]);
