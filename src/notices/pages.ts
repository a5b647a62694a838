// The news of one case: for its holder the messages with their words, for officers another try of a failed one.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { isId, parseNumber } from '#platform/ids.ts';
import type { Env } from '#platform/modules.ts';
import { PROBLEMS, Problem } from '#platform/problem.ts';
import { letter } from '#src/messages/letter.ts';
import { CHANNEL_WORDS, fateOf } from '#src/messages/text.ts';
import { emptyState, tag } from '#ui/components.ts';
import { page } from '#ui/layout.ts';
import { readNews, resendNews } from './actions.ts';

type Request = Context<Env>;

export function noticePages(app: Hono<Env>): void {
  app.get('/lacak/:number/pesan', getNews);
  app.post('/kerja/:number/pesan/:message/ulang', postResend);
}

async function getNews(c: Request): Promise<Response> {
  const ctx = c.get('ctx');
  const { number, messages } = await readNews(ctx, c.req.param('number') ?? '');
  const offset = ctx.calendar.offsetMinutes;
  return c.html(
    page({
      title: `Pesan tentang ${number}`,
      area: 'resident',
      back: { text: 'Permohonan ini', href: `/lacak/${number}` },
      banner: ctx.config.mode === 'demo',
      body: html`<p class="small">${number}</p><h1>Pesan tentang permohonan ini</h1>${
        messages.length === 0
          ? emptyState({
              title: 'Belum ada pesan',
              body: html`<p>Setiap kabar yang kami kirim ke telepon atau surel Anda juga tampak di sini.</p>`,
            })
          : messages.map((one) => {
              const { text, tone } = fateOf(one);
              return html`${letter({ ...one, readAt: one.createdAt }, ctx.config.publicUrl, offset)}<p class="small">${tag(text, tone)}${one.channel && one.channel !== 'inbox' && html` ${CHANNEL_WORDS[one.channel]} ${one.masked}`}</p>`;
            })
      }`,
    }),
  );
}

async function postResend(c: Request): Promise<Response> {
  const number = parseNumber(c.req.param('number') ?? '');
  const message = c.req.param('message') ?? '';
  if (!number || !isId(message)) throw new Problem(PROBLEMS.notFound);
  await resendNews(c.get('ctx'), number, message.toLowerCase());
  return c.redirect(`/kerja/${number}#pesan`, 303);
}
