// Mandates (kuasa) of one case: who acts for whom until when, given to a helper by the owner, revoked by either side.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { holdApplication } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { lastDayOf, ownCode } from '#src/applications/pass/actions.ts';
import { trackCode } from '#src/applications/track.ts';
import { getCatalogue } from '#src/catalogue/actions.ts';
import { codeOf, getMandate, giveMandate, listMandates, revoke } from '#src/identity/mandates/actions.ts';
import {
  DEFAULT_DAYS,
  endOf,
  isRelation,
  type Mandate,
  MOST_DAYS,
  RELATION_WORDS,
  RELATIONS,
  readName,
  standingOf,
} from '#src/identity/mandates/mandate.ts';
import { keepHolding } from '#src/identity/residents/holdings/actions.ts';
import { button, buttons, codeBig, details, lead, linkButton, notice, panel, printHint, tag } from '#ui/components.ts';
import { errorSummary, form, radios, textField } from '#ui/fields.ts';
import { formatDayMonthYear } from '#ui/format.ts';
import type { Content } from '#ui/html.ts';
import { readPost, show, type Web, zone } from '../../pages/site.ts';
import { commandOf } from './act.ts';
import { type Held, held } from './held.ts';

/** The mandate by which this reader holds the case, when he holds it by nothing else. */
export const agentOf = ({ ctx, dossier }: Pick<Held, 'ctx' | 'dossier'>): string | undefined =>
  ctx.actor.kind === 'resident' ? ctx.actor.asAgent?.[dossier.application.id] : undefined;

const HANDOVER_MS = 24 * 3_600_000;

/** The codes for a receipt: the owner's, and before it the agent's own when an agent reads. */
export async function receiptCodes(open: Held): Promise<{ code: string | undefined; agents: Content }> {
  const { ctx, dossier } = open;
  const { id } = dossier.application;
  const own = agentOf(open);
  const mandate = own ? await getMandate(ctx, own) : undefined;
  if (!mandate) return { code: await ownCode(ctx, id), agents: null };
  // on the day it was sent the agent hands the owner's code over; later, or once it was replaced, it is the owner's alone
  const handover =
    mandate.origin === 'declared' &&
    ctx.now.getTime() - mandate.starts.getTime() < HANDOVER_MS &&
    (await codeOf(ctx, id)) === id;
  return {
    code: handover ? trackCode(ctx.keys, id) : undefined,
    agents: html`<h2>Kode Anda sebagai penerima kuasa</h2>${codeBig(trackCode(ctx.keys, mandate.id))}<p>Dengan nomor dan kode ini Anda mengurus permohonan sampai <b>${until(ctx, mandate)}</b>, atau sampai kuasa dicabut.</p>`,
  };
}

const until = (ctx: Ctx, { ends }: Pick<Mandate, 'ends'>): string => formatDayMonthYear(lastDayOf(ends), zone(ctx));

async function agencyNames(ctx: Ctx): Promise<(id: string) => string> {
  const { agencies } = await getCatalogue(ctx);
  return (id) => agencies.get(id)?.name ?? id;
}

/** Who the agent is, in words: the name given, or the office of an officer. */
function whoIs(mandate: Mandate, agency: (id: string) => string): string {
  const relation = RELATION_WORDS[mandate.relation].toLowerCase();
  if (mandate.agentKind === 'officer') return `petugas ${agency(mandate.agency ?? '')}`;
  return mandate.agentName ? `${mandate.agentName} (${relation})` : `penerima kuasa (${relation})`;
}

/** On the page of the case: that somebody acts for somebody, said to both. */
export async function mandateNotice(open: Held): Promise<Content> {
  const { ctx, dossier } = open;
  const running = (await listMandates(ctx, [dossier.application.id])).filter(
    (one) => standingOf(one, ctx.now) === 'running',
  );
  if (running.length === 0) return null;
  const own = agentOf(open);
  const agency = await agencyNames(ctx);
  const path = `/lacak/${dossier.number}/kuasa`;
  const mine = running.find(({ id }) => id === own);
  if (mine)
    return notice({
      body: html`<p>Anda mengurus ini sebagai kuasa untuk <b>${mine.principal}</b> sampai ${until(ctx, mine)}. <a href="${path}">Lihat atau akhiri kuasa</a>.</p>`,
    });
  return notice({
    body: html`${running.map((one) => html`<p>${one.origin === 'declared' ? 'Diajukan oleh' : 'Boleh diurus oleh'} <b>${whoIs(one, agency)}</b> sebagai kuasa sampai ${until(ctx, one)}.</p>`)}<p><a href="${path}">Lihat atau cabut kuasa</a>.</p>`,
  });
}

export async function getMandates(c: Web): Promise<Response> {
  const open = await held(c);
  return open instanceof Response ? open : showMandates(c, open, {});
}

type Shown = {
  typed?: Record<string, string>;
  errors?: { path: string; message: string }[];
  /** Shown once: what was just done, and the code that comes of it. */
  done?: Content;
};

async function showMandates(c: Web, open: Held, shown: Shown): Promise<Response> {
  const { ctx, dossier } = open;
  const { number, application, service } = dossier;
  const own = agentOf(open);
  const [mandates, agency] = await Promise.all([listMandates(ctx, [application.id]), agencyNames(ctx)]);
  const errors = shown.errors ?? [];
  const line = (one: Mandate) => {
    const standing = standingOf(one, ctx.now);
    const mine = own === one.id;
    const words = { running: 'Berlaku', revoked: 'Dicabut', ended: 'Berakhir' }[standing];
    const origin =
      one.origin === 'declared'
        ? 'Dinyatakan oleh penerima kuasa saat mengajukan.'
        : 'Diberikan oleh pemilik permohonan.';
    return html`<li class="card"><h3>${mine ? 'Anda' : `${whoIs(one, agency)[0]?.toUpperCase()}${whoIs(one, agency).slice(1)}`}</h3><p>${tag(words, standing === 'running' ? 'running' : 'quiet')}</p><p>Untuk ${one.principal}. ${standing === 'revoked' && one.revokedAt ? `Dicabut ${formatDayMonthYear(one.revokedAt, zone(ctx))} oleh ${one.revokedBy === 'agent' ? 'penerima kuasa' : 'pemilik permohonan'}.` : `${standing === 'ended' ? 'Berlaku sampai' : 'Sampai'} ${until(ctx, one)}.`}</p><p class="small">${origin}</p>${
      standing === 'running' &&
      (mine || !own) &&
      details(
        mine ? 'Akhiri kuasa saya' : 'Cabut kuasa ini',
        html`<p>${
          mine
            ? 'Setelah ini Anda tidak bisa membuka permohonan ini lagi. Pemiliknya tetap bisa.'
            : 'Orang itu tidak bisa membuka permohonan ini lagi. Kode permohonan diganti: yang lama tidak berlaku, dan kode baru ditunjukkan kepada Anda.'
        }</p>${form({ action: `/lacak/${number}/kuasa/cabut`, hidden: { kuasa: one.id }, body: buttons(button(mine ? 'Ya, akhiri' : 'Ya, cabut', { kind: 'danger' })) })}`,
      )
    }</li>`;
  };
  return show(
    c,
    {
      title: 'Kuasa',
      back: { text: `${service.name} ${number}`, href: `/lacak/${number}` },
      error: errors.length > 0,
      body: html`${errorSummary(errors)}${shown.done ?? html`<h1>Kuasa</h1>${lead('Kuasa berarti orang lain boleh mengurus permohonan ini untuk pemiliknya, selama waktu tertentu.')}`}<h2>Yang tercatat</h2>${
        mandates.length > 0
          ? html`<ul class="cards">${mandates.map(line)}</ul>`
          : html`<p>Belum ada kuasa pada permohonan ini.</p>`
      }${own ? null : giveForm(open, shown.typed ?? {}, errors)}`,
    },
    errors.length > 0 ? 422 : 200,
  );
}

/** Officers are no helpers of one's own choice. */
const OFFERED = RELATIONS.filter((relation) => relation !== 'officer');

function giveForm({ ctx, dossier }: Held, typed: Record<string, string>, errors: Shown['errors'] & {}): Content {
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  const body = form({
    action: `/lacak/${dossier.number}/kuasa`,
    hidden: { perintah: typed.perintah && isId(typed.perintah) ? typed.perintah : newId(ctx.now) },
    body: html`${textField({ name: 'nama', label: 'Nama orang yang membantu Anda', value: typed.nama, error: at('nama'), autocomplete: 'off', autocapitalize: 'words' })}${radios({ name: 'hubungan', label: 'Ia siapa Anda?', value: typed.hubungan, error: at('hubungan'), options: OFFERED.map((value) => ({ value, text: RELATION_WORDS[value] })) })}${textField({ name: 'hari', label: 'Berlaku berapa hari?', hint: `Paling lama ${MOST_DAYS} hari. Bisa dicabut kapan saja.`, length: 3, suffix: 'hari', inputmode: 'numeric', value: typed.hari ?? String(DEFAULT_DAYS), error: at('hari'), autocomplete: 'off' })}${buttons(button('Beri kuasa'))}`,
  });
  return html`<h2>Minta bantuan orang lain</h2><p>Ia mendapat kode sendiri. Jangan berikan kode Anda.</p>${errors.length > 0 ? body : details('Beri kuasa', body)}`;
}

export async function postMandate(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { dossier } = open;
  const { typed } = await readPost(c);
  if (agentOf(open))
    throw new Problem(PROBLEMS.forbidden, 'Penerima kuasa tidak dapat memberi kuasa lagi. Minta pemilik permohonan.');
  const ctx = commandOf(open.ctx, typed.perintah);
  const agentName = readName(typed.nama ?? '');
  const relation = typed.hubungan ?? '';
  const days = /^\s*\d{1,4}\s*$/.test(typed.hari ?? '') ? Number(typed.hari) : Number.NaN;
  const ends = endOf(ctx.now, days, zone(ctx));
  const errors = [
    ...(agentName ? [] : [{ path: 'nama', message: 'Tulis nama orang yang membantu Anda.' }]),
    ...(isRelation(relation) && relation !== 'officer' ? [] : [{ path: 'hubungan', message: 'Pilih ia siapa Anda.' }]),
    ...(ends ? [] : [{ path: 'hari', message: `Tulis angka dari 1 sampai ${MOST_DAYS}.` }]),
  ];
  if (!agentName || !isRelation(relation) || !ends || errors.length > 0)
    return showMandates(c, open, { typed, errors });
  const id = await giveMandate(ctx, {
    application: dossier.application.id,
    origin: 'given',
    relation,
    principal: dossier.name,
    agentName,
    ends,
  });
  return showMandates(c, open, {
    done: panel({
      title: 'Kuasa diberikan',
      number: trackCode(ctx.keys, id),
      numberLabel: `Kode untuk ${agentName}`,
      body: html`<p>Berikan nomor ${dossier.number} dan kode ini kepadanya. Kode ini hanya ditunjukkan sekarang, dan berlaku sampai ${until(ctx, { ends })}.</p>${printHint()}`,
    }),
  });
}

export async function postRevoke(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const { typed } = await readPost(c);
  const { id: application } = dossier.application;
  const own = agentOf(open);
  const mandate = isId(typed.kuasa ?? '') ? await getMandate(ctx, typed.kuasa ?? '') : undefined;
  if (mandate?.application !== application)
    throw new Problem(PROBLEMS.notFound, 'Kuasa ini tidak ada pada permohonan ini.');
  if (own && own !== mandate.id)
    throw new Problem(PROBLEMS.forbidden, 'Anda hanya dapat mengakhiri kuasa Anda sendiri.');
  const was = await codeOf(ctx, application);
  const code = await revoke(ctx, mandate, own ? 'agent' : 'principal');
  if (own)
    return show(c, {
      title: 'Kuasa diakhiri',
      body: html`<h1>Kuasa diakhiri</h1>${lead(`Anda tidak lagi mengurus permohonan ${dossier.number}. Pemiliknya tetap dapat membukanya.`)}${buttons(linkButton('Ke halaman depan', '/'))}`,
    });
  if (code === was) return c.redirect(`/lacak/${dossier.number}/kuasa`, 303);
  // who revoked goes on with the new code; every other browser and account that had the old one is shut out
  if (ctx.actor.kind === 'resident' && ctx.actor.account)
    await keepHolding(ctx, { application, how: 'code', via: code });
  else holdApplication(c, ctx, { application, via: code });
  return showMandates(c, open, {
    done: panel({
      title: 'Kuasa dicabut',
      number: trackCode(ctx.keys, code),
      numberLabel: 'Kode baru permohonan ini',
      body: html`<p>Catat atau foto: kode lama tidak berlaku lagi. Nomornya tetap ${dossier.number}.</p>${printHint()}`,
    }),
  });
}
