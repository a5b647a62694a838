// Mending what an officer asked for: only those questions and documents, sent back in one go.
import { html } from 'hono/html';
import { localDate } from '#platform/calendar.ts';
import { acceptUpload } from '#platform/files.ts';
import { guard } from '#platform/http.ts';
import { isId, newId } from '#platform/ids.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { actOnApplication } from '#src/applications/actions.ts';
import { findVillage, ownVillages, searchVillages } from '#src/areas/actions.ts';
import { button, buttons, notice } from '#ui/components.ts';
import { errorSummary, fileField, form, radios } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { villageCheck } from '../../draft/actions.ts';
import { ACCEPT } from '../../draft/pages/documents.ts';
import { type Places, question } from '../../draft/questions.ts';
import type { Typed } from '../../draft/reading.ts';
import { type Posted, readPost, show, type Web } from '../../pages/site.ts';
import { readReopened, reasked, reopened, typeReopened } from '../correction.ts';
import { commandOf, overtaken } from './act.ts';
import { type Held, held } from './held.ts';

/** A file that arrived with this or an earlier try of the same form. */
type Arrived = { file: string; name: string; requirement: string };
type Fault = { path: string; message: string };

export async function getMend(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  if (!resubmitOf(open)) return c.redirect(`/lacak/${open.dossier.number}`, 303);
  const { dossier } = open;
  return showMend(c, open, { typed: typeReopened(groupsOf(open), dossier.answers), arrived: [] });
}

const resubmitOf = ({ dossier }: Held) => dossier.actions.find(([, action]) => action.kind === 'resubmit')?.[0];
const dayOf = ({ ctx, dossier }: Held) => localDate(ctx.calendar, new Date(dossier.application.submittedAt));
const groupsOf = (open: Held) =>
  reopened(open.dossier.service, open.dossier.application, open.dossier.answers, dayOf(open));

export async function postMend(c: Web): Promise<Response> {
  const open = await held(c);
  if (open instanceof Response) return open;
  const { ctx, dossier } = open;
  const { service, application, number } = dossier;
  const posted = await readPost(c);
  const { typed } = posted;
  const action = resubmitOf(open);
  if (!action) return c.redirect(`/lacak/${number}`, 303);

  const { arrived, faults } = await takeArrived(c, open, posted);
  const groups = groupsOf(open);
  const places = await placesOf(open, typed);
  if (places.turn) return showMend(c, open, { typed, arrived, places: places.found });
  const read = readReopened(
    service,
    groups,
    dossier.answers,
    typed,
    dayOf(open),
    await villageCheck(ctx, service, { ...dossier.answers, ...villagesIn(groups, typed) }),
  );
  const wanted = reasked(service, application, { ...dossier.answers, ...read.changes }, dayOf(open));
  for (const { requirement, options } of wanted) {
    if (faults.some((one) => one.path === `berkas.${requirement.id}`)) continue;
    if (!arrived.some((one) => one.requirement === requirement.id))
      faults.push({ path: `berkas.${requirement.id}`, message: `Unggah lagi: ${options[0]?.name}.` });
  }
  const errors = [
    ...read.issues.map(({ path, message }) => ({ path, message })),
    ...faults,
    ...(read.issues.length === 0 ? read.elsewhere.map(({ message }) => ({ path: '', message })) : []),
  ];
  if (errors.length > 0) return showMend(c, open, { typed, arrived, errors, places: places.found });
  const sure = read.warnings.map((one) => one.message).join('|');
  if (sure && typed.yakin !== sure)
    return showMend(c, open, { typed, arrived, warnings: read.warnings, sure, places: places.found });

  try {
    await actOnApplication(commandOf(ctx, typed.perintah), number, {
      action,
      from: application.state,
      answers: read.changes,
      owners: [application.id],
      documents: arrived
        .filter((one) => wanted.some(({ requirement }) => requirement.id === one.requirement))
        .map((one) => ({
          file: one.file,
          requirement: one.requirement,
          ...(typed[`pilihan.${one.requirement}`] && { option: typed[`pilihan.${one.requirement}`] }),
        })),
    });
  } catch (error) {
    if (error instanceof Problem && error.kind.code === PROBLEMS.invalid.code) {
      return showMend(c, open, {
        typed,
        arrived,
        errors: error.errors.map((one) => ({ path: one.path.replace(/^answers\./, ''), message: one.message })),
      });
    }
    if (!overtaken(error)) throw error;
  }
  return c.redirect(`/lacak/${number}`, 303);
}

const villagesIn = (groups: ReturnType<typeof groupsOf>, typed: Typed) =>
  Object.fromEntries(
    groups.flatMap(({ fields, prefix }) =>
      fields.filter(([, field]) => field.format === 'village').map(([id]) => [id, typed[prefix + id]]),
    ),
  );

/** A browser forgets chosen files when a form comes back; so they are stored at once and the form carries their ids. */
async function takeArrived(
  c: Web,
  { ctx, dossier }: Held,
  { typed, files }: Posted,
): Promise<{ arrived: Arrived[]; faults: Fault[] }> {
  const arrived: Arrived[] = [];
  const faults: Fault[] = [];
  for (const requirement of dossier.application.correction?.requirements ?? []) {
    const path = `berkas.${requirement}`;
    const sent = files(path);
    for (const file of sent.slice(0, 10)) {
      guard(c, ctx, 'upload');
      try {
        const name = file.name.slice(-120) || 'foto';
        const stored = await acceptUpload(ctx, {
          owner: dossier.application.id,
          name,
          bytes: Buffer.from(await file.arrayBuffer()),
        });
        arrived.push({ file: stored.id, name, requirement });
      } catch (error) {
        if (!(error instanceof Problem) || error.kind.status >= 500) throw error;
        faults.push({ path, message: error.message });
      }
    }
    if (sent.length > 0) continue;
    for (const line of (typed[`ada.${requirement}`] ?? '').split('\n').filter(Boolean).slice(0, 10)) {
      const [file = '', name = ''] = line.split(' ', 2).map((part, i) => (i === 0 ? part : decodeURIComponent(part)));
      if (isId(file)) arrived.push({ file, name, requirement });
    }
  }
  return { arrived, faults };
}

/** One place may be asked again; looking it up is a turn of its own that keeps everything else. */
async function placesOf(open: Held, typed: Typed): Promise<{ turn: boolean; found?: Places }> {
  const place = placeIn(open);
  if (!place) return { turn: false };
  const own = [...(await ownVillages(open.ctx)).values()];
  const districts = [...new Map(own.map((one) => [one.code.slice(0, 8), one.district]))].map(([value, text]) => ({
    value,
    text,
  }));
  const district = typed[`${place}.kec`];
  if (typed.aksi === 'kecamatan')
    return {
      turn: true,
      found: {
        found: own.filter((one) => district && one.code.startsWith(`${district}.`)),
        searched: true,
        districts,
        district,
      },
    };
  if (typed.aksi === 'cari' || (!typed[place] && typed[`${place}.q`]?.trim()))
    return {
      turn: true,
      found: {
        found: await searchVillages(open.ctx, (typed[`${place}.q`] ?? '').slice(0, 100)),
        searched: true,
        districts,
      },
    };
  const chosen = typed[place] ? await findVillage(open.ctx, typed[place]) : undefined;
  return { turn: false, found: { found: chosen ? [chosen] : [], searched: false, districts } };
}

const placeIn = (open: Held) =>
  groupsOf(open)
    .flatMap(({ fields, prefix }) => fields.map(([id, field]) => ({ name: prefix + id, field })))
    .find(({ field }) => field.format === 'village')?.name;

type Shown = {
  typed: Typed;
  arrived: Arrived[];
  errors?: Fault[];
  warnings?: Fault[];
  sure?: string;
  places?: Places | undefined;
};

async function showMend(c: Web, open: Held, shown: Shown): Promise<Response> {
  const { ctx, dossier } = open;
  const { number, service, application } = dossier;
  const { typed, errors = [], warnings = [] } = shown;
  const at = (path: string) => errors.find((one) => one.path === path)?.message;
  const places = shown.places ?? (await placesOf(open, typed)).found;
  const note = dossier.moments.findLast((moment) => moment.type === 'application.returned')?.note;
  const questions = groupsOf(open).map(
    ({ step, fields, prefix, title }) =>
      html`<h2>${title}</h2>${fields.map(([id, field]) =>
        question({
          name: prefix + id,
          field,
          typed,
          error: at(prefix + id),
          optional: step.optional?.includes(id) ?? false,
          ...(places && field.format === 'village' && { places }),
        }),
      )}`,
  );
  const documents = reasked(service, application, dossier.answers, dayOf(open)).map(
    ({ requirement, options }): Content => {
      const mine = shown.arrived.filter((one) => one.requirement === requirement.id);
      const name = `berkas.${requirement.id}`;
      return html`<h2>${options.length > 1 ? 'Berkas' : options[0]?.name}</h2>${options.length > 1 && radios({ name: `pilihan.${requirement.id}`, label: 'Dokumen mana yang Anda pakai?', value: typed[`pilihan.${requirement.id}`] ?? options[0]?.id, options: options.map((one) => ({ value: one.id, text: one.name })) })}${mine.length > 0 && html`<textarea hidden name="ada.${requirement.id}">${mine.map((one) => `${one.file} ${encodeURIComponent(one.name)}`).join('\n')}</textarea>`}${fileField(
        {
          name,
          label: 'Foto atau PDF yang baru',
          camera: true,
          multiple: true,
          accept: ACCEPT,
          error: at(name),
          hint: 'Seluruh lembar terlihat dan terbaca. Paling besar 10 MB.',
          ...(mine.length > 0 && { current: mine.map((one) => one.name).join(', ') }),
        },
      )}`;
    },
  );
  return show(
    c,
    {
      title: 'Perbaiki permohonan',
      back: `/lacak/${number}`,
      error: errors.length > 0,
      body: html`${errorSummary(errors)}<h1>Perbaiki permohonan</h1><p>${service.name}, ${number}</p>${note && notice({ title: 'Pesan petugas', body: html`<p>“${note}”</p>` })}${warnings.length > 0 && notice({ tone: 'warning', title: 'Periksa lagi', body: html`<ul>${warnings.map((one) => html`<li>${one.message}</li>`)}</ul>` })}${form(
        {
          action: `/lacak/${number}/perbaiki`,
          multipart: true,
          hidden: { perintah: typed.perintah && isId(typed.perintah) ? typed.perintah : newId(ctx.now) },
          body: html`${questions}${documents}${buttons(warnings.length > 0 ? [button('Sudah benar, kirim', { name: 'yakin', value: shown.sure ?? '' }), button('Periksa ulang', { kind: 'secondary' })] : button('Kirim perbaikan'))}`,
        },
      )}`,
    },
    errors.length > 0 ? 422 : 200,
  );
}
