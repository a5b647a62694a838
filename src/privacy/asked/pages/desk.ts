// The officer's list of requests of data subjects, most urgent first, and one request with the cases it reaches.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '#platform/modules.ts';
import { listInbox } from '#src/applications/inbox/actions.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { permit } from '#src/rights.ts';
import { emptyState, linkButton, notice, section, tag } from '#ui/components.ts';
import { formatDateTime } from '#ui/format.ts';
import { pager, summaryList, table } from '#ui/lists.ts';
import { desk, officers } from '../../pages/frame.ts';
import { openRequest } from '../actions.ts';
import { REQUEST_SERVICE } from '../coordinator/actions.ts';
import { ASKED, hoursLeft, isAsked, STANDING_WORDS } from '../request.ts';

export function requestDesk(app: Hono<Env>): void {
  officers(app, 'get', '/kerja/data-pribadi', async (c, ctx) => {
    permit(ctx.actor, 'privacy.read');
    const after = c.req.query('setelah') || undefined;
    const list = await listInbox(ctx, { service: REQUEST_SERVICE, after });
    const rows = list.items.map((item) => {
      const left = hoursLeft(item.taskDue, ctx.now);
      const cells = [
        html`<a href="/kerja/data-pribadi/permintaan/${item.number}">${item.number}</a>`,
        item.name,
        formatDateTime(item.submittedAt, ctx.calendar.offsetMinutes),
        html`<span class="time ${left.late ? 'late' : left.soon ? 'soon' : 'ok'}">${left.text}</span>`,
      ];
      return left.late ? { cells, tone: 'late' as const } : left.soon ? { cells, tone: 'soon' as const } : { cells };
    });
    return desk(c, {
      title: 'Permintaan atas data pribadi',
      open: '/kerja/data-pribadi',
      body: html`<h1>Permintaan atas data pribadi</h1>${
        rows.length > 0
          ? table({
              caption: 'Permintaan yang menunggu jawaban, paling mendesak di atas',
              columns: [{ text: 'Nomor' }, { text: 'Pemohon' }, { text: 'Masuk' }, { text: 'Sisa dari 3 × 24 jam' }],
              rows,
            })
          : emptyState({
              title: 'Tidak ada permintaan yang menunggu.',
              body: html`<p>Yang sudah dijawab ada di <a href="/kerja/arsip?layanan=${REQUEST_SERVICE}">arsip</a>.</p>`,
            })
      }${pager({ newer: after && '/kerja/data-pribadi', newerText: 'Paling mendesak', older: list.next && `/kerja/data-pribadi?setelah=${encodeURIComponent(list.next)}`, olderText: 'Berikutnya' })}`,
    });
  });

  officers(app, 'get', '/kerja/data-pribadi/permintaan/:number', async (c, ctx) => {
    const opened = await openRequest(ctx, c.req.param('number') ?? '');
    const { byId } = await getCatalogue(ctx);
    const { number, request, due, ended, scope } = opened;
    const asked = request && isAsked(request.asked) ? ASKED[request.asked] : undefined;
    const left = hoursLeft(due, ctx.now);
    const zone = ctx.calendar.offsetMinutes;
    const waits = scope.some((one) => one.standing === 'running' || one.standing === 'held');
    return desk(c, {
      title: `Permintaan ${number}`,
      open: '/kerja/data-pribadi',
      body: html`<h1>Permintaan ${number}</h1>${summaryList([
        {
          key: 'Hak',
          value: asked
            ? `${asked.name} (UU 27/2022 ${asked.article}${asked.provenance === 'unverified' ? ', perlu diverifikasi' : ''})`
            : 'Tertulis pada isiannya',
        },
        {
          key: 'Batas jawaban',
          value: html`${formatDateTime(due, zone)} ${!ended && html`<span class="time ${left.late ? 'late' : left.soon ? 'soon' : 'ok'}">${left.text}</span>`}`,
        },
        ...(request?.carriedOut ? [{ key: 'Dilaksanakan', value: formatDateTime(request.carriedOut, zone) }] : []),
      ])}${linkButton('Baca dan jawab', `/kerja/${number}`)}${section(
        'Permohonan yang dimaksud',
        scope.length > 0
          ? html`${table({
              caption: 'Yang dibuktikan milik pemohon saat meminta',
              captionHidden: true,
              columns: [{ text: 'Nomor' }, { text: 'Layanan' }, { text: 'Keadaan' }],
              rows: scope.map((one) => [
                one.number,
                byId.get(one.service)?.service.name ?? one.service,
                tag(STANDING_WORDS[one.standing], one.standing === 'ready' ? 'running' : 'quiet'),
              ]),
            })}${
              request?.asked === 'erasure' &&
              notice({
                tone: waits ? 'warning' : 'info',
                body: html`<p>Bila dikabulkan, permohonan ini dimusnahkan untuk selamanya dalam beberapa menit: isian, berkas, surat, dan pesannya.${waits && html` Yang masih berjalan atau ditahan dimusnahkan begitu selesai atau dilepas; bila tidak boleh dimusnahkan, tolak dengan alasannya.`}</p>`,
              })
            }`
          : notice({
              tone: 'warning',
              body: html`<p>Diajukan tanpa nomor dan kode permohonan. Pastikan dulu identitasnya; permintaan ini tidak dapat memusnahkan apa pun dengan sendirinya.</p>`,
            }),
      )}`,
    });
  });
}
