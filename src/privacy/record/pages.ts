// The record of processing activities (Pasal 31) to read, print and take away as CSV or JSON.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { permit } from '#src/rights.ts';
import { buttons, linkButton, printHint, provenanceMark, section } from '#ui/components.ts';
import { formatCount, formatList } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import { desk, officers } from '../pages/frame.ts';
import { currentRecord } from './actions.ts';
import { type Activity, recordCsv } from './record.ts';

const PATH = '/kerja/data-pribadi/ropa';

export function recordPages(app: Hono<Env>): void {
  officers(app, 'get', PATH, async (c, ctx) => {
    permit(ctx.actor, 'privacy.read');
    const record = await currentRecord(ctx);
    const own = record.filter((one) => one.source === 'modul');
    const services = record.filter((one) => one.source === 'layanan');
    return desk(c, {
      title: 'Catatan kegiatan pemrosesan',
      open: PATH,
      body: html`<h1>Catatan kegiatan pemrosesan data pribadi</h1><p>Disusun sendiri oleh program dari pernyataan tiap modul dan layanan, jadi selalu sama dengan yang berjalan (UU 27/2022 Pasal 31). ${formatCount(record.length, 'kegiatan')}.</p>${buttons(
        linkButton('Unduh CSV', `${PATH}.csv`, 'secondary'),
        linkButton('Unduh JSON', `${PATH}.json`, 'secondary'),
      )}${section('Kegiatan program', html`${own.map(activity)}`)}${section('Kegiatan tiap layanan', html`${services.map(activity)}`)}${printHint('catatan ini')}`,
    });
  });
  officers(app, 'get', `${PATH}.csv`, async (c, ctx) => {
    permit(ctx.actor, 'privacy.read');
    return c.body(recordCsv(await currentRecord(ctx)), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="catatan-pemrosesan.csv"',
    });
  });
  officers(app, 'get', `${PATH}.json`, async (c, ctx) => {
    permit(ctx.actor, 'privacy.read');
    return c.json({ madeAt: ctx.now.toISOString(), activities: await currentRecord(ctx) });
  });
}

const activity = (one: Activity): Content =>
  html`<section><h3 id="${one.id}">${one.name}</h3>${provenanceMark(!one.verified, 'Dasar hukum atau masa simpannya belum dicocokkan dengan sumber resmi.')}${summaryList(
    [
      { key: 'Pengendali', value: one.controller },
      { key: 'Tujuan', value: one.purpose },
      { key: 'Dasar', value: one.legalBasis },
      { key: 'Pemilik data', value: formatList(one.subjects) },
      { key: 'Data', value: one.data.join(', ') },
      ...(one.specific.length > 0 ? [{ key: 'Data spesifik', value: html`<b>${formatList(one.specific)}</b>` }] : []),
      {
        key: 'Penerima',
        value: one.recipients.length > 0 ? one.recipients.join(', ') : 'Tidak ada di luar instansi penyelenggara',
      },
      { key: 'Masa simpan', value: one.retention },
      { key: 'Pengamanan', value: one.safeguards.join('; ') },
    ],
  )}</section>`;
