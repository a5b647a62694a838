// One case on one screen: who and by when on top, what was said and brought on the left, what to do on the right. Pure.
import { html } from 'hono/html';
import { type Calendar, formatDuration, localDate } from '#platform/calendar.ts';
import type { Actor } from '#platform/context.ts';
import type { Dossier, Moment } from '#src/applications/dossier/actions.ts';
import type { Twin } from '#src/applications/duplicates/actions.ts';
import { channelWords } from '#src/applications/text.ts';
import type { Catalogue } from '#src/catalogue/actions.ts';
import { roleName } from '#src/catalogue/roles.ts';
import type { IssuedDocument } from '#src/documents/actions.ts';
import type { Mandate } from '#src/identity/mandates/mandate.ts';
import type { MessageLine } from '#src/messages/actions.ts';
import { may } from '#src/rights.ts';
import { details, notice, split, tag } from '#ui/components.ts';
import { errorSummary } from '#ui/fields.ts';
import { formatDateTime, formatList, formatShortDate, formatTime } from '#ui/format.ts';
import { type Content, type Html, hidden } from '#ui/html.ts';
import { deadlineOf } from '../deadline.ts';
import { deadline, statusTag } from '../lists.ts';
import type { Sentence } from '../sentences/actions.ts';
import { fieldName, purposeName, requirementName, sentenceOf, stateName } from '../text.ts';
import { type AnswerStep, mendable, readAnswers } from './answers.ts';
import { type AssignSetting, assignForms, takenLine } from './assign.ts';
import { pausesOf } from './clock.ts';
import { doublesBanner } from './doubles.ts';
import {
  actionForms,
  answerForms,
  askForm,
  type FormSetting,
  noteForm,
  pressForm,
  revealForm,
  type Typed,
} from './forms.ts';
import { mandateLines } from './mandates.ts';
import { issuedList, papers } from './papers.ts';
import { told } from './told.ts';

export type CaseSetting = {
  dossier: Dossier;
  documents: IssuedDocument[];
  /** Who acts for the applicant, also once. */
  mandates: Mandate[];
  /** What the applicant was told. */
  messages: MessageLine[];
  catalogue: Catalogue;
  calendar: Calendar;
  now: Date;
  actor: Extract<Actor, { kind: 'officer' }>;
  placeName: string;
  villageName: (code: string) => string | undefined;
  commandId: () => string;
  /** The purpose for which the full numbers are shown on this page. */
  revealed?: string | undefined;
  typed?: Typed | undefined;
  /** The case moved on while the officer was writing. */
  overtaken?: string | undefined;
  done?: Content;
  /** The task on the reader's own desk. */
  own: Dossier['tasks'][number] | undefined;
  assignable: AssignSetting['assignable'];
  officerName: (id: string) => string;
  twins: readonly Twin[];
  sentences: readonly Sentence[];
};

export function caseView(setting: CaseSetting): Html {
  const { dossier, catalogue, calendar, actor, typed } = setting;
  const path = `/kerja/${dossier.number}`;
  const agencyName = (id: string) => catalogue.agencies.get(id)?.short ?? id;
  const submitted = localDate(calendar, new Date(dossier.application.submittedAt));
  const steps = readAnswers(dossier.service, dossier.answers, {
    today: submitted,
    villageName: setting.villageName,
    open: setting.revealed !== undefined,
  });
  const own = setting.own;
  const forms: FormSetting = {
    path,
    dossier,
    typed,
    commandId: setting.commandId,
    mendable: mendable(dossier.service, dossier.answers, submitted),
    sentences: setting.sentences,
    place: own && `${own.dueAt.getTime()}.${own.id}`,
  };
  const left = html`${dossier.erased && notice({ body: html`<p><b>(dimusnahkan)</b> Isi permohonan ini sudah dimusnahkan menurut masa simpan atau atas permintaan pemilik data. Riwayatnya tetap.</p>` })}${mandateLines(setting, agencyName)}${mended(dossier)}${!dossier.erased && answersBlock(steps, setting, forms)}<section><h2>Berkas</h2>${papers(path, dossier)}</section>`;
  const right = html`<div id="kerjakan"></div>${work(setting, forms, agencyName)}${issued(setting, path)}${told(path, setting.messages, calendar.offsetMinutes, may(actor, 'message.resend', { application: { id: dossier.application.id, agency: dossier.application.agency, village: dossier.application.village }, desks: dossier.tasks }).allowed)}<section><h2>Riwayat</h2>${history(setting, agencyName)}</section>`;
  return html`${setting.done}${setting.overtaken && overtaken(setting, agencyName)}${typed && errorSummary(summaryOf(typed))}${header(setting, own?.dueAt)}${doublesBanner({ path, twins: setting.twins, mayClear: mayNoteOn(setting), offset: calendar.offsetMinutes, commandId: setting.commandId })}${split(left, right, 'Tindakan dan riwayat')}`;
}

function summaryOf(typed: Typed): { path: string; message: string }[] {
  return Object.entries(typed.errors).map(([name, message]) => ({ path: `${typed.form}.${name}`, message }));
}

function header({ dossier, calendar, now, placeName }: CaseSetting, deskDue: Date | undefined): Html {
  const { application, service, stored, status } = dossier;
  const ended = application.endedAt !== undefined;
  const promised = formatDateTime(dossier.dueAt, calendar.offsetMinutes);
  const left = application.pausedAt
    ? html`<span class="time still">waktu berhenti, menunggu pemohon</span>`
    : ended
      ? html`<span class="time ${new Date(application.endedAt as string) > dossier.dueAt ? 'late' : 'ok'}">${new Date(application.endedAt as string) > dossier.dueAt ? 'selesai lewat janji' : 'selesai dalam janji'}</span>`
      : deadline(deadlineOf(calendar, now, dossier.dueAt));
  return html`<div class="casehead"><div><h1>${dossier.name} ${statusTag(status)}${stored.simulated && html` ${tag('data simulasi', 'quiet')}`}</h1><p><b>${service.name}</b> · <span class="no">${dossier.number}</span>${
    stored.registerNo !== null && html` · register ${stored.registerNo}/${stored.registerYear}`
  } · ${placeName} · ${channelWords(application.channel).toLowerCase()} · versi ${application.version}</p></div><div class="clock"><p>Janji: ${left}</p>${
    deskDue && !ended && html`<p>Meja Anda: ${deadline(deadlineOf(calendar, now, deskDue))}</p>`
  }${details('Perhitungan waktu', html`${clock(dossier, calendar, now)}<p>${application.pausedAt ? 'Batas semula' : 'Dijanjikan selesai'} ${promised}.</p>`)}</div>${dossier.actions.length + dossier.opinions.length > 0 && html`<p class="jump"><a href="#kerjakan">Ke tindakan</a></p>`}</div>`;
}

function clock(dossier: Dossier, calendar: Calendar, now: Date): Html {
  const { service, application } = dossier;
  const pauses = pausesOf(service, calendar, dossier.moments, now);
  return html`<p>Diajukan ${formatDateTime(application.submittedAt, calendar.offsetMinutes)}, dengan janji ${formatDuration(service.workflow.promise)}.</p>${
    pauses.length > 0 &&
    html`<ul>${pauses.map((pause) => html`<li>Menunggu pemohon ${formatShortDate(pause.from, calendar.offsetMinutes)}–${pause.to ? formatShortDate(pause.to, calendar.offsetMinutes) : 'sekarang'}: ${pause.workingDays} hari kerja tidak dihitung</li>`)}</ul>`
  }`;
}

/** After a resubmission: what is new, so that only that is read again. */
function mended(dossier: Dossier): Content {
  const last = dossier.moments.findLast(
    (moment) =>
      moment.type !== 'application.taken' &&
      moment.type !== 'application.revealed' &&
      moment.type !== 'application.noted',
  );
  const changed = last?.type === 'application.resubmitted' ? (last.data.changed as string[]) : [];
  return (
    changed.length > 0 &&
    notice({
      body: html`<p>Diperbaiki pemohon: <b>${formatList(changed.map((id) => fieldName(dossier.service, id, requirementName(dossier.service, id))))}</b>. Selebihnya sama seperti yang sudah diperiksa.</p>`,
    })
  );
}

function answersBlock(steps: AnswerStep[], setting: CaseSetting, forms: FormSetting): Html {
  const anyClosed = steps.some((step) => step.items.some((item) => item.rows.some((row) => row.closed)));
  const changed = new Set(
    setting.dossier.moments
      .filter((moment) => moment.type === 'application.resubmitted')
      .flatMap((moment) => moment.data.changed as string[]),
  );
  const list = steps.map(
    (step) =>
      html`<h3>${step.title}</h3>${step.items.map(
        (item) =>
          html`${item.title && html`<p class="item">${item.title}</p>`}<dl class="answers">${item.rows.map(
            (row) =>
              html`<div><dt>${row.label}${
                changed.has(row.id) && html` <span class="tag done">baru</span>`
              }</dt><dd>${row.text === '' ? html`<span class="hint">–</span>` : row.closed ? html`<span class="no">${row.text}</span>` : row.text}${
                row.warning && html`<p class="doubt">${hidden('Perhatian: ')}${row.warning}</p>`
              }</dd></div>`,
          )}</dl>`,
      )}`,
  );
  return html`<section class="said">${
    setting.revealed !== undefined
      ? html`<h2>Isian</h2>${notice({ tone: 'warning', body: html`<p>Nomor lengkap sedang ditampilkan (${purposeName(setting.revealed).toLowerCase()}). Tercatat pukul ${formatTime(setting.now, setting.calendar.offsetMinutes)} atas nama Anda. <a href="/kerja/${setting.dossier.number}">Tutup lagi</a></p>` })}`
      : html`<div class="top"><h2>Isian</h2>${anyClosed && revealForm(forms)}</div>`
  }${list}</section>`;
}

function work(setting: CaseSetting, forms: FormSetting, agencyName: (id: string) => string): Html {
  const { dossier, actor } = setting;
  const { application } = dossier;
  const questions = questionsOf(dossier);
  const mayNote = mayNoteOn(setting);
  const assign: AssignSetting = {
    dossier,
    me: actor.id,
    own: setting.own,
    assignable: setting.assignable,
    nameOf: setting.officerName,
  };
  const asked = application.opinions.map(
    (opinion) =>
      html`<li>${agencyName(opinion.agency)} (${roleName(opinion.role).toLowerCase()}): ${
        opinion.answer === 'agree'
          ? tag('setuju', 'done')
          : opinion.answer === 'disagree'
            ? tag('tidak setuju', 'stopped')
            : tag('ditunggu', 'running')
      }${questions.get(opinion.id) && html`<p class="hint">${questions.get(opinion.id)}</p>`}${
        !opinion.answer &&
        opinion.asked === 'officer' &&
        dossier.mayConsult &&
        pressForm(forms, `pendapat/${opinion.id}/tarik`, 'Tarik kembali')
      }</li>`,
  );
  return html`${answerForms(forms, questions, agencyName)}<section><h2>Tindakan</h2>${takenLine(assign, forms)}${
    dossier.actions.length > 0
      ? actionForms(forms)
      : dossier.opinions.length === 0 &&
        html`<p>${whyNothing(setting, agencyName)} <a href="/kerja/${dossier.number}/hak">Hak Anda dan siapa yang boleh</a></p>`
  }</section>${asked.length > 0 && html`<section><h2>Pendapat instansi lain</h2><ul class="asks">${asked}</ul></section>`}${
    (mayNote || setting.assignable.length > 0) &&
    html`<div class="more-deeds">${assignForms(assign, forms)}${
      dossier.mayConsult &&
      application.endedAt === undefined &&
      askForm(
        forms,
        [...setting.catalogue.agencies.values()].filter(({ id }) => id !== actor.agency),
      )
    }${mayNote && noteForm(forms)}</div>`
  }`;
}

const mayNoteOn = ({ dossier, actor }: CaseSetting): boolean =>
  dossier.mayConsult || may(actor, 'application.note', { desks: dossier.tasks }).allowed;

/** The question of each opinion: the workflow's own, or what the officer wrote. */
function questionsOf(dossier: Dossier): Map<string, string> {
  const questions = new Map<string, string>();
  const rule = dossier.service.workflow.states[dossier.application.state]?.opinions;
  for (const ask of rule?.ask ?? []) questions.set(ask.id, ask.question);
  for (const moment of dossier.moments) {
    if (moment.type === 'application.consulted' && moment.note)
      questions.set((moment.data.opinion as { id: string }).id, moment.note);
  }
  return questions;
}

function whyNothing({ dossier, actor, calendar }: CaseSetting, agencyName: (id: string) => string): string {
  const { application, service, status, tasks } = dossier;
  if (application.endedAt)
    return `Berkas ini sudah berakhir (${stateName(service, application.state).toLowerCase()}) pada ${formatShortDate(application.endedAt, calendar.offsetMinutes)}.`;
  if (status === 'waiting-resident') {
    const asked = application.correction;
    const what = asked
      ? [
          ...asked.fields.map((id) => fieldName(service, id)),
          ...asked.requirements.map((id) => requirementName(service, id)),
        ]
      : [];
    return `Menunggu pemohon${what.length > 0 ? ` memperbaiki ${formatList(what)}` : ''}. Berkas kembali ke sini setelah dikirim.`;
  }
  const desks = [
    ...new Set(
      tasks
        .filter((task) => task.kind === 'work')
        .map((task) => `${roleName(task.role).toLowerCase()} ${agencyName(task.agency)}`),
    ),
  ];
  const verdict = may(actor, 'application.act', {
    application: { id: application.id, agency: application.agency, village: application.village },
    desks: tasks,
    by: tasks.map((task) => task.role),
  });
  return `Sekarang di meja ${formatList(desks)}: ${stateName(service, application.state).toLowerCase()}.${verdict.allowed ? '' : ` Anda dapat membaca, tidak menindak, karena ${verdict.because}.`}`;
}

function issued(setting: CaseSetting, path: string): Content {
  const { dossier, actor, typed } = setting;
  const { application } = dossier;
  const at = typed?.form.startsWith('cabut-') ? typed.form.slice(6) : undefined;
  const list = issuedList({
    path,
    dossier,
    documents: setting.documents,
    commandId: setting.commandId,
    offset: setting.calendar.offsetMinutes,
    at,
    error: typed?.errors.alasan,
    mayRevoke: may(actor, 'document.revoke', {
      application: { id: application.id, agency: application.agency, village: application.village },
    }).allowed,
  });
  return list && html`<section><h2>Dokumen terbit</h2>${list}</section>`;
}

function overtaken(setting: CaseSetting, agencyName: (id: string) => string): Html {
  const { dossier, calendar } = setting;
  // what moved the case is what matters; looking, taking and noting do not stand in anybody's way
  const last =
    dossier.moments.findLast(({ data }) => 'to' in data || 'moved' in data || 'opinion' in data) ??
    dossier.moments.at(-1);
  const kept = setting.typed?.values.catatan?.at(-1);
  return html`<div role="alert">${notice({
    tone: 'danger',
    title: 'Tindakan Anda belum tersimpan',
    body: html`<p>${setting.overtaken}</p>${last && html`<p>Yang terakhir terjadi, pukul ${formatTime(last.at, calendar.offsetMinutes)}: <b>${sentenceOf(last, { service: dossier.service, agencyName })}</b>, oleh ${last.own ? 'Anda sendiri di jendela lain' : last.who}.</p>`}${
      kept && html`<p>Yang Anda tulis:</p><blockquote>${kept}</blockquote>`
    }`,
  })}</div>`;
}

/** Newest first: what just happened is what an officer looks for. */
function history({ dossier, calendar, officerName }: CaseSetting, agencyName: (id: string) => string): Html {
  const line = (moment: Moment) => {
    const who = moment.own ? 'Anda' : moment.who;
    return html`<li><time datetime="${moment.at.toISOString()}">${formatShortDate(moment.at, calendar.offsetMinutes)} ${formatTime(moment.at, calendar.offsetMinutes)}</time><div><b>${sentenceOf(moment, { service: dossier.service, agencyName })}</b><p class="hint">${who[0]?.toUpperCase()}${who.slice(1)}${typeof moment.data.behalf === 'string' && `, menggantikan ${officerName(moment.data.behalf)}`}</p>${moment.note && html`<blockquote>${moment.note}</blockquote>`}</div></li>`;
  };
  return html`<ol class="history">${dossier.moments.toReversed().map(line)}</ol>`;
}
