// The addresses of the supervisor's view.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { isId } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { getLoad, listLoad } from '#src/applications/load/actions.ts';
import { emptyState, linkButton } from '#ui/components.ts';
import { pager } from '#ui/lists.ts';
import { aroundOf, nameTakers } from '../actions.ts';
import { deskPage, takeDone } from '../frame.ts';
import { address, inboxTable, views } from '../lists.ts';
import { loadCsv, loadView } from './view.ts';

const VIEWS = [
  { value: '', text: 'Semua' },
  { value: 'terlambat', text: 'Terlambat' },
  { value: 'hari-ini', text: 'Batas hari ini' },
  { value: 'eskalasi', text: 'Eskalasi' },
];

export function loadPages(desk: Hono<Env>): void {
  desk.get('/kerja/beban', async (c) => {
    const ctx = c.get('ctx');
    const [load, around] = await Promise.all([getLoad(ctx), aroundOf(ctx)]);
    const { catalogue } = around;
    const agency = ctx.actor.kind === 'officer' ? ctx.actor.agency : '';
    const body = loadView({
      load,
      agency: catalogue.agencies.get(agency)?.short ?? agency,
      serviceName: (id) => catalogue.byId.get(id)?.service.name ?? id,
      placeName: around.villageName,
    });
    return c.html(
      deskPage(ctx, { title: 'Beban kerja', path: '/kerja/beban', body: html`${takeDone(c, ctx)}${body}` }),
    );
  });

  desk.get('/kerja/beban.csv', async (c) => {
    const load = await getLoad(c.get('ctx'));
    return c.body(loadCsv(load), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="beban-kerja.csv"',
    });
  });

  desk.get('/kerja/beban/daftar', async (c) => {
    const ctx = c.get('ctx');
    const filters = Object.fromEntries(
      ['peran', 'wilayah', 'petugas', 'layanan', 'lihat'].map((name) => [name, c.req.query(name) || undefined]),
    );
    const { peran, petugas = '', layanan, lihat } = filters;
    const after = c.req.query('setelah') || undefined;
    const [list, around] = await Promise.all([
      listLoad(ctx, {
        ...(peran && { role: peran, area: filters.wilayah ?? '' }),
        ...(layanan && { service: layanan }),
        ...(petugas === 'belum' && { untaken: true }),
        ...(isId(petugas) && { mine: petugas }),
        late: lihat === 'terlambat',
        today: lihat === 'hari-ini',
        ...(lihat === 'eskalasi' && { kind: 'escalation' }),
        after,
      }),
      aroundOf(ctx),
    ]);
    await nameTakers(ctx, around, list.items);
    const path = '/kerja/beban/daftar';
    return c.html(
      deskPage(ctx, {
        title: 'Berkas di meja instansi',
        path,
        body: html`<p class="back"><a href="/kerja/beban">Beban kerja</a></p><h1>Berkas di meja instansi</h1>${views(
          VIEWS.map(({ value, text }) => ({
            text,
            href: address(path, { ...filters, lihat: value || undefined }),
            current: (lihat ?? '') === value,
          })),
        )}${
          list.items.length > 0
            ? inboxTable(list.items, around, { caption: 'Berkas di meja instansi, yang paling mendesak di atas' })
            : emptyState({
                title: 'Tidak ada berkas di tampilan ini.',
                action: linkButton('Lihat semua', path, 'secondary'),
              })
        }${pager({ newer: after && address(path, filters), newerText: 'Paling mendesak', older: list.next && address(path, { ...filters, setelah: list.next }), olderText: 'Berikutnya' })}`,
      }),
    );
  });
}
