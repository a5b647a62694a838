// One PDF out of a form, for the page and the machine interface alike.
import type { Context } from 'hono';
import { readForm } from '#platform/http.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { MAX_PDF } from '../pdf-signature.ts';

/** The bytes of the one file in the field. Throws Problem invalid or too-large. */
export async function readPdfUpload(c: Context<Env>, field: string): Promise<Buffer> {
  const form = await readForm(c);
  const files = [form[field] ?? []].flat().filter((one): one is File => one instanceof File && one.size > 0);
  const [file] = files;
  if (!file || files.length !== 1)
    throw new Problem(PROBLEMS.invalid, undefined, [{ path: field, message: 'Pilih satu berkas PDF.' }]);
  if (file.size > MAX_PDF)
    throw new Problem(PROBLEMS.tooLarge, 'Berkas terlalu besar. Paling besar 10 MB.', [
      { path: field, message: 'Berkas ini lebih dari 10 MB; yang kami terbitkan jauh lebih kecil.' },
    ]);
  return Buffer.from(await file.arrayBuffer());
}
