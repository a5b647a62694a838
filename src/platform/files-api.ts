// Uploads by machines and apps: one file, checked and sealed like any other, answered by an id that only the sender holds.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { API_PROBLEMS, type Operation, operation } from './api.ts';
import type { Ctx } from './context.ts';
import { sha256 } from './crypto.ts';
import { writeFileId } from './file-id.ts';
import { acceptUpload } from './files.ts';
import { guard } from './http.ts';
import { newId } from './ids.ts';
import type { Env } from './modules.ts';
import { type FieldError, PROBLEMS, Problem } from './problem.ts';

const FileAnswer = z
  .strictObject({
    id: z.string().openapi({
      description: 'Sebutkan di documents. Siapa memegang id ini boleh memakai berkasnya: jangan dibagikan.',
    }),
    kind: z.enum(['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
    size: z.int().openapi({ description: 'Bita yang disimpan, setelah data lokasi dan sejenisnya dibuang' }),
    requirement: z.string().optional(),
  })
  .openapi('File');

const EXAMPLE = {
  id: 'AZq7qWk1cQG0x0C1l9wYzAGaulqprHA3n4Yq6lGxk3p2ZrJxw0uO4m1yNn2bV7dQ',
  kind: 'image/jpeg',
  size: 182034,
  requirement: 'kk',
};

export const uploadFile: Operation = operation({
  id: 'uploadFile',
  method: 'post',
  path: '/api/v1/files',
  tag: 'files',
  summary: 'Mengunggah satu foto atau PDF (paling besar 10 MB)',
  description:
    'Isian formulir `file`, dan bila perlu `requirement` (id syarat yang dibuktikan). Jenis berkas dinilai dari isinya.',
  access: 'anyone',
  body: {
    multipart: true,
    schema: z.strictObject({
      file: z.string().openapi({ type: 'string', format: 'binary', description: 'JPEG, PNG, WebP, atau PDF' }),
      requirement: z
        .string()
        .regex(/^[a-z0-9-]{1,60}$/)
        .optional(),
    }),
  },
  answer: { status: 201, description: 'Tersimpan', schema: FileAnswer, example: EXAMPLE },
  refusals: [409, 413, 415, 422, 429],
  async run({ c, ctx }) {
    guard(c, ctx, 'upload');
    const { file, requirement } = await readUpload(c);
    const bytes = Buffer.from(await file.arrayBuffer());
    // nobody's account: an owner of its own, known only inside the id
    const owner = ctx.actor.kind === 'officer' ? ctx.actor.id : newId(ctx.now);
    const store = async () => {
      const { id, kind, size } = await acceptUpload(ctx, { owner, name: file.name, bytes });
      return { id: writeFileId(ctx.keys, { id, owner }), kind, size, ...(requirement && { requirement }) };
    };
    return c.req.header('idempotency-key') === undefined
      ? store()
      : once(ctx, sha256(Buffer.concat([sha256(bytes), Buffer.from(requirement ?? '')])), store);
  },
});

async function readUpload(c: Context<Env>): Promise<{ file: File; requirement: string | undefined }> {
  if (!c.req.header('content-type')?.toLowerCase().startsWith('multipart/form-data')) {
    throw new Problem(API_PROBLEMS.wrongType, 'Kirim sebagai multipart/form-data dengan isian "file".');
  }
  let form: FormData;
  try {
    form = await c.req.raw.formData();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      PROBLEMS.malformed,
      'Kiriman multipart ini tidak terbaca. Periksa batas (boundary) antarbagiannya.',
    );
  }
  const errors: FieldError[] = [];
  const files = form.getAll('file');
  const [file] = files;
  const requirement = form.get('requirement');
  if (files.length !== 1 || !(file instanceof File))
    errors.push({ path: 'file', message: 'Kirim tepat satu berkas dalam isian "file".' });
  if (requirement !== null && (typeof requirement !== 'string' || !/^[a-z0-9-]{1,60}$/.test(requirement))) {
    errors.push({ path: 'requirement', message: 'Isi dengan id syarat, misalnya "kk".' });
  }
  for (const name of new Set(form.keys())) {
    if (name !== 'file' && name !== 'requirement')
      errors.push({
        path: name.slice(0, 60),
        message: `Isian "${name.slice(0, 60)}" tidak dikenal; hapus dari kiriman. Yang dikenal: file, requirement.`,
      });
  }
  if (errors.length > 0 || !(file instanceof File)) throw new Problem(PROBLEMS.invalid, undefined, errors);
  return { file, requirement: typeof requirement === 'string' ? requirement : undefined };
}

/** The same key and content give the first answer; another content is refused. Of two at once one answer is kept. */
async function once<T extends object>(ctx: Ctx, body: Buffer, work: () => Promise<T>): Promise<T> {
  const find = () =>
    ctx.db
      .selectFrom('platform.commands')
      .select(['body', 'outcome'])
      .where('id', '=', ctx.commandId)
      .executeTakeFirst();
  const before = await find();
  if (!before) {
    const outcome = await work();
    const written = await ctx.db
      .insertInto('platform.commands')
      .values({ id: ctx.commandId, body, outcome: JSON.stringify(outcome), at: ctx.now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (written.numInsertedOrUpdatedRows === 1n) return outcome;
  }
  const known = before ?? (await find());
  if (!known?.body.equals(body)) throw new Problem(PROBLEMS.keyReused);
  return known.outcome as unknown as T;
}
