// The pages that ask: one question, or the few that are one question; and the list of people of a repeated step.
import { html } from 'hono/html';
import type { Ctx } from '#platform/context.ts';
import { Problem } from '#platform/problem.ts';
import { findVillage, ownVillages, searchVillages } from '#src/areas/actions.ts';
import type { Issue } from '#src/catalogue/form.ts';
import { formatAnswer } from '#src/catalogue/input.ts';
import type { Field } from '#src/catalogue/service.ts';
import { button, buttons, lead, notice } from '#ui/components.ts';
import { form, radios } from '#ui/fields.ts';
import type { Content } from '#ui/html.ts';
import { summaryList } from '#ui/lists.ts';
import { readPost, type Web } from '../../pages/site.ts';
import { kinds } from '../../problems.ts';
import { saveDraft, villageCheck } from '../actions.ts';
import {
  after,
  type FieldsPage,
  findPage,
  itemsOf,
  judge,
  type ListPage,
  merge,
  nextGap,
  pagesOf,
  removeItem,
} from '../draft.ts';
import { type Places, question } from '../questions.ts';
import { readFields, type Typed, typeAnswers } from '../reading.ts';
import { gapsNow, type Opened, opened, showStep } from './opened.ts';

export async function getStep(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const page = pageOrUndefined(open, c.req.param('step') ?? '');
  if (!page) {
    // a step that no longer concerns this person is no error; one that never was is
    if (!open.draft.service.form.some((step) => (c.req.param('step') ?? '').split('.')[0] === step.id))
      throw new Problem(kinds.noSuchStep);
    return c.redirect(`${open.base}/${nextGap(await gapsNow(open, open.draft.content))}`, 303);
  }
  const fromCheck = c.req.query('dari') === 'periksa';
  if (page.kind === 'list') return showList(c, open, page, { fromCheck });
  const answers =
    page.item === undefined
      ? open.draft.content.answers
      : (itemsOf(open.draft.content.answers, page.step)[page.item] ?? {});
  return showFields(c, open, page, { typed: typeAnswers(page.fields, answers), fromCheck });
}

export async function postStep(c: Web): Promise<Response> {
  const open = await opened(c);
  if (open instanceof Response) return open;
  const page = pageOrUndefined(open, c.req.param('step') ?? '');
  if (!page) throw new Problem(kinds.noSuchStep);
  const { typed } = await readPost(c);
  return page.kind === 'list' ? postList(c, open, page, typed) : postFields(c, open, page, typed);
}

function pageOrUndefined({ draft, today }: Opened, path: string): FieldsPage | ListPage | undefined {
  const page = findPage(draft.service, draft.content, today, path);
  return page?.kind === 'fields' || page?.kind === 'list' ? page : undefined;
}

async function postFields(c: Web, open: Opened, page: FieldsPage, typed: Typed): Promise<Response> {
  const { ctx, draft, today } = open;
  const fromCheck = typed.dari === 'periksa';
  const place = page.fields.find(([, field]) => field.format === 'village')?.[0];
  if (place && stillLooking(place, typed)) {
    const places = await findPlaces(ctx, place, typed);
    const nothing =
      typed.aksi === 'kecamatan'
        ? 'Pilih kecamatannya dulu.'
        : typed[`${place}.q`]?.trim()
          ? 'Tidak ada desa atau kelurahan dengan nama itu. Periksa ejaannya, atau pilih lewat kecamatan.'
          : 'Tulis nama desa atau kelurahan, lalu tekan Cari.';
    const skip = page.step.optional?.includes(place) && !typed.aksi?.startsWith('c') && !typed[`${place}.q`]?.trim();
    if (!skip) {
      delete typed[place];
      return showFields(c, open, page, {
        typed,
        fromCheck,
        places,
        issues: places.found.length > 0 ? [] : [{ path: place, field: place, message: nothing }],
      });
    }
  }
  const read = readFields(page.fields, typed);
  const merged = merge(draft.content.answers, page, read.answers);
  const judged = judge(draft.service, page, merged, today, await villageCheck(ctx, draft.service, merged));
  const issues = page.fields.flatMap(
    ([id]) => read.issues.find((one) => one.path === id) ?? judged.issues.find((one) => one.path === id) ?? [],
  );
  const sure = judged.warnings.map((one) => one.message).join('|');
  if (issues.length > 0) return showFields(c, open, page, { typed, fromCheck, issues });
  if (judged.warnings.length > 0 && typed.yakin !== sure)
    return showFields(c, open, page, { typed, fromCheck, warnings: judged.warnings, sure });

  const content = await saveDraft(ctx, draft, (now) => ({ ...now, answers: merge(now.answers, page, read.answers) }));
  return c.redirect(`${open.base}/${await nextPath(open, content, page.path, fromCheck)}`, 303);
}

export async function nextPath(
  open: Opened,
  content: Opened['draft']['content'],
  path: string,
  fromCheck: boolean,
): Promise<string> {
  if (content.sent) return 'periksa';
  if (fromCheck) return nextGap(await gapsNow(open, content));
  return after(pagesOf(open.draft.service, content, open.today), path);
}

// Enter presses the search button also when a place is already chosen and nothing new was typed: then it means "go on"
function stillLooking(place: string, typed: Typed): boolean {
  const same = typed[`${place}.q`] === typed[`${place}.dulu`];
  if (typed.aksi === 'kecamatan') return true;
  if (typed.aksi === 'cari') return !(typed[place] && same);
  return !typed[place];
}

async function findPlaces(ctx: Ctx, place: string, typed: Typed): Promise<Places> {
  const districts = await districtOptions(ctx);
  if (typed.aksi === 'kecamatan') {
    const district = typed[`${place}.kec`] ?? '';
    const found = [...(await ownVillages(ctx)).values()].filter(
      (one) => one.code.startsWith(`${district}.`) && district !== '',
    );
    return { found, searched: true, districts, district };
  }
  return { found: await searchVillages(ctx, (typed[`${place}.q`] ?? '').slice(0, 100)), searched: true, districts };
}

async function districtOptions(ctx: Ctx) {
  const districts = new Map([...(await ownVillages(ctx)).values()].map((one) => [one.code.slice(0, 8), one.district]));
  return [...districts].map(([value, text]) => ({ value, text })).sort((a, b) => a.text.localeCompare(b.text, 'id'));
}

type Shown = { typed: Typed; fromCheck: boolean; issues?: Issue[]; warnings?: Issue[]; sure?: string; places?: Places };

async function showFields(c: Web, open: Opened, page: FieldsPage, shown: Shown): Promise<Response> {
  const { ctx, draft, base } = open;
  const { typed, issues = [], warnings = [] } = shown;
  const place = page.fields.find(([, field]) => field.format === 'village')?.[0];
  const places = place ? (shown.places ?? (await chosenPlace(ctx, typed[place]))) : undefined;
  const alone = page.fields.length === 1 && page.item === undefined;
  const asked = page.fields.map(([name, field]) =>
    question({
      name,
      field,
      typed,
      heading: alone,
      optional: page.step.optional?.includes(name) ?? false,
      error: issues.find((one) => one.path === name)?.message,
      autocomplete: autocompleteOf(draft.service.applicant, name),
      ...(places && { places }),
    }),
  );
  const title = alone ? (page.fields[0]?.[1].title ?? '') : page.item === undefined ? page.step.title : itemTitle(page);
  const heading: Content = alone
    ? null
    : html`${page.item !== undefined && html`<p class="small">${page.step.title}</p>`}<h1>${title}</h1>${page.step.description && page.first && lead(page.step.description)}`;
  const go =
    warnings.length > 0
      ? [
          button('Sudah benar, lanjutkan', { name: 'yakin', value: shown.sure ?? '' }),
          button('Periksa ulang', { kind: 'secondary' }),
        ]
      : [button('Lanjutkan')];
  return showStep(c, open, page, {
    title,
    fromCheck: shown.fromCheck,
    errors: issues,
    body: html`${warnings.length > 0 && lookAgain(warnings, page.fields)}${form({
      action: `${base}/${page.path}`,
      hidden: {
        ...(shown.fromCheck && { dari: 'periksa' }),
        ...(place && typed[`${place}.q`] && { [`${place}.dulu`]: typed[`${place}.q`] ?? '' }),
      },
      body: html`${heading}${asked}${buttons(...go)}`,
    })}`,
  });
}

function lookAgain(warnings: Issue[], fields: [string, Field][]): Content {
  const titleOf = (id: string) => fields.find(([one]) => one === id)?.[1].title;
  return notice({
    tone: 'warning',
    title: 'Periksa lagi',
    body: html`<ul>${warnings.map((one) => html`<li>${titleOf(one.field)}: ${one.message}</li>`)}</ul><p>Bila memang begitu di dokumen Anda, tekan “Sudah benar, lanjutkan”.</p>`,
  });
}

async function chosenPlace(ctx: Ctx, code: string | undefined): Promise<Places> {
  const place = code ? await findVillage(ctx, code) : undefined;
  return { found: place ? [place] : [], searched: false, districts: await districtOptions(ctx) };
}

const autocompleteOf = (applicant: { name: string; phone?: string }, name: string): string | undefined =>
  name === applicant.name ? 'name' : name === applicant.phone ? 'tel' : undefined;

function itemTitle({ step, item = 0 }: FieldsPage): string {
  const { repeat } = step;
  return `${repeat?.item ?? step.title} ${item + 1}${repeat && repeat.min === repeat.max ? ` dari ${repeat.max}` : ''}`;
}

async function showList(
  c: Web,
  open: Opened,
  page: ListPage,
  shown: { fromCheck: boolean; error?: string },
): Promise<Response> {
  const { draft, base } = open;
  const { step } = page;
  const items = itemsOf(draft.content.answers, step);
  const { item: word, max } = step.repeat ?? { item: step.title, max: 1 };
  const more = items.length < max;
  const from = shown.fromCheck ? '?dari=periksa' : '';
  const rows = items.map((item, i) => {
    const name =
      Object.entries(step.properties)
        .map(([id, field]) => formatAnswer(field, item[id]))
        .find(Boolean) ?? '';
    return {
      key: `${word} ${i + 1}`,
      value: name,
      change: `${base}/${step.id}.${i + 1}${from}`,
      what: `${word.toLowerCase()} ${i + 1}`,
    };
  });
  const body = html`<h1>${step.title}</h1>${
    items.length > 0
      ? html`${summaryList(rows)}${form({
          action: `${base}/${page.path}`,
          hidden: shown.fromCheck ? { dari: 'periksa' } : {},
          body: buttons(
            ...items.map((_, i) =>
              button(`Hapus ${word.toLowerCase()} ${i + 1}`, {
                kind: 'secondary',
                name: 'hapus',
                value: String(i + 1),
              }),
            ),
          ),
        })}`
      : null
  }${form({
    action: `${base}/${page.path}`,
    hidden: shown.fromCheck ? { dari: 'periksa' } : {},
    body: html`${
      more
        ? radios({
            name: 'lagi',
            label: `Ada ${word.toLowerCase()} lain?`,
            inline: true,
            error: shown.error,
            options: [
              { value: 'ya', text: 'Ya' },
              { value: 'tidak', text: 'Tidak' },
            ],
          })
        : html`<p>Sudah ${max}, tidak bisa ditambah lagi.</p>`
    }${buttons(button('Lanjutkan'))}`,
  })}`;
  return showStep(c, open, page, {
    title: step.title,
    body,
    fromCheck: shown.fromCheck,
    errors: shown.error ? [{ path: 'lagi', message: shown.error }] : [],
  });
}

async function postList(c: Web, open: Opened, page: ListPage, typed: Typed): Promise<Response> {
  const { draft, base, ctx } = open;
  const { step } = page;
  const items = itemsOf(draft.content.answers, step);
  const fromCheck = typed.dari === 'periksa';
  if (typed.hapus) {
    const at = Number(typed.hapus) - 1;
    await saveDraft(ctx, draft, (now) => ({ ...now, answers: removeItem(now.answers, step, at) }));
    return c.redirect(`${base}/${step.id}${fromCheck ? '?dari=periksa' : ''}`, 303);
  }
  const full = items.length >= (step.repeat?.max ?? 1);
  if (!full && typed.lagi !== 'ya' && typed.lagi !== 'tidak')
    return showList(c, open, page, { fromCheck, error: 'Pilih dulu: ada lagi atau tidak.' });
  if (typed.lagi === 'ya' && !full)
    return c.redirect(`${base}/${step.id}.${items.length + 1}${fromCheck ? '?dari=periksa' : ''}`, 303);
  return c.redirect(`${base}/${await nextPath(open, draft.content, page.path, fromCheck)}`, 303);
}
