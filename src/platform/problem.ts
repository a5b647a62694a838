// An expected refusal: one sentence that says what to do next. One handler turns it into a page, a form or problem+json.

export type FieldError = { path: string; message: string };

export type ProblemKind = { code: string; status: number; title: string };

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly errors: FieldError[];
  /** A right that was refused, in ids and codes: it becomes an event. */
  refused?: { right: string; why: string; subject?: string; agency?: string };
  /** Where the remedy is. */
  next?: { text: string; href: string };
  constructor(kind: ProblemKind, detail?: string, errors: FieldError[] = []) {
    super(detail ?? kind.title);
    this.kind = kind;
    this.errors = errors;
  }
}

/** RFC 9457. The type is a stable relative reference, explained in the API's description. */
export function problemJson(problem: Problem): Record<string, unknown> {
  const { code, status, title } = problem.kind;
  return { type: `/api/problems/${code}`, title, status, detail: problem.message, errors: problem.errors };
}

/** Refusals that no module owns. */
export const PROBLEMS = {
  notFound: {
    code: 'not-found',
    status: 404,
    title: 'Halaman atau data ini tidak ada. Periksa lagi alamat atau nomornya.',
  },
  forbidden: { code: 'forbidden', status: 403, title: 'Anda tidak berwenang untuk ini.' },
  signIn: { code: 'sign-in', status: 401, title: 'Masuk dulu untuk melanjutkan.' },
  malformed: { code: 'malformed', status: 400, title: 'Permintaan ini tidak bisa dibaca. Periksa bentuknya.' },
  invalid: { code: 'invalid', status: 422, title: 'Ada isian yang perlu diperbaiki.' },
  tooLarge: { code: 'too-large', status: 413, title: 'Kiriman terlalu besar.' },
  tooMany: { code: 'too-many', status: 429, title: 'Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi.' },
  crossSite: {
    code: 'cross-site',
    status: 403,
    title: 'Formulir ini dikirim dari situs lain. Buka lagi halamannya dan kirim ulang.',
  },
  keyReused: {
    code: 'idempotency-key-reused',
    status: 409,
    title: 'Kunci Idempotency-Key ini sudah dipakai untuk isi yang lain. Pakai UUID baru.',
  },
  keyMalformed: { code: 'idempotency-key', status: 400, title: 'Idempotency-Key harus sebuah UUID.' },
  unavailable: {
    code: 'unavailable',
    status: 503,
    title: 'Layanan sedang tidak bisa dijangkau. Coba lagi sebentar lagi.',
  },
  methodNotAllowed: { code: 'method-not-allowed', status: 405, title: 'Cara memanggil alamat ini keliru.' },
} satisfies Record<string, ProblemKind>;
