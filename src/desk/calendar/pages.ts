// The addresses of an agency's own days and hours.
import type { Hono } from 'hono';
import type { Ctx } from '#platform/context.ts';
import { readForm } from '#platform/http.ts';
import { newId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { Problem } from '#platform/problem.ts';
import { clearHours, closeOn, listOwn, openOn, setHours } from '#src/applications/calendars/actions.ts';
import { commandOf, type Form, one } from '../case/command.ts';
import { deskPage, type Request } from '../frame.ts';
import { type CalendarSetting, calendarView } from './view.ts';

const PATH = '/kerja/pengelola/kalender';

export function calendarPages(desk: Hono<Env>): void {
  desk.get(PATH, (c) => show(c, undefined));

  desk.post(`${PATH}/jam`, async (c) => {
    const form: Form = await readForm(c);
    const hours = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), one(form, `jam.${day}`)]));
    return write(c, form, 'jam', (ctx) =>
      setHours(ctx, { hours, source: one(form, 'jam.dasar'), sourced: one(form, 'jam.resmi') === 'ya' }),
    );
  });

  desk.post(`${PATH}/tutup`, async (c) => {
    const form: Form = await readForm(c);
    const part = (name: string) => one(form, `tutup.hari.${name}`).padStart(2, '0');
    return write(c, form, 'tutup', (ctx) =>
      closeOn(ctx, {
        day: `${part('y')}-${part('m')}-${part('d')}`,
        name: one(form, 'tutup.sebab'),
        source: one(form, 'tutup.dasar'),
        sourced: one(form, 'tutup.resmi') === 'ya',
      }),
    );
  });

  desk.post(`${PATH}/jam/hapus`, async (c) => {
    await clearHours({ ...c.get('ctx'), commandId: commandOf(await readForm(c)) });
    return c.redirect(PATH, 303);
  });
  desk.post(`${PATH}/tutup/:day/hapus`, async (c) => {
    await openOn({ ...c.get('ctx'), commandId: commandOf(await readForm(c)) }, c.req.param('day'));
    return c.redirect(PATH, 303);
  });
}

/** The action's field errors under the names of the form. */
const nameOf = (own: string, path: string): string =>
  path.startsWith('hours.')
    ? `jam.${path.slice(6)}`
    : `${own}.${{ day: 'hari', name: 'sebab', source: 'dasar' }[path] ?? path}`;

async function write(
  c: Request,
  form: Form,
  own: 'jam' | 'tutup',
  work: (ctx: Ctx) => Promise<void>,
): Promise<Response> {
  try {
    await work({ ...c.get('ctx'), commandId: commandOf(form) });
  } catch (error) {
    if (!(error instanceof Problem) || error.kind.status !== 422) throw error;
    return show(
      c,
      {
        form: own,
        values: Object.fromEntries(Object.keys(form).map((name) => [name, one(form, name)])),
        date: { d: one(form, 'tutup.hari.d'), m: one(form, 'tutup.hari.m'), y: one(form, 'tutup.hari.y') },
        errors: Object.fromEntries(error.errors.map(({ path, message }) => [nameOf(own, path), message])),
      },
      422,
    );
  }
  return c.redirect(PATH, 303);
}

async function show(c: Request, typed: CalendarSetting['typed'], status: 200 | 422 = 200): Promise<Response> {
  const ctx = c.get('ctx');
  const body = calendarView({
    ...(await listOwn(ctx)),
    regency: ctx.calendar,
    commandId: () => newId(ctx.now),
    ...(typed && { typed }),
  });
  return c.html(deskPage(ctx, { title: 'Hari dan jam kerja', path: PATH, error: status !== 200, body }), status);
}
