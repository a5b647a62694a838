// The addresses of deputies during absence.
import type { Hono } from 'hono';
import { readForm } from '#platform/http.ts';
import { newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { endDeputy, listAbsences, setDeputy } from '#src/applications/assignment/deputies/actions.ts';
import type { DateValue } from '#ui/fields.ts';
import { commandOf, type Form, one } from '../case/command.ts';
import { deskPage, type Request } from '../frame.ts';
import { type DeputySetting, deputiesView } from './view.ts';

export function deputyPages(desk: Hono<Env>): void {
  desk.get('/kerja/pengganti', (c) => show(c, undefined));

  desk.post('/kerja/pengganti', async (c) => {
    const form: Form = await readForm(c);
    const ctx = { ...c.get('ctx'), commandId: commandOf(form) };
    const day = (name: string): DateValue => ({
      d: one(form, `${name}.d`),
      m: one(form, `${name}.m`),
      y: one(form, `${name}.y`),
    });
    const values = {
      officer: one(form, 'petugas'),
      deputy: one(form, 'pengganti'),
      starts: day('dari'),
      ends: day('sampai'),
    };
    const starts = startOf(values.starts, ctx.calendar.offsetMinutes);
    const ends = startOf(values.ends, ctx.calendar.offsetMinutes);
    try {
      const missing = [
        ...(starts ? [] : [{ path: 'starts', message: 'Tulis hari pertama dengan lengkap.' }]),
        ...(ends ? [] : [{ path: 'ends', message: 'Tulis hari terakhir dengan lengkap.' }]),
      ];
      if (!starts || !ends) throw new Problem(PROBLEMS.invalid, undefined, missing);
      // the last day is part of it
      await setDeputy(ctx, { ...values, starts, ends: new Date(ends.getTime() + 24 * 3_600_000) });
    } catch (error) {
      if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
      const errors = Object.fromEntries(error.errors.map(({ path, message }) => [NAMES[path] ?? path, message]));
      return show(c, { values, errors }, 422);
    }
    return c.redirect('/kerja/pengganti', 303);
  });

  desk.post('/kerja/pengganti/:id/akhiri', async (c) => {
    await endDeputy({ ...c.get('ctx'), commandId: commandOf(await readForm(c)) }, c.req.param('id'));
    return c.redirect('/kerja/pengganti', 303);
  });
}

const NAMES: Record<string, string> = { officer: 'petugas', deputy: 'pengganti', starts: 'dari', ends: 'sampai' };

/** The first instant of a local day; undefined when it is no day. */
function startOf({ d = '', m = '', y = '' }: DateValue, offsetMinutes: number): Date | undefined {
  if (!/^\d{1,2}$/.test(d) || !/^\d{1,2}$/.test(m) || !/^20\d\d$/.test(y)) return undefined;
  const text = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const at = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text)) return undefined;
  return new Date(at - offsetMinutes * 60_000);
}

async function show(c: Request, typed: DeputySetting['typed'], status: 200 | 422 = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const { actor } = ctx;
  if (actor.kind !== 'officer') throw new Problem(PROBLEMS.signIn);
  const body = deputiesView({
    ...(await listAbsences(ctx)),
    me: actor.id,
    offset: ctx.calendar.offsetMinutes,
    commandId: () => newId(ctx.now),
    ...(typed && { typed }),
  });
  return c.html(
    deskPage(ctx, { title: 'Pengganti selama cuti', path: '/kerja/pengganti', error: status !== 200, body }),
    status,
  );
}
